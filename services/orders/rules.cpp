// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/rules.h"

#include "services/runtime/money.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

namespace shopfleet::orders {
namespace {

using runtime::checkedAdd;

/// The sums of an order by the kind of its lines, each of which may overflow only once.
struct Sums {
    std::int64_t product = 0;
    std::int64_t shipping = 0;
    std::int64_t discount = 0;
    std::int64_t fee = 0;
    std::int64_t adjustment = 0;
    std::int64_t units = 0;

    std::int64_t* of(v1::LineKind kind)
    {
        switch (kind) {
        case v1::LINE_KIND_PRODUCT:
            return &product;
        case v1::LINE_KIND_SHIPPING:
            return &shipping;
        case v1::LINE_KIND_DISCOUNT:
            return &discount;
        case v1::LINE_KIND_FEE:
            return &fee;
        case v1::LINE_KIND_ADJUSTMENT:
            return &adjustment;
        default:
            return nullptr;
        }
    }
};

/// A sum stays far enough from the edge of 64 bits that its negative and sums of a few sums fit,
/// too.
bool add(std::int64_t& sum, std::int64_t value)
{
    constexpr std::int64_t kMost = 1'000'000'000'000'000'000;
    const auto result = checkedAdd(sum, value);
    if (!result || *result > kMost || *result < -kMost)
        return false;
    sum = *result;
    return true;
}

/// Takes what was given if it agrees with the lines' sum, or fills it in.
absl::Status agree(common::v1::Money* money, bool given, std::int64_t sum,
    const std::string& currency, const std::string& field)
{
    if (given && money->currency() != currency)
        return runtime::invalidField(
            field + ".currency", runtime::text("must be ", currency, ", as the total's"));
    if (given && money->minor() != sum)
        return runtime::invalidField(field + ".minor",
            runtime::text("is ", money->minor(), " and the lines add up to ", sum));
    money->set_currency(currency);
    money->set_minor(sum);
    return absl::OkStatus();
}

absl::Status checkLine(
    const v1::OrderLine& line, const std::string& currency, const std::string& path)
{
    if (!v1::LineKind_IsValid(line.kind()) || line.kind() == v1::LINE_KIND_UNSPECIFIED)
        return runtime::invalidField(path + ".kind", "must be one of LineKind's");
    if (line.kind() == v1::LINE_KIND_PRODUCT && line.sku().empty())
        return runtime::invalidField(path + ".sku", "must not be empty");
    if (line.quantity() > kLargestQuantity || line.quantity() < -kLargestQuantity)
        return runtime::invalidField(path + ".quantity", "must be -1,000,000,000 to 1,000,000,000");
    if (!line.has_total())
        return runtime::invalidField(path + ".total", "must be set");
    if (line.total().currency() != currency)
        return runtime::invalidField(path + ".total.currency",
            runtime::text("must be ", currency, ", as the order's total"));
    if (line.has_unit_price() && line.unit_price().currency() != currency)
        return runtime::invalidField(path + ".unit_price.currency",
            runtime::text("must be ", currency, ", as the order's total"));
    if (auto status = checkText(line.sku(), path + ".sku", 64); !status.ok())
        return status;
    if (auto status = checkText(line.title(), path + ".title", 500); !status.ok())
        return status;
    return runtime::checkAmount(
        path + ".total", line.total().currency(), line.total().minor(), runtime::Amount::Any);
}

absl::Status sumLines(v1::Order& order, const std::string& path, Sums& sums)
{
    const std::string& currency = order.total().currency();
    for (int i = 0; i < order.lines_size(); ++i) {
        v1::OrderLine& line = *order.mutable_lines(i);
        const std::string field = runtime::text(path, ".lines[", i, "]");
        if (auto status = checkLine(line, currency, field); !status.ok())
            return status;
        if (line.id().empty())
            line.set_id(std::to_string(i + 1));
        if (!add(*sums.of(line.kind()), line.total().minor()))
            return runtime::invalidField(field + ".total.minor", "makes the sum too large");
        if (line.kind() == v1::LINE_KIND_PRODUCT && !add(sums.units, line.quantity()))
            return runtime::invalidField(field + ".quantity", "makes the sum too large");
        if (order.first_title().empty())
            order.set_first_title(line.title().empty() ? line.sku() : line.title());
    }
    return absl::OkStatus();
}

} // namespace

absl::Status checkText(std::string_view text, std::string_view field, std::size_t most)
{
    if (text.size() > most)
        return runtime::invalidField(field, runtime::text("must be at most ", most, " bytes"));
    for (const char c : text)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f)
            return runtime::invalidField(field, "must not hold control characters");
    return absl::OkStatus();
}

bool mayMove(v1::OrderState from, v1::OrderState to)
{
    switch (to) {
    case v1::ORDER_STATE_RESERVED:
        return from == v1::ORDER_STATE_CREATED;
    case v1::ORDER_STATE_AUTHORISED:
        return from == v1::ORDER_STATE_RESERVED;
    case v1::ORDER_STATE_CONFIRMED:
        return from == v1::ORDER_STATE_AUTHORISED;
    case v1::ORDER_STATE_SHIPPED:
        return from == v1::ORDER_STATE_CONFIRMED;
    case v1::ORDER_STATE_DELIVERED:
        return from == v1::ORDER_STATE_SHIPPED;
    case v1::ORDER_STATE_REJECTED:
        return from == v1::ORDER_STATE_CREATED || from == v1::ORDER_STATE_RESERVED;
    case v1::ORDER_STATE_CANCELLED:
        return isCancellable(from);
    case v1::ORDER_STATE_RETURNED:
        return from == v1::ORDER_STATE_SHIPPED || from == v1::ORDER_STATE_DELIVERED;
    case v1::ORDER_STATE_REFUNDED:
        return from == v1::ORDER_STATE_SHIPPED || from == v1::ORDER_STATE_DELIVERED
            || from == v1::ORDER_STATE_RETURNED;
    default:
        return false;
    }
}

bool isFinal(v1::OrderState state)
{
    return state == v1::ORDER_STATE_CANCELLED || state == v1::ORDER_STATE_REJECTED
        || state == v1::ORDER_STATE_REFUNDED;
}

bool isDecided(v1::OrderState state)
{
    return state >= v1::ORDER_STATE_CONFIRMED;
}

bool isRevenue(const v1::Order& order)
{
    return order.kind() != v1::ORDER_KIND_ADJUSTMENT && order.state() != v1::ORDER_STATE_REJECTED
        && order.state() != v1::ORDER_STATE_CANCELLED;
}

bool isOfElsewhere(const v1::Order& order)
{
    return order.origin().rfind("import:", 0) == 0 || order.origin() == "load";
}

bool isCancellable(v1::OrderState state)
{
    return state >= v1::ORDER_STATE_CREATED && state <= v1::ORDER_STATE_CONFIRMED;
}

absl::Status settleSums(v1::Order& order, const std::string& path)
{
    if (!order.has_total())
        return runtime::invalidField(path + ".total", "must be set");
    const std::string currency = order.total().currency();
    if (auto status = runtime::checkAmount(
            path + ".total", currency, order.total().minor(), runtime::Amount::Any);
        !status.ok())
        return status;

    Sums sums;
    order.clear_first_title();
    if (auto status = sumLines(order, path, sums); !status.ok())
        return status;
    std::int64_t total = sums.product;
    for (const std::int64_t part :
        {sums.shipping, sums.fee, sums.discount, sums.adjustment, order.tax().minor()})
        if (!add(total, part))
            return runtime::invalidField(path + ".total.minor", "is too large");

    const struct {
        common::v1::Money* money;
        bool given;
        std::int64_t sum;
        const char* name;
    } parts[] = {
        {order.mutable_tax(), order.tax().minor() != 0, order.tax().minor(), "tax"},
        {order.mutable_subtotal(), order.subtotal().ByteSizeLong() > 0, sums.product, "subtotal"},
        {order.mutable_shipping(), order.shipping().ByteSizeLong() > 0, sums.shipping, "shipping"},
        {order.mutable_fees(), order.fees().ByteSizeLong() > 0, sums.fee, "fees"},
        {order.mutable_discount(), order.discount().ByteSizeLong() > 0, -sums.discount, "discount"},
        {order.mutable_adjustment(), order.adjustment().ByteSizeLong() > 0, sums.adjustment,
            "adjustment"},
        {order.mutable_total(), true, total, "total"},
    };
    for (const auto& part : parts)
        if (auto status = agree(
                part.money, part.given, part.sum, currency, runtime::text(path, ".", part.name));
            !status.ok())
            return status;
    order.set_units(sums.units);
    order.set_line_count(order.lines_size());
    return absl::OkStatus();
}

absl::Status settleAnew(v1::Order& order)
{
    order.clear_subtotal();
    order.clear_adjustment();
    return settleSums(order, "order");
}

} // namespace shopfleet::orders
