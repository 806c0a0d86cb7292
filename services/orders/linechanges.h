// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/deliveries/v1/deliveries.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

// Fewer units of an order that has not left. Pure: no clock, no database, no calls.
namespace shopfleet::orders {

/// The change that leads to the lines that are asked for, or why it cannot be: an order only gets
/// smaller, and something that costs money stays in it. The error names the field. Without an id.
absl::StatusOr<v1::LinesChange> makeLinesChange(const v1::Order& order, const v1::Order& wanted);

/// What was in a part of its parcel that deliveries has called off.
v1::LinesChange changeWithout(const v1::Order& order, const deliveries::v1::Shipment& part);

/// Drops what people asked for; what deliveries did stays so. True if there was something.
bool forgetAsked(v1::Order& order);

/// The order is paid for: parts that were called off are given back, and go back to stock.
void refundCalledOff(v1::Order& order);

/// The first of the order's changes is carried out: its lines and the sums that follow.
void takeLines(v1::Order& order);

/// "85123A 6 → 4, 71053 2 → 0": for the timeline.
std::string textOf(const v1::Order& order, const v1::LinesChange& change);

} // namespace shopfleet::orders
