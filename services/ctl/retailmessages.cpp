// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/retailmessages.h"

#include "services/ctl/decimal.h"

#include <algorithm>
#include <fmt/format.h>

namespace shopfleet::ctl {
namespace {

constexpr char kCurrency[] = "GBP";

void set(common::v1::Money* money, int64_t minor)
{
    money->set_currency(kCurrency);
    money->set_minor(minor);
}

int64_t totalOf(const RetailOrder& order)
{
    int64_t total = 0;
    for (const RetailLine& line : order.lines)
        total += line.totalMinor;
    return total;
}

/// Of a line that counts towards a shipment.
bool isGoods(const RetailLine& line)
{
    return line.kind == orders::v1::LINE_KIND_PRODUCT && line.quantity > 0;
}

std::string shipmentId(const RetailOrder& order)
{
    return fmt::format("S-{}", order.id);
}

std::string paymentId(const RetailOrder& order)
{
    return fmt::format("P-{}", order.id);
}

void addLines(const RetailOrder& order, orders::v1::Order* message)
{
    int64_t sums[orders::v1::LineKind_ARRAYSIZE] = {};
    int number = 0;
    for (const RetailLine& line : order.lines) {
        auto* to = message->add_lines();
        to->set_id(std::to_string(++number));
        to->set_kind(line.kind);
        to->set_sku(line.sku);
        if (line.kind == orders::v1::LINE_KIND_PRODUCT)
            to->set_product_id(line.sku);
        to->set_title(line.title);
        to->set_quantity(line.quantity);
        set(to->mutable_unit_price(), roundToMinor(line.priceMicros));
        set(to->mutable_total(), line.totalMinor);
        if (order.kind == orders::v1::ORDER_KIND_SALE && isGoods(line))
            to->set_shipped(line.quantity);
        sums[line.kind] += line.totalMinor;
    }
    set(message->mutable_subtotal(), sums[orders::v1::LINE_KIND_PRODUCT]);
    set(message->mutable_shipping(), sums[orders::v1::LINE_KIND_SHIPPING]);
    set(message->mutable_fees(), sums[orders::v1::LINE_KIND_FEE]);
    set(message->mutable_discount(), -sums[orders::v1::LINE_KIND_DISCOUNT]);
    set(message->mutable_tax(), 0);
    set(message->mutable_adjustment(), sums[orders::v1::LINE_KIND_ADJUSTMENT]);
}

} // namespace

accounts::v1::Customer customerMessage(const RetailCustomer& customer)
{
    accounts::v1::Customer message;
    message.set_id(customer.id);
    message.set_state(accounts::v1::CUSTOMER_STATE_ACTIVE);
    message.set_country(customer.country);
    message.set_origin(std::string(kRetailOrigin));
    message.mutable_created_at()->set_seconds(customer.firstOrderAt);
    return message;
}

inventory::v1::Product productMessage(const RetailProduct& product)
{
    inventory::v1::Product message;
    message.set_id(product.sku);
    // What nobody ever paid for has no price to be sold at.
    message.set_state(product.priceMinor > 0 ? inventory::v1::PRODUCT_STATE_ACTIVE
                                             : inventory::v1::PRODUCT_STATE_DRAFT);
    message.set_title(product.title);
    message.set_origin(std::string(kRetailOrigin));
    auto* variant = message.add_variants();
    variant->set_sku(product.sku);
    set(variant->mutable_price(), product.priceMinor);
    return message;
}

orders::v1::Order orderMessage(const RetailOrder& order)
{
    orders::v1::Order message;
    message.set_id(order.id);
    message.set_kind(order.kind);
    const bool credit = order.kind == orders::v1::ORDER_KIND_CREDIT;
    message.set_state(
        credit ? orders::v1::ORDER_STATE_REFUNDED : orders::v1::ORDER_STATE_DELIVERED);
    message.set_customer_id(order.customer);
    message.set_country(order.country);
    message.mutable_shipping_address()->set_country(order.country);
    addLines(order, &message);
    const int64_t total = totalOf(order);
    set(message.mutable_total(), total);
    const bool paid = hasPayment(order);
    set(message.mutable_captured(), paid && !credit ? total : 0);
    set(message.mutable_refunded(), paid && credit ? -total : 0);
    if (paid)
        message.add_payment_ids(paymentId(order));
    if (hasShipment(order))
        message.add_shipment_ids(shipmentId(order));
    message.set_origin(std::string(kRetailOrigin));
    message.set_channel("import");
    message.mutable_placed_at()->set_seconds(order.placedAt);
    return message;
}

bool hasShipment(const RetailOrder& order)
{
    return order.kind == orders::v1::ORDER_KIND_SALE
        && std::any_of(order.lines.begin(), order.lines.end(), isGoods);
}

bool hasPayment(const RetailOrder& order)
{
    const int64_t total = totalOf(order);
    return (order.kind == orders::v1::ORDER_KIND_SALE && total > 0)
        || (order.kind == orders::v1::ORDER_KIND_CREDIT && total < 0);
}

deliveries::v1::Shipment shipmentMessage(const RetailOrder& order)
{
    deliveries::v1::Shipment message;
    message.set_id(shipmentId(order));
    message.set_order_id(order.id);
    message.set_customer_id(order.customer);
    message.set_direction(deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND);
    message.set_state(deliveries::v1::SHIPMENT_STATE_DELIVERED);
    message.mutable_address()->set_country(order.country);
    for (const RetailLine& line : order.lines) {
        if (!isGoods(line))
            continue;
        auto* to = message.add_lines();
        to->set_sku(line.sku);
        to->set_quantity(line.quantity);
        to->set_title(line.title);
    }
    message.set_fulfilment(1);
    message.mutable_created_at()->set_seconds(order.placedAt);
    message.set_origin(std::string(kRetailOrigin));
    return message;
}

payments::v1::Payment paymentMessage(const RetailOrder& order)
{
    payments::v1::Payment message;
    message.set_id(paymentId(order));
    message.set_order_id(order.id);
    message.set_customer_id(order.customer);
    const int64_t total = totalOf(order);
    const bool credit = order.kind == orders::v1::ORDER_KIND_CREDIT;
    message.set_state(
        credit ? payments::v1::PAYMENT_STATE_REFUNDED : payments::v1::PAYMENT_STATE_CAPTURED);
    set(message.mutable_amount(), credit ? -total : total);
    set(message.mutable_authorised(), credit ? 0 : total);
    set(message.mutable_captured(), credit ? 0 : total);
    set(message.mutable_refunded(), credit ? -total : 0);
    message.set_provider("import");
    message.set_provider_reference(order.id);
    message.set_attempt(1);
    message.mutable_created_at()->set_seconds(order.placedAt);
    return message;
}

int64_t unitsToReceive(const RetailProduct& product)
{
    constexpr int64_t kPack = 100;
    return (product.soldUnits + kPack - 1) / kPack * kPack;
}

} // namespace shopfleet::ctl
