// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What goes back to a customer, and what becomes of the order by it. Pure: no clock, no database,
// no calls.
namespace shopfleet::orders {

/// Null where there is none.
const v1::Refund* refundOf(const v1::Order& order, const std::string& id);
v1::Refund* refundOf(v1::Order* order, const std::string& id);
const v1::OrderLine* lineOf(const v1::Order& order, const std::string& id);

/// Of a line's total what its first `units` come to: rounded once for all of them, so that parts
/// add up to the whole.
std::int64_t share(const v1::OrderLine& line, std::int64_t units);

using Lines = google::protobuf::RepeatedPtrField<v1::RefundLine>;

/// What is wrong with the lines that somebody names, whatever the order is like. `field` is what
/// the request calls them.
absl::Status checkLines(const Lines& lines, std::string_view field = "lines");
/// Each is a line of goods of the order, and there once.
absl::Status checkGoods(
    const v1::Order& order, const Lines& lines, std::string_view field = "lines");
/// Units of a line that open refunds have promised money for.
std::int64_t promisedUnits(const v1::Order& order, const std::string& lineId);

/// What was taken, less what was given back and what is promised to be.
std::int64_t refundable(const v1::Order& order);

/// The refund that is asked for, with its sums, or why it cannot be: never more units of a line
/// than were bought, never more money than refundable(). The error names the field.
absl::StatusOr<v1::Refund> makeRefund(
    const v1::Order& order, const v1::RefundOrderRequest& request);
/// The same for goods that must come back first: only what has arrived and is not on its way back.
absl::StatusOr<v1::Refund> makeReturn(
    const v1::Order& order, const Lines& lines, std::string_view field, const std::string& reason);
/// Without lines and money.
v1::Refund newRefund(const v1::Order& order, const std::string& reason);

/// The goods have left: what a customer has from now on.
void ship(v1::Order& order);
/// The money is back: sums of order and lines, and REFUNDED once nothing of it is left.
void giveBack(v1::Order& order, v1::Refund& refund);
/// Goods came back: their money is due. RETURNED once all are back.
void arrive(v1::Order& order, v1::Refund& refund);

/// SKUs of the lines that go back to stock.
std::vector<std::string> restockedSkus(const v1::Order& order, const v1::Refund& refund);

} // namespace shopfleet::orders
