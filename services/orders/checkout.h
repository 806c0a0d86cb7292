// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.pb.h"
#include "shopfleet/cart/v1/cart.pb.h"
#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace shopfleet::orders {

/// What a checkout is made of, as the other services said it.
struct Basket {
    cart::v1::ShoppingCart cart;
    inventory::v1::BatchGetVariantsResponse variants;
    accounts::v1::Customer customer; ///< Empty for a guest, or when accounts could not say.
};

/// Whether this cart may be ordered by this customer at all. A cart of somebody else is NOT_FOUND.
absl::Status checkCart(const cart::v1::ShoppingCart& cart, const std::string& customerId);

/// The lines that its items make, at the prices in it.
absl::StatusOr<std::vector<v1::OrderLine>> priceItems(
    const Basket& basket, const std::string& currency);

/// The order that the basket makes: CREATED, priced, without number and time. FAILED_PRECONDITION
/// begins with the reason (PRICE_CHANGED, NOT_FOR_SALE, …) and says the figures.
absl::StatusOr<v1::Order> checkout(const v1::PlaceOrderRequest& request, const Basket& basket);

} // namespace shopfleet::orders
