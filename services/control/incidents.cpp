// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/incidents.h"

#include "services/control/moment.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cmath>
#include <spdlog/spdlog.h>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using shopfleet::common::v1::Severity;

namespace {

constexpr std::size_t kMostIncidents = 500;
constexpr int kSure = 3; // Seconds in a row; a single one is noise.
constexpr int kCalm = 30;
constexpr std::int64_t kWindow = 10; // Seconds that count as now.
constexpr std::int64_t kUsual = 300; // Seconds before, with which they are compared …
constexpr std::int64_t kGap = 20; // … but not the last of them: trouble begins before it is sure.
constexpr int kKnown = 30; // Of the usual seconds so many have to be known.
constexpr std::uint32_t kFewCalls = 20;
constexpr std::uint32_t kFewErrors = 5;
constexpr double kAsLikely = 0.05;
constexpr double kWorseErrors = 0.02;
constexpr double kWorseFactor = 3;
constexpr double kWorseMs = 100; // Less than that is seen in the charts, and wakes nobody.
constexpr std::int64_t kChangeUs = 180'000'000; // So long before it a change is suspicious.

std::int64_t nowUs()
{
    return TimeUtil::TimestampToMicroseconds(momentNow());
}

/// What people or policies did, not what happened to it; empty: this is no such thing.
std::string changeIn(const v1::Event& event)
{
    const auto rollout = [&] {
        const auto found = event.facts().find("rollout");
        return "rollout " + (found == event.facts().end() ? std::string() : found->second);
    };
    if (event.kind() == "rollout.service_begun")
        return rollout() + " began";
    if (event.kind() == "rollout.rolling_back")
        return rollout() + " went back";
    if (event.kind() == "service.scaled")
        return "it was scaled";
    if (event.kind() == "replica.restart" || event.kind() == "replica.drain")
        return "a replica was restarted";
    return {};
}

} // namespace

Incidents::Incidents(const Fleet& fleet, const Telemetry& telemetry, const EventLog& events,
    Inquirer& inquirer, const std::string& file, Tell tell)
    : m_fleet(fleet)
    , m_telemetry(telemetry)
    , m_events(events)
    , m_inquirer(inquirer)
    , m_incidents(file, kMostIncidents)
    , m_tell(std::move(tell))
{
    for (const auto& incident : m_incidents.all()) {
        if (!incident.has_ended_at() && m_open.empty()) {
            // It goes on where the control plane before left it, if it still does.
            m_open = incident.id();
            m_sinceUs = TimeUtil::TimestampToMicroseconds(incident.since());
        }
    }
}

void Incidents::tick()
{
    bool any = false;
    bool sure = false;
    for (const auto& name : m_fleet.names()) {
        const bool deviates = look(name);
        any = any || deviates;
        sure = sure || (deviates && m_courses[name].unwell >= kSure);
    }
    m_calm = any ? 0 : m_calm + 1;
    if (m_open.empty() && sure)
        return open();
    if (m_open.empty()) {
        if (!any)
            m_courses.clear();
        return;
    }
    const auto* incident = m_incidents.find(m_open);
    if (m_calm >= kCalm)
        end(*incident);
    else
        update(*incident);
}

// Whether it deviates right now.
bool Incidents::look(const std::string& name)
{
    const auto service = m_fleet.service(name);
    auto& course = m_courses[name];
    course.signs.service = name;
    const bool replicas = lookAtReplicas(*service, course);
    const bool calls = lookAtCalls(name, course);
    if (!replicas && !calls) {
        course.unwell = 0;
        return false;
    }
    if (course.unwell++ == 0)
        course.sinceUs = nowUs();
    if (course.unwell >= kSure && course.signs.firstDeviationUs == 0)
        course.signs.firstDeviationUs = course.sinceUs;
    return true;
}

bool Incidents::lookAtReplicas(const v1::Service& service, Course& course)
{
    if (service.desired_replicas() == 0 || service.state() == v1::STATE_STARTING)
        return false;
    int unwell = 0;
    const v1::Replica* one = nullptr;
    for (const auto& replica : service.replicas()) {
        const bool starts = replica.state() == v1::STATE_STARTING && replica.restarts() == 0;
        if (replica.state() != v1::STATE_HEALTHY && replica.state() != v1::STATE_DRAINING
            && !starts) {
            ++unwell;
            one = &replica;
        }
    }
    // Nobody serves, or nobody writes: that is all of it.
    const bool whole = service.state() == v1::STATE_DOWN || service.state() == v1::STATE_UNKNOWN
        || (service.state() == v1::STATE_DEGRADED && unwell == 0);
    const double missing
        = whole ? 1 : static_cast<double>(unwell) / std::max(1, service.desired_replicas());
    if (missing <= 0)
        return false;
    if (missing > course.signs.missing) {
        course.signs.missing = std::min(1.0, missing);
        course.signs.replica = unwell == 1 ? one->id() : std::string();
        const auto& reason
            = one != nullptr && !one->reason().empty() ? one->reason() : service.reason();
        course.signs.missingWhy
            = absl::StrCat(whole ? std::string("it does not serve")
                                 : absl::StrCat(unwell, " of ", service.desired_replicas(),
                                     " replicas do not serve"),
                reason.empty() ? "" : ": ", reason);
        course.signs.missingReason = reason;
    }
    return true;
}

Incidents::Usual Incidents::usualOf(const std::string& service) const
{
    const auto turn = (m_open.empty() ? nowUs() : m_sinceUs) / 1'000'000 - kGap;
    const auto sum = m_telemetry.sum(service, turn - kUsual, turn);
    return {sum.tally, sum.seconds};
}

bool Incidents::lookAtCalls(const std::string& service, Course& course)
{
    const auto now = m_telemetry.newest() + 1;
    const auto sum = m_telemetry.sum(service, now - kWindow, now).tally;
    const auto usual = course.usual ? *course.usual : usualOf(service);
    if (sum.requests < kFewCalls || usual.seconds < kKnown || usual.tally.requests < kFewCalls)
        return false;
    const double errors = sum.errorRatio();
    const double usualErrors = usual.tally.errorRatio();
    const double p95 = sum.quantileMs(0.95);
    const double usualP95 = usual.tally.quantileMs(0.95);
    const bool fails = sum.errors >= kFewErrors && errors >= usualErrors + kWorseErrors
        && errors >= kWorseFactor * usualErrors;
    const bool slow = p95 >= kWorseFactor * usualP95 && p95 >= usualP95 + kWorseMs;
    auto& signs = course.signs;
    if (fails && errors > signs.errorRatio) {
        signs.errorRatio = errors;
        signs.usualErrorRatio = usualErrors;
    }
    if (slow && p95 > signs.p95Ms) {
        signs.p95Ms = p95;
        signs.usualP95Ms = usualP95;
    }
    return fails || slow;
}

void Incidents::findChange(const std::string& service, Signs& signs) const
{
    signs.change.clear();
    const auto& events = m_events.events();
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        const auto at = TimeUtil::TimestampToMicroseconds(event->at());
        if (at < m_sinceUs - kChangeUs)
            return;
        if (event->service() != service || at > m_sinceUs)
            continue;
        if (const auto change = changeIn(*event); !change.empty()) {
            const auto seconds = (m_sinceUs - at) / 1'000'000;
            signs.change = absl::StrCat(change, " ", seconds, " s before");
            signs.changeKind = event->kind();
            signs.changeSeconds = static_cast<double>(seconds);
            return;
        }
    }
}

// Two that are as likely do not take turns.
void Incidents::stayWith(const std::string& before, std::vector<v1::Suspect>* suspects) const
{
    const auto found = std::ranges::find(*suspects, before, &v1::Suspect::service);
    if (found != suspects->end() && found->score() >= suspects->front().score() - kAsLikely)
        std::rotate(suspects->begin(), found, found + 1);
}

void Incidents::open()
{
    m_sinceUs = nowUs();
    for (auto& [name, course] : m_courses) {
        if (course.unwell > 0)
            m_sinceUs = std::min(m_sinceUs, course.sinceUs);
        course.usual = usualOf(name);
    }
    v1::Incident incident;
    incident.set_id(m_incidents.nextId('i'));
    *incident.mutable_since() = TimeUtil::MicrosecondsToTimestamp(m_sinceUs);
    m_open = incident.id();
    m_inquirer.setSince(incident.since());
    update(std::move(incident));
}

void Incidents::update(v1::Incident incident)
{
    m_inquirer.setSince(incident.since());
    const auto hearing = m_inquirer.hearing();
    std::vector<Signs> signs;
    for (auto& [name, course] : m_courses) {
        findChange(name, course.signs);
        signs.push_back(course.signs);
    }
    const auto before
        = incident.suspects().empty() ? std::string() : incident.suspects(0).service();
    const bool fresh = incident.title().empty();
    // A control plane that was started in the middle of it has seen nothing yet.
    if (auto suspects = rankSuspects(signs, hearing); !suspects.empty()) {
        stayWith(before, &suspects);
        incident.clear_suspects();
        for (auto& suspect : suspects) {
            const auto service = m_fleet.service(suspect.service());
            suspect.set_version(service ? service->version() : std::string());
            *incident.add_suspects() = std::move(suspect);
        }
        const auto& top = incident.suspects(0);
        incident.set_title(absl::StrCat(top.service(), ": ",
            top.evidence().empty() ? std::string("not as usual") : top.evidence(0)));
    }
    incident.clear_traces_at();
    if (hearing.lately)
        *incident.mutable_traces_at() = hearing.tracesAt;
    if (hearing.orders) {
        std::int64_t orders = 0;
        std::int64_t money = 0;
        for (const auto& waiting : hearing.orders->waiting()) {
            orders += waiting.orders();
            money += waiting.total_minor();
        }
        incident.set_waiting_orders(orders);
        incident.mutable_waiting_money()->set_minor(money);
        incident.mutable_waiting_money()->set_currency(hearing.orders->currency());
        *incident.mutable_waiting_at() = hearing.ordersAt;
    }
    const auto likeliest
        = incident.suspects().empty() ? std::string() : incident.suspects(0).service();
    if (!fresh && likeliest == before)
        return m_incidents.set(std::move(incident));
    if (const auto status = m_incidents.keep(incident); !status.ok()) {
        spdlog::error("an incident will be forgotten: {}", status.ToString());
        m_incidents.set(incident);
    }
    tell(incident, fresh ? "incident.opened" : "incident.suspected", Severity::SEVERITY_WARNING);
}

void Incidents::end(v1::Incident incident)
{
    *incident.mutable_ended_at() = momentNow();
    if (const auto status = m_incidents.keep(incident); !status.ok()) {
        spdlog::error("the end of an incident will be forgotten: {}", status.ToString());
        m_incidents.set(incident);
    }
    m_open.clear();
    m_courses.clear();
    m_inquirer.setSince({});
    tell(incident, "incident.ended", Severity::SEVERITY_SUCCESS);
}

void Incidents::tell(const v1::Incident& incident, const char* kind, Severity how)
{
    v1::Event event;
    *event.mutable_at() = momentNow();
    event.set_kind(kind);
    event.set_severity(how);
    event.mutable_actor()->set_id("control");
    event.set_reason(incident.title());
    (*event.mutable_facts())["incident"] = incident.id();
    if (!incident.suspects().empty())
        event.set_service(incident.suspects(0).service());
    m_tell(std::move(event));
}

} // namespace shopfleet::control
