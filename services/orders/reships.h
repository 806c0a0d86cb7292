// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

#include <string>

// What is sent again, and what becomes of it. Pure: no clock, no database, no calls.
namespace shopfleet::orders {

/// Null where there is none.
const v1::Reship* reshipOf(const v1::Order& order, const std::string& id);
v1::Reship* reshipOf(v1::Order* order, const std::string& id);

/// The reship that is asked for, or why it cannot be: only what was sent, is not given back, and is
/// not being sent again already. The error names the field.
absl::StatusOr<v1::Reship> makeReship(
    const v1::Order& order, const v1::ReshipOrderRequest& request);
/// Without lines.
v1::Reship newReship(const v1::Order& order, const std::string& reason);

} // namespace shopfleet::orders
