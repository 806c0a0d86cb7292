// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/listing.h"

#include "services/control/textfilter.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <vector>

namespace shopfleet::control {

namespace {

std::string fieldOf(const v1::Event& event, const std::string& field)
{
    if (field == "id")
        return absl::StrCat(event.id());
    if (field == "service")
        return event.service();
    if (field == "replica")
        return event.replica();
    if (field == "kind")
        return event.kind();
    if (field == "severity")
        return shopfleet::common::v1::Severity_Name(event.severity());
    if (field == "actor")
        return event.actor().id();
    return google::protobuf::util::TimeUtil::ToString(event.at());
}

std::string fieldOf(const v1::Service& service, const std::string& field)
{
    if (field == "name")
        return service.name();
    if (field == "state")
        return v1::State_Name(service.state());
    if (field == "version")
        return service.version();
    return service.database() ? "true" : "false";
}

std::string fieldOf(const v1::Rollout& rollout, const std::string& field)
{
    if (field == "state")
        return v1::RolloutState_Name(rollout.state());
    if (field == "actor")
        return rollout.actor().id();
    std::string values; // Of all its services: `service : cart` finds each that touches it.
    for (const auto& target : rollout.targets())
        absl::StrAppend(&values, values.empty() ? "" : " ",
            field == "service" ? target.service() : target.version());
    return values;
}

// Of an alert that nobody has to look at any more the first word says why.
std::string fieldOf(const v1::Alert& alert, const std::string& field)
{
    if (field == "service")
        return alert.service();
    if (field == "rule")
        return alert.rule_id();
    if (field == "severity")
        return shopfleet::common::v1::Severity_Name(alert.severity());
    return alert.has_ended_at()       ? "ended"
        : alert.has_muted_until()     ? "muted"
        : alert.has_acknowledged_by() ? "acknowledged"
                                      : "firing";
}

std::string fieldOf(const v1::Incident& incident, const std::string& field)
{
    if (field == "state")
        return incident.has_ended_at() ? "ended" : "open";
    return incident.suspects().empty() ? std::string() : incident.suspects(0).service();
}

std::string textOf(const v1::Service& service)
{
    return service.name();
}

std::string textOf(const v1::Alert& alert)
{
    return absl::StrCat(alert.title(), " ", alert.service(), " ", alert.reason());
}

std::string textOf(const v1::Incident& incident)
{
    auto text = absl::StrCat(incident.id(), " ", incident.title());
    for (const auto& suspect : incident.suspects())
        absl::StrAppend(&text, " ", suspect.service());
    return text;
}

std::string textOf(const v1::Rollout& rollout)
{
    auto text = absl::StrCat(rollout.id(), " ", rollout.reason(), " ", rollout.outcome());
    for (const auto& target : rollout.targets())
        absl::StrAppend(&text, " ", target.service(), " ", target.version());
    return text;
}

std::string textOf(const v1::Event& event)
{
    auto text = absl::StrCat(
        event.kind(), " ", event.service(), " ", event.replica(), " ", event.reason());
    for (const auto& [name, value] : event.facts())
        absl::StrAppend(&text, " ", value);
    return text;
}

template <typename Item>
bool matches(const TextFilter& filter, const Item& item)
{
    return filter.matches(
        [&](const std::string& field) { return fieldOf(item, field); }, textOf(item));
}

template <typename Items>
auto select(const Items& items, const TextFilter& filter)
{
    std::vector<const typename Items::value_type*> found;
    for (const auto& item : items) {
        if (matches(filter, item))
            found.push_back(&item);
    }
    return found;
}

} // namespace

absl::Status listServices(const v1::ListServicesRequest& request, const v1::Fleet& fleet,
    v1::ListServicesResponse* response)
{
    const auto page = pageOf(request);
    const auto filter
        = TextFilter::parse(request.filter(), {"name", "state", "version", "database"});
    if (!page.ok() || !filter.ok())
        return page.ok() ? filter.status() : page.status();
    auto found = select(fleet.services(), *filter);
    std::string field = request.order_by();
    const bool down = absl::EndsWith(field, " desc");
    if (down)
        field.resize(field.size() - 5);
    if (!field.empty()) {
        if (field != "name" && field != "state")
            return runtime::invalidField(
                "order_by", absl::StrCat("must be name or state, not \"", field, "\""));
        std::ranges::stable_sort(found, [&](const auto* a, const auto* b) {
            return down ? fieldOf(*b, field) < fieldOf(*a, field)
                        : fieldOf(*a, field) < fieldOf(*b, field);
        });
    }
    answer(found, *page, response, [](auto* to) { return to->add_services(); });
    return absl::OkStatus();
}

absl::Status listReleases(const v1::ListReleasesRequest& request,
    const std::vector<v1::Release>& releases, v1::ListReleasesResponse* response)
{
    const auto page = pageOf(request);
    if (!page.ok())
        return page.status();
    std::vector<const v1::Release*> found;
    for (const auto& release : releases)
        found.push_back(&release);
    answer(found, *page, response, [](auto* to) { return to->add_releases(); });
    return absl::OkStatus();
}

absl::Status listRollouts(const v1::ListRolloutsRequest& request,
    const std::vector<const v1::Rollout*>& rollouts, v1::ListRolloutsResponse* response)
{
    const auto page = pageOf(request);
    const auto filter
        = TextFilter::parse(request.filter(), {"service", "state", "version", "actor"});
    if (!page.ok() || !filter.ok())
        return page.ok() ? filter.status() : page.status();
    if (!request.order_by().empty() && request.order_by() != "started_at desc")
        return runtime::invalidField("order_by", "must be started_at desc");
    std::vector<const v1::Rollout*> found;
    for (const auto* rollout : rollouts) {
        if (matches(*filter, *rollout))
            found.push_back(rollout);
    }
    answer(found, *page, response, [](auto* to) { return to->add_rollouts(); });
    return absl::OkStatus();
}

absl::Status listEvents(
    const v1::ListEventsRequest& request, const EventLog& log, v1::ListEventsResponse* response)
{
    const auto page = pageOf(request);
    const auto filter = TextFilter::parse(
        request.filter(), {"id", "service", "replica", "kind", "severity", "actor", "at"});
    if (!page.ok() || !filter.ok())
        return page.ok() ? filter.status() : page.status();
    if (!request.order_by().empty() && request.order_by() != "at"
        && request.order_by() != "at desc")
        return runtime::invalidField("order_by", "must be at or at desc");
    auto found = select(log.events(), *filter);
    if (request.order_by() != "at")
        std::ranges::reverse(found);
    answer(found, *page, response, [](auto* to) { return to->add_events(); });
    return absl::OkStatus();
}

absl::Status listAlertRules(const v1::ListAlertRulesRequest& request,
    const std::vector<v1::AlertRule>& rules, v1::ListAlertRulesResponse* response)
{
    const auto page = pageOf(request);
    if (!page.ok())
        return page.status();
    std::vector<const v1::AlertRule*> found;
    for (const auto& rule : rules)
        found.push_back(&rule);
    answer(found, *page, response, [](auto* to) { return to->add_alert_rules(); });
    return absl::OkStatus();
}

absl::Status listAlerts(const v1::ListAlertsRequest& request, const std::deque<v1::Alert>& alerts,
    v1::ListAlertsResponse* response)
{
    const auto page = pageOf(request);
    const auto filter
        = TextFilter::parse(request.filter(), {"service", "rule", "state", "severity"});
    if (!page.ok() || !filter.ok())
        return page.ok() ? filter.status() : page.status();
    answer(select(alerts, *filter), *page, response, [](auto* to) { return to->add_alerts(); });
    return absl::OkStatus();
}

absl::Status listIncidents(const v1::ListIncidentsRequest& request,
    const std::deque<v1::Incident>& incidents, v1::ListIncidentsResponse* response)
{
    const auto page = pageOf(request);
    const auto filter = TextFilter::parse(request.filter(), {"service", "state"});
    if (!page.ok() || !filter.ok())
        return page.ok() ? filter.status() : page.status();
    answer(
        select(incidents, *filter), *page, response, [](auto* to) { return to->add_incidents(); });
    return absl::OkStatus();
}

} // namespace shopfleet::control
