// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/searchtext.h"

#include "services/ctl/ordertext.h"
#include "services/ctl/table.h"
#include "services/ctl/text.h"
#include "services/ctl/timetext.h"

#include <ostream>
#include <sstream>

namespace shopfleet::ctl {
namespace {

constexpr size_t kTitleWidth = 48;

std::string quoted(const std::string& word)
{
    std::string text = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\')
            text += '\\';
        text += c;
    }
    return text + '"';
}

} // namespace

std::string searchFilter(const std::vector<std::string>& text)
{
    std::string filter;
    for (const std::string& part : text) {
        std::istringstream words(simplified(part));
        for (std::string word; words >> word;)
            filter += (filter.empty() ? "" : " ") + quoted(word);
    }
    return filter;
}

void writeFound(const orders::v1::ListOrdersResponse& found, std::ostream& out)
{
    writeOrders(found.orders(), out);
}

void writeFound(const accounts::v1::ListCustomersResponse& found, std::ostream& out)
{
    Table table({"CUSTOMER", "NAME", "E-MAIL", "COUNTRY", "SINCE"});
    for (const auto& customer : found.customers())
        table.add({customer.id(), customer.name(), customer.email(), customer.country(),
            formatTime(customer.created_at().seconds())});
    table.write(out);
}

void writeFound(const inventory::v1::ListProductsResponse& found, std::ostream& out)
{
    Table table({"SKU", "TITLE", ">PRICE", ">AVAILABLE", "STATE"});
    for (const auto& product : found.products())
        for (const auto& variant : product.variants())
            table.add({variant.sku(), shortened(product.title(), kTitleWidth),
                moneyText(variant.price().currency(), variant.price().minor()),
                std::to_string(variant.stock().available()),
                enumText(inventory::v1::ProductState_Name(product.state()), "PRODUCT_STATE_")});
    table.write(out);
}

void writeFound(const deliveries::v1::ListShipmentsResponse& found, std::ostream& out)
{
    Table table({"SHIPMENT", "ORDER", "STATE", "CARRIER", "TRACKING", "PLANNED"});
    for (const auto& shipment : found.shipments())
        table.add({shipment.id(), shipment.order_id(),
            enumText(deliveries::v1::ShipmentState_Name(shipment.state()), "SHIPMENT_STATE_"),
            shipment.carrier(), shipment.tracking_number(),
            formatTime(shipment.created_at().seconds())});
    table.write(out);
}

void writeFound(const payments::v1::ListPaymentsResponse& found, std::ostream& out)
{
    Table table({"PAYMENT", "ORDER", "STATE", ">AMOUNT", ">REFUNDED", "CREATED"});
    for (const auto& payment : found.payments())
        table.add({payment.id(), payment.order_id(),
            enumText(payments::v1::PaymentState_Name(payment.state()), "PAYMENT_STATE_"),
            moneyText(payment.amount().currency(), payment.amount().minor()),
            moneyText(payment.refunded().currency(), payment.refunded().minor()),
            formatTime(payment.created_at().seconds())});
    table.write(out);
}

} // namespace shopfleet::ctl
