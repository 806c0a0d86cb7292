// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/ordertext.h"

#include "services/ctl/table.h"
#include "services/ctl/timetext.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

constexpr size_t kTitleWidth = 40;

std::string text(const common::v1::Money& money)
{
    return moneyText(money.currency(), money.minor());
}

std::string itemsText(const orders::v1::Order& order)
{
    const std::string title = shortened(order.first_title(), kTitleWidth);
    return order.line_count() > 1 ? fmt::format("{} +{}", title, order.line_count() - 1) : title;
}

void writeFact(std::ostream& out, std::string_view name, const std::string& value)
{
    if (!value.empty())
        out << fmt::format("{:<12}{}\n", name, value);
}

void writeSum(std::ostream& out, std::string_view name, const common::v1::Money& money)
{
    if (money.minor() != 0)
        writeFact(out, name, text(money));
}

void writeTimeline(const orders::v1::Order& order, std::ostream& out)
{
    if (order.timeline().empty())
        return;
    Table table({"AT", "WHAT", "WHO", "FACTS"});
    for (const auto& event : order.timeline()) {
        std::string facts;
        for (const auto& [key, value] : event.facts())
            facts += fmt::format("{}{}={}", facts.empty() ? "" : " ", key, value);
        table.add({formatTime(event.at().seconds(), event.at().nanos() / 1'000'000), event.kind(),
            event.actor().id(), facts});
    }
    out << '\n';
    table.write(out);
}

} // namespace

std::string orderStateText(const orders::v1::Order& order)
{
    std::string state = enumText(orders::v1::OrderState_Name(order.state()), "ORDER_STATE_");
    if (order.has_waiting() && !order.waiting().service().empty())
        state += fmt::format(" (waits on {})", order.waiting().service());
    if (order.held())
        state += " (held)";
    return state;
}

void writeOrders(
    const google::protobuf::RepeatedPtrField<orders::v1::Order>& orders, std::ostream& out)
{
    Table table({"ORDER", "STATE", "CUSTOMER", "ITEMS", ">UNITS", ">TOTAL", "PLACED"});
    for (const auto& order : orders)
        table.add({order.id(), orderStateText(order), order.customer_id(), itemsText(order),
            std::to_string(order.units()), text(order.total()),
            formatTime(order.placed_at().seconds())});
    table.write(out);
}

void writeOrder(const orders::v1::Order& order, std::ostream& out)
{
    writeFact(out, "Order", order.id());
    writeFact(out, "State", orderStateText(order));
    writeFact(out, "Kind", enumText(orders::v1::OrderKind_Name(order.kind()), "ORDER_KIND_"));
    writeFact(out, "Customer", order.customer_id().empty() ? "guest" : order.customer_id());
    writeFact(out, "Name", order.customer_name());
    writeFact(out, "E-mail", order.email());
    writeFact(out, "Country", order.country());
    writeFact(out, "Placed", formatTime(order.placed_at().seconds()));
    writeFact(out, "Origin", order.origin());
    writeFact(out, "Payments", fmt::format("{}", fmt::join(order.payment_ids(), ", ")));
    writeFact(out, "Shipments", fmt::format("{}", fmt::join(order.shipment_ids(), ", ")));
    writeFact(out, "Trace", order.trace_id());
    writeFact(out, "Rejected", order.reject_reason());
    if (order.has_waiting() && !order.waiting().service().empty())
        writeFact(out, "Waits on",
            fmt::format("{}.{} since {}, {} tries: {}", order.waiting().service(),
                order.waiting().method(), formatTime(order.waiting().since().seconds()),
                order.waiting().attempts(), order.waiting().last_error()));
    writeFact(out, "Note", order.note());
    out << '\n';

    Table lines({"LINE", "SKU", "TITLE", ">UNITS", ">PRICE", ">TOTAL", "KIND"});
    for (const auto& line : order.lines()) {
        const bool product = line.kind() == orders::v1::LINE_KIND_PRODUCT;
        lines.add({line.id(), line.sku(), shortened(line.title(), kTitleWidth),
            std::to_string(line.quantity()), text(line.unit_price()), text(line.total()),
            product ? "" : enumText(orders::v1::LineKind_Name(line.kind()), "LINE_KIND_")});
    }
    lines.write(out);
    out << '\n';
    writeSum(out, "Subtotal", order.subtotal());
    writeSum(out, "Shipping", order.shipping());
    writeSum(out, "Fees", order.fees());
    writeSum(out, "Discount", order.discount());
    writeSum(out, "Tax", order.tax());
    writeSum(out, "Adjustment", order.adjustment());
    writeFact(out, "Total", text(order.total()));
    writeSum(out, "Captured", order.captured());
    writeSum(out, "Refunded", order.refunded());
    writeTimeline(order, out);
}

} // namespace shopfleet::ctl
