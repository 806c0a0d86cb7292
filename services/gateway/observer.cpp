// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/observer.h"

#include <utility>

namespace shopfleet::gateway {
namespace {

const prometheus::Histogram::BucketBoundaries kBuckets{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

/// Labels must be few: what a client makes up is not one.
std::string methodLabel(const std::string& method)
{
    for (const char* known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
        if (method == known)
            return method;
    }
    return "OTHER";
}

} // namespace

Observer::Observer(prometheus::Registry& registry, Log log)
    : m_log(std::move(log))
    , m_requests(prometheus::BuildCounter()
                     .Name("http_requests_total")
                     .Help("HTTP requests answered")
                     .Register(registry))
    , m_durations(prometheus::BuildHistogram()
                      .Name("http_request_duration_seconds")
                      .Help("From the request's last byte to the answer's first")
                      .Register(registry))
    , m_inFlight(prometheus::BuildGauge()
                     .Name("http_requests_in_flight")
                     .Help("HTTP requests that are being answered")
                     .Register(registry)
                     .Add({}))
{
}

void Observer::started()
{
    m_inFlight.Increment();
}

void Observer::finished(const Access& access)
{
    m_inFlight.Decrement();
    const Series counted = series(access);
    counted.requests->Increment();
    counted.duration->Observe(std::chrono::duration<double>(access.duration).count());
    m_log(access);
}

Observer::Series Observer::series(const Access& access)
{
    const std::string method = methodLabel(access.method);
    const Key key(method, access.route, access.status);
    {
        const std::shared_lock lock(m_mutex);
        if (const auto found = m_series.find(key); found != m_series.end())
            return found->second;
    }
    const std::unique_lock lock(m_mutex);
    const prometheus::Labels labels{{"method", method}, {"route", access.route}};
    auto withCode = labels;
    withCode.emplace("code", std::to_string(access.status));
    Series& made = m_series[key];
    made.requests = &m_requests.Add(withCode);
    made.duration = &m_durations.Add(labels, kBuckets);
    return made;
}

} // namespace shopfleet::gateway
