// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <string_view>

namespace shopfleet::ctl {

/// What a stock code of the Online Retail files stands for: a product, or one of the charges that
/// were entered among the goods. `code` is trimmed and upper case.
orders::v1::LineKind lineKindOf(std::string_view code);

} // namespace shopfleet::ctl
