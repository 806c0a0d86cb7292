// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.pb.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"
#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace shopfleet::ctl {

/// Each word quoted, so that nothing that a person types is read as an operator.
std::string searchFilter(const std::vector<std::string>& text);

void writeFound(const orders::v1::ListOrdersResponse& found, std::ostream& out);
void writeFound(const accounts::v1::ListCustomersResponse& found, std::ostream& out);
void writeFound(const inventory::v1::ListProductsResponse& found, std::ostream& out);
void writeFound(const deliveries::v1::ListShipmentsResponse& found, std::ostream& out);
void writeFound(const payments::v1::ListPaymentsResponse& found, std::ostream& out);

} // namespace shopfleet::ctl
