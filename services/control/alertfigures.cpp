// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/alertfigures.h"

#include "services/control/moment.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;

namespace {

constexpr std::int64_t kWindow = 10; // Seconds.
constexpr std::int64_t kCrashesWithin = 600;
constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

} // namespace

AlertFigures::AlertFigures(const Fleet& fleet, const Telemetry& telemetry, const EventLog& events,
    const Inspector& inspector, const Hearing& hearing)
    : m_fleet(fleet)
    , m_telemetry(telemetry)
    , m_events(events)
    , m_inspector(inspector)
    , m_hearing(hearing)
{
}

double AlertFigures::read(const AlertSubject& subject, const std::string& metric) const
{
    const auto& service = subject.service;
    if (service.empty())
        return ofStore(metric);
    const auto to = m_telemetry.newest() + 1;
    if (!subject.method.empty())
        return valueOf(metric, m_telemetry.sum(service, to - kWindow, to, subject.method));
    if (metric == "missing_replicas")
        return missing(service);
    if (metric == "crashes")
        return crashes(service);
    if (metric.starts_with("waiting_") || metric == "needs_person")
        return waiting(service, metric);
    // How many serve is known whether anybody answers or not, and a mean of it would be late.
    if (metric == "healthy_replicas")
        return m_fleet.service(service)->desired_replicas() - missing(service);
    return valueOf(metric, m_telemetry.sum(service, to - kWindow, to));
}

double AlertFigures::ofStore(const std::string& metric) const
{
    if (metric == "violations")
        return m_inspector.found().has_at() ? static_cast<double>(m_inspector.found().violations())
                                            : kNotKnown;
    const auto to = m_telemetry.newest() + 1;
    const auto checkouts = m_telemetry.checkouts(to - kWindow, to);
    if (metric == "checkouts_per_second")
        return static_cast<double>(checkouts.requests) / kWindow;
    return checkouts.errorRatio();
}

double AlertFigures::waiting(const std::string& service, const std::string& metric) const
{
    if (!m_hearing.orders)
        return kNotKnown;
    double orders = 0;
    double persons = 0;
    double seconds = 0;
    const auto now = momentNow();
    for (const auto& on : m_hearing.orders->waiting()) {
        if (on.service() != service)
            continue;
        orders += static_cast<double>(on.orders());
        persons += static_cast<double>(on.needs_person());
        seconds = std::max(
            seconds, static_cast<double>(TimeUtil::DurationToSeconds(now - on.oldest())));
    }
    return metric == "waiting_orders" ? orders : metric == "waiting_seconds" ? seconds : persons;
}

// Ends that nobody asked for.
double AlertFigures::crashes(const std::string& service) const
{
    const auto from = momentNow().seconds() - kCrashesWithin;
    const auto& events = m_events.events();
    double count = 0;
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->at().seconds() < from)
            break;
        if (event->service() == service && event->kind() == "replica.exited")
            count += 1;
    }
    return count;
}

double AlertFigures::missing(const std::string& name) const
{
    const auto service = m_fleet.service(name);
    const auto serving = std::ranges::count_if(service->replicas(),
        [](const v1::Replica& replica) { return replica.state() == v1::STATE_HEALTHY; });
    return std::max(0.0, static_cast<double>(service->desired_replicas() - serving));
}

} // namespace shopfleet::control
