// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

// Goods against other goods: a return whose money pays for what is sent instead. Pure: no clock, no
// database, no calls.
//
// The new goods become lines of the order, and a credit takes their price off it, so that the total
// stays what was paid for. What they leave of the returned goods' worth is given back once those
// are here. They can be returned in their turn, like any other line.
namespace shopfleet::orders {

/// What can be said of a request without the order; the error names the field.
absl::Status checkExchange(const v1::ExchangeOrderRequest& request);

/// Adds the return, what is sent instead and its lines, at the prices that inventory says now.
/// Refused where the new goods cost more than what comes back: nobody is charged here.
absl::Status exchange(v1::Order& order, const v1::ExchangeOrderRequest& request,
    const inventory::v1::BatchGetVariantsResponse& variants);

/// The new goods have left.
void sendExchanged(v1::Order& order, const v1::Reship& reship);

/// They cannot be sent: the exchange becomes a plain return.
void undoExchange(v1::Order& order, const v1::Reship& reship);

} // namespace shopfleet::orders
