// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/telemetry.h"

#include "services/control/metricanswers.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using namespace std::chrono_literals;

namespace {

constexpr auto kScrapeDeadline = 700ms;
constexpr std::int64_t kRightNow = 5; // Seconds that count as now.
// How shoppers buy: where they come in, and where it is done.
constexpr std::array<const char*, 2> kCheckouts{
    "POST /v1/checkout", "shopfleet.orders.v1.Orders/PlaceOrder"};
constexpr const char* kCheckoutService = "orders";

/// Most methods are asked for now and then: that nothing happened is known of their service.
bool isWorthKeeping(const History::Key& key, const Track::Sum& sum)
{
    return sum.seconds > 0 && (key.method.empty() || sum.tally.requests > 0);
}

std::int64_t epochSecond()
{
    return std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

Telemetry::Telemetry(EventLoop& loop, const Runtime& runtime, const Fleet& fleet, Archive& archive,
    std::function<void()> ticked)
    : m_loop(loop)
    , m_runtime(runtime)
    , m_fleet(fleet)
    , m_archive(archive)
    , m_ticked(std::move(ticked))
    , m_scraper(loop)
{
}

Telemetry::~Telemetry()
{
    m_loop.cancel(m_timer);
}

void Telemetry::begin()
{
    m_begun = epochSecond();
    // The hour before this control plane came.
    for (const auto& [key, points] : m_archive.secondsSince(m_begun - Track::kSeconds)) {
        for (const auto& point : points) {
            m_begun = std::min(m_begun, point.at);
            m_history.set(key, point.at, point.sum.tally,
                point.sum.hasGauges ? std::optional(point.sum.gauges) : std::nullopt);
        }
    }
    tick();
}

// Just after each full second: what is read now is what happened in the second before.
void Telemetry::tick()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto next = std::chrono::ceil<std::chrono::seconds>(now + 1ms) - now;
    m_timer = m_loop.after(
        std::chrono::duration_cast<EventLoop::Clock::duration>(next) + 2ms, [this] { tick(); });
    if (m_now.open > 0)
        closeSecond();
    m_now = Second();
    m_now.second = epochSecond() - 1;
    m_now.open = 1; // Ours: so that no answer closes the second before all have been asked.
    for (const auto& name : m_fleet.names()) {
        const auto service = m_fleet.service(name);
        for (const auto& replica : service->replicas()) {
            auto& gauges = m_now.gauges[name];
            gauges.replicas += 1;
            gauges.healthyReplicas += replica.state() == v1::STATE_HEALTHY ? 1.F : 0.F;
            if (replica.pid() != 0)
                scrape(replica, !service->rollout_id().empty());
        }
    }
    if (--m_now.open == 0)
        closeSecond();
}

void Telemetry::scrape(const v1::Replica& replica, bool byMethod)
{
    ++m_now.open;
    if (replica.metrics_address().empty())
        return take(replica, m_now.second, absl::UnavailableError("no metrics yet"), false);
    m_scraper.fetch(replica.metrics_address(), kScrapeDeadline,
        [this, replica, second = m_now.second, byMethod](
            const absl::StatusOr<std::string>& body) { take(replica, second, body, byMethod); });
}

void Telemetry::take(const v1::Replica& replica, std::int64_t second,
    const absl::StatusOr<std::string>& body, bool byMethod)
{
    if (second != m_now.second)
        return; // Too late: that second is closed.
    auto& meter = m_meters[replica.id()];
    if (meter.pid != replica.pid()) {
        meter.totals.reset();
        meter.cpuSeconds.reset();
        meter.pid = replica.pid();
    }
    auto gauges = processGauges(replica);
    Tally all;
    if (body.ok()) {
        const auto now = EventLoop::Clock::now();
        auto totals = readTotals(*body);
        gauges.inFlight = static_cast<float>(totals.inFlight);
        gauges.queueDepth = static_cast<float>(totals.queueDepth);
        if (meter.totals) {
            const auto seconds = std::chrono::duration<double>(now - meter.at).count();
            for (const auto& [method, tally] :
                perSecond(*meter.totals, totals, std::max(seconds, 0.5))) {
                if (!isSagaStep(method))
                    all.add(tally);
                m_now.methods[replica.service()][method].add(tally);
                if (byMethod)
                    m_history.set({replica.service(), replica.id(), method}, second, tally);
            }
            m_now.known.insert(replica.service());
            m_now.services[replica.service()].add(all);
            m_history.set({replica.service(), replica.id(), {}}, second, all, gauges);
        }
        meter.totals = std::move(totals);
        meter.at = now;
    }
    auto& sum = m_now.gauges[replica.service()];
    sum.cpuShare += gauges.cpuShare;
    sum.residentBytes += gauges.residentBytes;
    sum.inFlight += gauges.inFlight;
    sum.queueDepth += gauges.queueDepth;
    if (--m_now.open == 0)
        closeSecond();
}

Gauges Telemetry::processGauges(const v1::Replica& replica)
{
    Gauges gauges;
    const auto usage = m_runtime.usage(replica.id());
    if (!usage)
        return gauges;
    auto& meter = m_meters[replica.id()];
    const auto now = EventLoop::Clock::now();
    if (meter.cpuSeconds) {
        const auto seconds = std::chrono::duration<double>(now - meter.cpuAt).count();
        gauges.cpuShare
            = static_cast<float>((usage->cpuSeconds - *meter.cpuSeconds) / std::max(seconds, 0.5));
    }
    meter.cpuSeconds = usage->cpuSeconds;
    meter.cpuAt = now;
    gauges.residentBytes = static_cast<float>(usage->residentBytes);
    return gauges;
}

void Telemetry::closeSecond()
{
    m_now.open = 0;
    // The number of replicas is known even when none of them answers; the requests are not.
    for (const auto& [service, gauges] : m_now.gauges) {
        if (m_now.known.contains(service))
            m_history.set({service, {}, {}}, m_now.second, m_now.services[service], gauges);
        for (const auto& [method, tally] : m_now.methods[service])
            m_history.set({service, {}, method}, m_now.second, tally);
    }
    m_complete = m_now.second;
    if ((m_complete + 1) % 10 == 0)
        archive(m_complete + 1);
    if (m_now.second % 60 == 0) {
        m_history.forget(m_now.second - Track::kSeconds);
        std::erase_if(m_meters, [&](const auto& entry) { return !m_runtime.running(entry.first); });
    }
    if (m_ticked)
        m_ticked();
}

// Ten seconds that are over; with every sixth of them the minute.
void Telemetry::archive(std::int64_t until)
{
    std::vector<Archive::Row> rows;
    for (const auto& key : m_history.keys()) {
        std::vector<store::Point> seconds;
        for (auto second = until - 10; second < until; ++second) {
            if (auto sum = m_history.sum(key, second, second + 1); sum.seconds > 0)
                seconds.push_back({second, std::move(sum)});
        }
        if (seconds.empty())
            continue;
        rows.push_back({0, key, until - 10, std::move(seconds)});
        if (auto sum = m_history.sum(key, until - 10, until); isWorthKeeping(key, sum))
            rows.push_back({1, key, until - 10, {{until - 10, std::move(sum)}}});
    }
    if (until % 60 == 0) {
        for (const auto& key : m_history.keys()) {
            if (auto sum = m_history.sum(key, until - 60, until); isWorthKeeping(key, sum))
                rows.push_back({2, key, until - 60, {{until - 60, std::move(sum)}}});
        }
    }
    if (!rows.empty())
        m_archive.add(std::move(rows));
}

std::optional<v1::Figures> Telemetry::figures(const History::Key& key) const
{
    const auto sum = m_history.sum(key, m_complete - kRightNow + 1, m_complete + 1);
    if (sum.seconds == 0)
        return std::nullopt;
    v1::Figures figures;
    *figures.mutable_at() = TimeUtil::SecondsToTimestamp(m_complete);
    figures.set_requests_per_second(valueOf("requests_per_second", sum));
    figures.set_has_requests(sum.tally.requests > 0);
    if (sum.tally.requests > 0) {
        figures.set_error_ratio(sum.tally.errorRatio());
        // Streams that are still open are counted as requests only once they end, and have no
        // latency.
        if (const auto p99 = sum.tally.quantileMs(0.99); !std::isnan(p99)) {
            figures.set_p50_ms(sum.tally.quantileMs(0.5));
            figures.set_p95_ms(sum.tally.quantileMs(0.95));
            figures.set_p99_ms(p99);
        }
    }
    figures.set_cpu_share(static_cast<double>(sum.gauges.cpuShare));
    const auto newest = m_history.sum(key, m_complete, m_complete + 1);
    const auto& gauges = newest.hasGauges ? newest.gauges : sum.gauges;
    figures.set_resident_bytes(static_cast<std::int64_t>(gauges.residentBytes));
    figures.set_in_flight(std::lround(gauges.inFlight));
    figures.set_queue_depth(std::lround(gauges.queueDepth));
    return figures;
}

void Telemetry::fill(v1::Service* service) const
{
    if (auto all = figures({service->name(), {}, {}}))
        *service->mutable_figures() = *std::move(all);
    for (auto& replica : *service->mutable_replicas()) {
        const bool runs = replica.pid() != 0;
        if (auto own = figures({service->name(), replica.id(), {}}); own && runs)
            *replica.mutable_figures() = *std::move(own);
    }
    for (const auto& key : m_history.match({service->name(), {}, "*"}))
        service->add_methods(key.method);
}

Side Telemetry::side(const std::string& service, const std::vector<std::string>& replicas,
    std::int64_t from, std::int64_t to) const
{
    Side side;
    for (const auto& replica : replicas) {
        for (const auto& key : m_history.match({service, replica, "*"})) {
            // How long a step takes is another service's doing.
            if (!isSagaStep(key.method))
                side.methods[key.method].add(m_history.sum(key, from, to).tally);
        }
    }
    const bool ownCheckouts = takesCheckouts(service);
    for (auto second = from; second < to; ++second) {
        const auto at
            = [&](const std::string& of, const std::string& replica, const std::string& method) {
                  return m_history.sum({of, replica, method}, second, second + 1);
              };
        Tally all;
        Tally checkouts;
        bool known = false;
        for (const auto& replica : replicas) {
            const auto sum = at(service, replica, {});
            known = known || sum.seconds > 0;
            all.add(sum.tally);
            for (const auto* method : kCheckouts)
                checkouts.add(at(service, replica, method).tally);
        }
        if (!ownCheckouts)
            checkouts = at(kCheckoutService, {}, kCheckouts.back()).tally;
        side.seconds += known ? 1 : 0;
        side.failing += all.errors > 0 ? 1 : 0;
        side.failingCheckouts += checkouts.errors > 0 ? 1 : 0;
        side.all.add(all);
        side.checkouts.add(checkouts);
    }
    return side;
}

Tally Telemetry::checkouts(std::int64_t from, std::int64_t to) const
{
    for (const auto* method : kCheckouts) {
        Tally tally;
        for (const auto& key : m_history.match({{}, {}, method}))
            tally.add(m_history.sum(key, from, to).tally);
        if (tally.requests > 0)
            return tally;
    }
    return {};
}

std::uint64_t Telemetry::requests(
    const std::string& service, const std::vector<std::string>& replicas, std::int64_t second) const
{
    std::uint64_t requests = 0;
    for (const auto& replica : replicas)
        requests += m_history.sum({service, replica, {}}, second, second + 1).tally.requests;
    return requests;
}

bool Telemetry::takesCheckouts(const std::string& service) const
{
    return std::ranges::any_of(kCheckouts, [&](const char* method) {
        return !m_history.match({service, {}, method}).empty();
    });
}

absl::StatusOr<v1::GetMetricsResponse> Telemetry::metrics(
    const v1::GetMetricsRequest& request) const
{
    const auto query = MetricQuery::of(request, m_complete + 1, 1);
    if (!query.ok())
        return query.status();
    const auto keys = m_history.match({request.service(), request.replica(), request.method()});
    if (auto status = query->check(keys.size()); !status.ok())
        return status;
    v1::GetMetricsResponse response;
    *response.mutable_oldest()
        = TimeUtil::SecondsToTimestamp(std::max(m_begun, m_complete - Track::kSeconds + 1));
    for (const auto& key : keys)
        query->answer(
            key, [&](std::int64_t from, std::int64_t to) { return m_history.sum(key, from, to); },
            &response);
    return response;
}

} // namespace shopfleet::control
