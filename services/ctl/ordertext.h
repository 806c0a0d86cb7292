// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <iosfwd>
#include <string>

namespace shopfleet::ctl {

/// "DELIVERED", and what it waits on if it does.
std::string orderStateText(const orders::v1::Order& order);

void writeOrders(
    const google::protobuf::RepeatedPtrField<orders::v1::Order>& orders, std::ostream& out);

/// Everything about one: head, lines, sums, timeline.
void writeOrder(const orders::v1::Order& order, std::ostream& out);

} // namespace shopfleet::ctl
