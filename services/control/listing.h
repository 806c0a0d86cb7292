// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventlog.h"
#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/status.h>

#include <vector>

namespace shopfleet::control {

/// The lists of the control plane are short and in memory: filtered, sorted and paged here. Filters
/// are terms joined by AND: `field = value`, `field != value`, `field : part`, and bare or quoted
/// words.
absl::Status listServices(const v1::ListServicesRequest& request, const v1::Fleet& fleet,
    v1::ListServicesResponse* response);
absl::Status listEvents(
    const v1::ListEventsRequest& request, const EventLog& log, v1::ListEventsResponse* response);
absl::Status listReleases(const v1::ListReleasesRequest& request,
    const std::vector<v1::Release>& releases, v1::ListReleasesResponse* response);
/// Newest first. Filter fields: service, state, version, actor.
absl::Status listRollouts(const v1::ListRolloutsRequest& request,
    const std::vector<const v1::Rollout*>& rollouts, v1::ListRolloutsResponse* response);

absl::Status listAlertRules(const v1::ListAlertRulesRequest& request,
    const std::vector<v1::AlertRule>& rules, v1::ListAlertRulesResponse* response);
absl::Status listAlerts(const v1::ListAlertsRequest& request, const std::deque<v1::Alert>& alerts,
    v1::ListAlertsResponse* response);
absl::Status listIncidents(const v1::ListIncidentsRequest& request,
    const std::deque<v1::Incident>& incidents, v1::ListIncidentsResponse* response);

} // namespace shopfleet::control
