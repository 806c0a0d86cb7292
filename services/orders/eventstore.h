// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/status.h>

#include <string>
#include <utility>
#include <vector>

namespace shopfleet::orders {

/// Who did something, when, in which trace.
struct Cause {
    std::string actor; ///< "customer:12346", "service:orders".
    std::string traceId;
    std::int64_t now = 0; ///< Microseconds.
};

using Facts = std::vector<std::pair<std::string, std::string>>;

/// What the timeline says of a change.
struct Entry {
    std::string kind; ///< "order.held"
    Facts facts;
};

/// Appends to the order's history and to the change log.
absl::Status addEvent(runtime::Connection& db, const std::string& orderId, const std::string& kind,
    common::v1::Severity severity, const Facts& facts, const Cause& cause);

absl::Status readTimeline(runtime::Connection& db, v1::Order& order);

} // namespace shopfleet::orders
