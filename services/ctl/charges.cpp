// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/charges.h"

namespace shopfleet::ctl {
namespace {

struct Charge {
    std::string_view code;
    orders::v1::LineKind kind;
};

/// Every code of the data set that is no product; the whole set of December 2010 to December 2011
/// has no other.
constexpr Charge kCharges[] = {
    {"POST", orders::v1::LINE_KIND_SHIPPING}, // Postage.
    {"DOT", orders::v1::LINE_KIND_SHIPPING}, // Dotcom postage.
    {"C2", orders::v1::LINE_KIND_SHIPPING}, // Carriage.
    {"D", orders::v1::LINE_KIND_DISCOUNT}, {"BANK CHARGES", orders::v1::LINE_KIND_FEE},
    {"AMAZONFEE", orders::v1::LINE_KIND_FEE},
    {"CRUK", orders::v1::LINE_KIND_FEE}, // A commission for Cancer Research UK.
    {"M", orders::v1::LINE_KIND_ADJUSTMENT}, // Entered by hand.
    {"S", orders::v1::LINE_KIND_ADJUSTMENT}, // Samples.
    {"B", orders::v1::LINE_KIND_ADJUSTMENT}, // Bad debt.
    {"PADS",
        orders::v1::LINE_KIND_ADJUSTMENT}, // Pads that go with cushions, at a tenth of a penny.
};

} // namespace

orders::v1::LineKind lineKindOf(std::string_view code)
{
    for (const Charge& charge : kCharges)
        if (charge.code == code)
            return charge.kind;
    if (code.starts_with("GIFT_")) // Vouchers: money for later, nothing from a shelf.
        return orders::v1::LINE_KIND_ADJUSTMENT;
    return orders::v1::LINE_KIND_PRODUCT;
}

} // namespace shopfleet::ctl
