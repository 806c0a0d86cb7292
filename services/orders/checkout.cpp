// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/checkout.h"

#include "services/orders/rules.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <absl/strings/ascii.h>

#include <unordered_map>

namespace shopfleet::orders {
namespace {

using VariantsBySku = std::unordered_map<std::string, const inventory::v1::PricedVariant*>;

absl::Status refused(const char* reason, const std::string& subject, std::string_view why)
{
    return runtime::failedPrecondition(reason, subject, why);
}

absl::StatusOr<v1::OrderLine> priceLine(
    const cart::v1::CartItem& item, const VariantsBySku& variants, const std::string& currency)
{
    const auto found = variants.find(absl::AsciiStrToLower(item.sku()));
    if (found == variants.end())
        return refused("NOT_FOR_SALE", item.sku(), "is not known to inventory");
    const inventory::v1::PricedVariant& priced = *found->second;
    if (priced.product_state() != inventory::v1::PRODUCT_STATE_ACTIVE)
        return refused("NOT_FOR_SALE", item.sku(), "is not active");
    if (item.quantity() < 1)
        return refused("BAD_QUANTITY", item.sku(), "the cart's quantity is not positive");
    const common::v1::Money& price = priced.variant().price();
    if (price.currency() != currency)
        return refused("CURRENCY_MISMATCH", item.sku(),
            runtime::text("is priced in ", price.currency(), ", not in ", currency));
    const auto total = runtime::checkedMultiply(price.minor(), item.quantity());
    if (!total || price.minor() < 0 || *total > runtime::kLargestAmount)
        return refused("BAD_QUANTITY", item.sku(), "price times quantity is out of bounds");

    v1::OrderLine line;
    line.set_kind(v1::LINE_KIND_PRODUCT);
    line.set_sku(priced.variant().sku());
    line.set_product_id(priced.product_id());
    line.set_title(priced.product_title());
    if (!priced.variant().title().empty())
        absl::StrAppend(line.mutable_title(), ", ", priced.variant().title());
    line.set_quantity(item.quantity());
    *line.mutable_unit_price() = price;
    line.mutable_total()->set_currency(currency);
    line.mutable_total()->set_minor(*total);
    return line;
}

std::string orderCurrency(const Basket& basket)
{
    if (!basket.cart.currency().empty())
        return basket.cart.currency();
    return basket.variants.variants().empty()
        ? std::string()
        : basket.variants.variants(0).variant().price().currency();
}

absl::Status addLines(v1::Order& order, const Basket& basket)
{
    const std::string currency = orderCurrency(basket);
    auto lines = priceItems(basket, currency);
    if (!lines.ok())
        return lines.status();
    std::int64_t total = 0;
    for (v1::OrderLine& line : *lines) {
        const auto sum = runtime::checkedAdd(total, line.total().minor());
        if (!sum)
            return refused("BAD_QUANTITY", "cart", "the total is out of bounds");
        total = *sum;
        *order.add_lines() = std::move(line);
    }
    order.mutable_total()->set_currency(currency);
    order.mutable_total()->set_minor(total);
    if (total <= 0)
        return refused("NOTHING_TO_PAY", "cart", "the total is not positive");
    if (auto status = settleSums(order, "order"); !status.ok())
        return refused("BAD_QUANTITY", "cart", std::string(status.message()));
    return absl::OkStatus();
}

void addPerson(v1::Order& order, const v1::PlaceOrderRequest& request, const Basket& basket)
{
    order.set_customer_id(request.customer_id());
    *order.mutable_shipping_address() = request.shipping_address();
    order.set_country(request.shipping_address().country());
    order.set_email(basket.customer.email());
    order.set_customer_name(basket.customer.name().empty() ? request.shipping_address().name()
                                                           : basket.customer.name());
}

} // namespace

absl::StatusOr<std::vector<v1::OrderLine>> priceItems(
    const Basket& basket, const std::string& currency)
{
    VariantsBySku variants;
    for (const auto& priced : basket.variants.variants())
        variants.emplace(absl::AsciiStrToLower(priced.variant().sku()), &priced);
    std::vector<v1::OrderLine> lines;
    for (const cart::v1::CartItem& item : basket.cart.items()) {
        auto line = priceLine(item, variants, currency);
        if (!line.ok())
            return line.status();
        lines.push_back(*std::move(line));
    }
    return lines;
}

absl::Status checkCart(const cart::v1::ShoppingCart& cart, const std::string& customerId)
{
    if (!cart.customer_id().empty() && cart.customer_id() != customerId)
        return runtime::notFound("cart", cart.id());
    if (cart.state() == cart::v1::CART_STATE_ORDERED)
        return refused("CART_ORDERED", "cart", runtime::text("became order ", cart.order_id()));
    if (cart.state() != cart::v1::CART_STATE_OPEN)
        return refused("CART_CLOSED", "cart", "is not open");
    if (cart.items().empty())
        return refused("CART_EMPTY", "cart", "holds nothing");
    if (cart.items_size() > 1000)
        return refused("CART_TOO_LARGE", "cart", "at most 1,000 lines are ordered at once");
    return absl::OkStatus();
}

absl::StatusOr<v1::Order> checkout(const v1::PlaceOrderRequest& request, const Basket& basket)
{
    if (basket.customer.state() == accounts::v1::CUSTOMER_STATE_BLOCKED
        || basket.customer.state() == accounts::v1::CUSTOMER_STATE_ERASED)
        return refused("CUSTOMER_BLOCKED", "customer", "may not order");
    v1::Order order;
    order.set_kind(v1::ORDER_KIND_SALE);
    order.set_state(v1::ORDER_STATE_CREATED);
    order.set_cart_id(basket.cart.id());
    order.set_origin("web");
    order.set_channel("web");
    addPerson(order, request, basket);
    if (auto status = addLines(order, basket); !status.ok())
        return status;
    if (request.has_expected_total()
        && (request.expected_total().currency() != order.total().currency()
            || request.expected_total().minor() != order.total().minor()))
        return refused("PRICE_CHANGED", "expected_total",
            runtime::text("the total is ", order.total().minor(), " ", order.total().currency(),
                " in minor units, not ", request.expected_total().minor(), " ",
                request.expected_total().currency()));
    return order;
}

} // namespace shopfleet::orders
