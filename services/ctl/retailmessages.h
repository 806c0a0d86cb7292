// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/retail.h"
#include "shopfleet/accounts/v1/accounts.pb.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"
#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"
#include "shopfleet/payments/v1/payments.pb.h"

namespace shopfleet::ctl {

/// A book's entries as the contracts say them. The same entry gives the same message, so that a
/// service can tell that nothing has changed.
constexpr std::string_view kRetailOrigin = "import:online-retail";

accounts::v1::Customer customerMessage(const RetailCustomer& customer);
inventory::v1::Product productMessage(const RetailProduct& product);
orders::v1::Order orderMessage(const RetailOrder& order);

/// Goods left the house and money changed hands for some orders only.
bool hasShipment(const RetailOrder& order);
bool hasPayment(const RetailOrder& order);
deliveries::v1::Shipment shipmentMessage(const RetailOrder& order);
payments::v1::Payment paymentMessage(const RetailOrder& order);

/// How much of a product has to be received so that it can be sold again as often as in the file.
int64_t unitsToReceive(const RetailProduct& product);

} // namespace shopfleet::ctl
