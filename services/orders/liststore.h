// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

namespace shopfleet::orders {

/// A page of orders. What it costs does not grow with the page's position or the number of orders,
/// by these rules:
/// - By placed_at, of all orders or of one state: any position, and an exact total.
/// - With words: the latest 10,000 finds, in whatever order; total_size says at most 10,001, which
///   means "more". Where other conditions leave 2,000 orders or fewer, all of those are searched.
/// - Else: total_size up to 10,001 likewise; pages may be read on beyond it.
absl::StatusOr<v1::ListOrdersResponse> listOrders(
    runtime::Connection& db, const v1::ListOrdersRequest& request);

/// The customer's own, the latest first.
absl::StatusOr<v1::ListOrdersResponse> listMyOrders(
    runtime::Connection& db, const v1::ListMyOrdersRequest& request);

} // namespace shopfleet::orders
