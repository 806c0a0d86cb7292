// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventlog.h"
#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/status.h>

namespace shopfleet::control {

/// The lists of the control plane are short and in memory: filtered, sorted and paged here. Filters
/// are terms joined by AND: `field = value`, `field != value`, `field : part`, and bare or quoted
/// words.
absl::Status listServices(const v1::ListServicesRequest& request, const v1::Fleet& fleet,
    v1::ListServicesResponse* response);
absl::Status listEvents(
    const v1::ListEventsRequest& request, const EventLog& log, v1::ListEventsResponse* response);

} // namespace shopfleet::control
