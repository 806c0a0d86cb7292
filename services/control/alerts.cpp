// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/alerts.h"

#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cmath>
#include <spdlog/spdlog.h>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using shopfleet::common::v1::Severity;

namespace {

constexpr std::size_t kMostAlerts = 1'000;
constexpr std::size_t kMostRules = 200;
constexpr std::int64_t kLongestMute = std::int64_t{30} * 86'400; // Seconds.

std::int64_t usOf(const google::protobuf::Duration& duration)
{
    return TimeUtil::DurationToMicroseconds(duration);
}

std::string etagOf(const v1::AlertRule& rule)
{
    auto without = rule;
    without.clear_etag();
    return absl::StrCat(absl::Hex(std::hash<std::string>{}(without.SerializeAsString())));
}

} // namespace

Alerts::Alerts(const std::string& folder, Tell tell, std::chrono::microseconds calm)
    : m_alerts(folder + "/alerts.jsonl", kMostAlerts)
    , m_ruleFile(folder + "/alertrules.jsonl")
    , m_tell(std::move(tell))
    , m_calm(calm)
{
    for (const auto& line : m_ruleFile.read()) {
        v1::AlertRule rule;
        if (google::protobuf::util::JsonStringToMessage(line, &rule).ok() && check(rule).ok())
            m_rules.push_back(std::move(rule));
    }
    if (m_ruleFile.read().empty())
        m_rules = defaultAlertRules();
    for (auto& rule : m_rules) {
        rule.set_etag(etagOf(rule));
        m_expressions.emplace(rule.id(), *AlertExpression::parse(rule.expression()));
    }
    // What fired when the control plane ended still does, until its condition says otherwise.
    for (const auto& alert : m_alerts.all()) {
        if (!alert.has_ended_at()) {
            auto& watch = m_watches[{alert.rule_id(), alert.service()}];
            watch.firing = alert.id();
            watch.sinceUs = TimeUtil::TimestampToMicroseconds(alert.since());
            watch.untilUs = TimeUtil::TimestampToMicroseconds(momentNow());
        }
    }
}

void Alerts::tick(const std::vector<std::string>& services, const Figure& figure)
{
    const auto now = TimeUtil::TimestampToMicroseconds(momentNow());
    for (const auto& rule : m_rules) {
        const auto& expression = m_expressions.at(rule.id());
        if (!rule.enabled())
            continue;
        if (expression.isOfStore()) {
            watch(rule, expression, {}, figure, now);
            continue;
        }
        for (const auto& service : services) {
            if (rule.service().empty() || rule.service() == service)
                watch(rule, expression, service, figure, now);
        }
    }
    // What is not watched any more: the rule was removed or switched off, or the service is gone.
    for (auto& [subject, watch] : m_watches) {
        if (!watch.firing.empty() && now - watch.untilUs > m_calm.count())
            end(watch);
    }
}

void Alerts::watch(const v1::AlertRule& rule, const AlertExpression& expression,
    const std::string& service, const Figure& figure, std::int64_t now)
{
    auto& watch = m_watches[{rule.id(), service}];
    const AlertSubject subject{service, rule.method()};
    const auto read = [&](const std::string& metric) { return figure(subject, metric); };
    const auto reason = [&] {
        const auto figures = expression.explain(read);
        return rule.method().empty() ? figures : absl::StrCat(rule.method(), ": ", figures);
    };
    const auto holds = expression.holds(read);
    if (!holds) {
        // Not known is not well: what fires goes on, what does not yet begins anew.
        if (watch.firing.empty())
            watch.sinceUs = 0;
        else
            watch.untilUs = now;
        return;
    }
    if (!*holds) {
        if (watch.firing.empty())
            watch.sinceUs = 0;
        return;
    }
    if (watch.sinceUs == 0)
        watch.sinceUs = now;
    watch.untilUs = now;
    if (watch.firing.empty() && now - watch.sinceUs >= usOf(rule.for_duration()))
        return raise(rule, service, expression.value(read), reason(), watch);
    if (watch.firing.empty())
        return;
    auto alert = *m_alerts.find(watch.firing);
    alert.set_value(expression.value(read));
    alert.set_reason(reason());
    m_alerts.set(std::move(alert));
}

void Alerts::raise(const v1::AlertRule& rule, const std::string& service, double value,
    const std::string& reason, Watch& watch)
{
    v1::Alert alert;
    alert.set_id(m_alerts.nextId('a'));
    alert.set_rule_id(rule.id());
    alert.set_service(service);
    alert.set_title(rule.title());
    alert.set_severity(rule.severity());
    alert.set_value(value);
    alert.set_reason(reason);
    *alert.mutable_since() = TimeUtil::MicrosecondsToTimestamp(watch.sinceUs);
    if (const auto muted = mutedUntil(rule.id(), service); momentNow() < muted)
        *alert.mutable_muted_until() = muted;
    watch.firing = alert.id();
    keep(alert);
    if (!alert.has_muted_until())
        tell(alert, "alert.raised", "control");
}

google::protobuf::Timestamp Alerts::mutedUntil(
    const std::string& rule, const std::string& service) const
{
    const auto last = std::ranges::find_if(m_alerts.all(), [&](const v1::Alert& alert) {
        return alert.rule_id() == rule && alert.service() == service;
    });
    return last == m_alerts.all().end() ? google::protobuf::Timestamp() : last->muted_until();
}

void Alerts::end(Watch& watch)
{
    auto alert = *m_alerts.find(watch.firing);
    *alert.mutable_ended_at() = momentNow();
    watch = {};
    keep(alert);
    if (!alert.has_muted_until() || alert.muted_until() < momentNow())
        tell(alert, "alert.ended", "control");
}

void Alerts::keep(const v1::Alert& alert)
{
    if (const auto status = m_alerts.keep(alert); !status.ok()) {
        spdlog::error("an alert will be forgotten: {}", status.ToString());
        m_alerts.set(alert);
    }
}

void Alerts::tell(const v1::Alert& alert, const char* kind, const std::string& actor)
{
    v1::Event event;
    *event.mutable_at() = momentNow();
    event.set_kind(kind);
    event.set_severity(alert.has_ended_at() ? Severity::SEVERITY_SUCCESS : alert.severity());
    event.set_service(alert.service());
    event.mutable_actor()->set_id(actor);
    event.set_reason(alert.title());
    auto& facts = *event.mutable_facts();
    facts["alert"] = alert.id();
    facts["rule"] = alert.rule_id();
    if (!alert.has_ended_at())
        facts["figures"] = alert.reason();
    m_tell(std::move(event));
}

absl::Status Alerts::keepRules(std::vector<v1::AlertRule> rules)
{
    std::vector<std::string> lines;
    for (const auto& rule : rules) {
        std::string line;
        if (!google::protobuf::util::MessageToJsonString(rule, &line).ok())
            return absl::InternalError("a rule cannot be written");
        lines.push_back(std::move(line));
    }
    // Without a line the file would say that nobody has ever changed a rule.
    if (lines.empty())
        lines.emplace_back("{}");
    if (auto status = m_ruleFile.replace(lines); !status.ok())
        return status;
    m_rules = std::move(rules);
    m_expressions.clear();
    for (const auto& rule : m_rules)
        m_expressions.emplace(rule.id(), *AlertExpression::parse(rule.expression()));
    return absl::OkStatus();
}

absl::StatusOr<v1::AlertRule> Alerts::save(const v1::AlertRule& given, const std::string& actor)
{
    if (auto status = check(given); !status.ok())
        return status;
    auto rules = m_rules;
    const auto known = std::ranges::find(rules, given.id(), &v1::AlertRule::id);
    if (known != rules.end() && !given.etag().empty() && given.etag() != known->etag())
        return runtime::staleEtag(*known);
    if (known == rules.end() && rules.size() >= kMostRules)
        return runtime::invalidField("rule", "there are 200 already");
    auto rule = given;
    rule.set_etag(etagOf(rule));
    if (known == rules.end())
        rules.push_back(rule);
    else
        *known = rule;
    if (auto status = keepRules(std::move(rules)); !status.ok())
        return status;
    v1::Event event;
    *event.mutable_at() = momentNow();
    event.set_kind("alertrule.saved");
    event.set_severity(Severity::SEVERITY_PROGRESS);
    event.set_service(rule.service());
    event.mutable_actor()->set_id(actor);
    event.set_reason(rule.expression());
    (*event.mutable_facts())["rule"] = rule.id();
    m_tell(std::move(event));
    return rule;
}

absl::Status Alerts::remove(
    const std::string& id, const std::string& etag, const std::string& actor)
{
    auto rules = m_rules;
    const auto known = std::ranges::find(rules, id, &v1::AlertRule::id);
    if (known == rules.end())
        return runtime::notFound("alert rule", id);
    if (!etag.empty() && etag != known->etag())
        return runtime::staleEtag(*known);
    rules.erase(known);
    if (auto status = keepRules(std::move(rules)); !status.ok())
        return status;
    v1::Event event;
    *event.mutable_at() = momentNow();
    event.set_kind("alertrule.removed");
    event.set_severity(Severity::SEVERITY_PROGRESS);
    event.mutable_actor()->set_id(actor);
    (*event.mutable_facts())["rule"] = id;
    m_tell(std::move(event));
    return absl::OkStatus();
}

absl::StatusOr<v1::Alert> Alerts::acknowledge(
    const std::string& id, const std::string& note, const std::string& actor)
{
    const auto* found = m_alerts.find(id);
    if (!found)
        return runtime::notFound("alert", id);
    if (note.size() > 1'000)
        return runtime::invalidField("note", "must have at most 1000 characters");
    if (found->has_ended_at())
        return runtime::failedPrecondition("ALERT_ENDED", id, "this alert is over");
    auto alert = *found;
    alert.mutable_acknowledged_by()->set_id(actor);
    *alert.mutable_acknowledged_at() = momentNow();
    alert.set_note(note);
    if (auto status = m_alerts.keep(alert); !status.ok())
        return status;
    tell(alert, "alert.acknowledged", actor);
    return alert;
}

absl::StatusOr<v1::Alert> Alerts::mute(
    const std::string& id, const google::protobuf::Duration& length, const std::string& actor)
{
    const auto* found = m_alerts.find(id);
    if (!found)
        return runtime::notFound("alert", id);
    if (length.seconds() < 0 || length.nanos() < 0 || length.seconds() > kLongestMute)
        return runtime::invalidField("mute_for", "must be from 0 s to 30 days");
    auto alert = *found;
    alert.clear_muted_until();
    if (usOf(length) > 0)
        *alert.mutable_muted_until() = momentNow() + length;
    if (auto status = m_alerts.keep(alert); !status.ok())
        return status;
    tell(alert, alert.has_muted_until() ? "alert.muted" : "alert.unmuted", actor);
    return alert;
}

} // namespace shopfleet::control
