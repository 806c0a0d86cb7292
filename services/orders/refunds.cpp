// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/refunds.h"

#include "services/orders/rules.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <set>

namespace shopfleet::orders {
namespace {

bool isOpen(const v1::Refund& refund)
{
    return refund.state() != v1::REFUND_STATE_DONE;
}

/// Units of a line that are on their way back.
std::int64_t expectedUnits(const v1::Order& order, const std::string& lineId)
{
    std::int64_t units = 0;
    for (const v1::Refund& refund : order.refunds())
        for (const v1::RefundLine& line : refund.lines())
            if (line.line_id() == lineId
                && (refund.state() == v1::REFUND_STATE_RETURN_ASKED
                    || refund.state() == v1::REFUND_STATE_AWAITING_GOODS))
                units += line.quantity();
    return units;
}

std::int64_t shippingGivenBack(const v1::Order& order)
{
    std::int64_t sum = 0;
    for (const v1::Refund& refund : order.refunds())
        sum += refund.shipping().minor();
    return sum;
}

/// Adds up the lines' money; refuses a line that is not there, or not any more.
absl::StatusOr<std::int64_t> sumOf(
    const v1::Order& order, const Lines& lines, std::string_view field, bool asReturn)
{
    if (auto status = checkGoods(order, lines, field); !status.ok())
        return status;
    std::int64_t sum = 0;
    for (int i = 0; i < lines.size(); ++i) {
        const v1::RefundLine& asked = lines[i];
        const std::string path = runtime::text(field, "[", i, "]");
        const v1::OrderLine* line = lineOf(order, asked.line_id());
        const std::int64_t promised = promisedUnits(order, asked.line_id());
        // What is sent in exchange has no money of its own before it has left.
        const std::int64_t units = line->exchange_id().empty() ? line->quantity() : line->shipped();
        std::int64_t most = units - line->refunded() - promised;
        if (asReturn)
            most = std::min(
                most, line->shipped() - line->returned() - expectedUnits(order, asked.line_id()));
        if (asked.quantity() > most)
            return runtime::invalidField(path + ".quantity",
                runtime::text("is more than the ", std::max<std::int64_t>(most, 0), " units left"));
        const std::int64_t before = line->refunded() + promised;
        sum += share(*line, before + asked.quantity()) - share(*line, before);
    }
    return sum;
}

absl::Status checkMoney(
    const v1::Order& order, bool given, const common::v1::Money& money, const std::string& field)
{
    if (!given)
        return absl::OkStatus();
    if (auto status
        = runtime::checkAmount(field, money.currency(), money.minor(), runtime::Amount::Positive);
        !status.ok())
        return status;
    if (money.currency() != order.total().currency())
        return runtime::invalidField(
            field + ".currency", "must be " + order.total().currency() + ", as the order's");
    return absl::OkStatus();
}

absl::Status checkRefundable(const v1::Order& order)
{
    const std::string name = "order " + order.id();
    if (isOfElsewhere(order))
        return runtime::failedPrecondition(
            "PAID_ELSEWHERE", name, "was paid elsewhere: its money cannot be given back from here");
    if (order.captured().minor() <= 0)
        return runtime::failedPrecondition("NOT_CAPTURED", name,
            "has no money taken yet: cancel it, or refund it once it is shipped");
    return absl::OkStatus();
}

void set(common::v1::Money& money, const v1::Order& order, std::int64_t minor)
{
    money.set_currency(order.total().currency());
    money.set_minor(minor);
}

bool allUnitsAreBack(const v1::Order& order)
{
    return std::ranges::all_of(order.lines(), [](const v1::OrderLine& line) {
        return line.kind() != v1::LINE_KIND_PRODUCT || line.returned() >= line.quantity();
    });
}

} // namespace

const v1::Refund* refundOf(const v1::Order& order, const std::string& id)
{
    const auto found = std::ranges::find(order.refunds(), id, &v1::Refund::id);
    return found == order.refunds().end() ? nullptr : &*found;
}

v1::Refund* refundOf(v1::Order* order, const std::string& id)
{
    for (v1::Refund& refund : *order->mutable_refunds())
        if (refund.id() == id)
            return &refund;
    return nullptr;
}

const v1::OrderLine* lineOf(const v1::Order& order, const std::string& id)
{
    const auto found = std::ranges::find(order.lines(), id, &v1::OrderLine::id);
    return found == order.lines().end() ? nullptr : &*found;
}

std::int64_t share(const v1::OrderLine& line, std::int64_t units)
{
    // Apart, so that nothing overflows: a line has at most kLargestQuantity units.
    const std::int64_t each = line.total().minor() / line.quantity();
    const std::int64_t rest = line.total().minor() % line.quantity();
    return each * units + (rest * units + line.quantity() / 2) / line.quantity();
}

absl::Status checkLines(const Lines& lines, std::string_view field)
{
    if (lines.size() > kMostLines)
        return runtime::invalidField(field, runtime::text("must be at most ", kMostLines));
    for (int i = 0; i < lines.size(); ++i)
        if (lines[i].quantity() < 1 || lines[i].quantity() > kLargestQuantity)
            return runtime::invalidField(runtime::text(field, "[", i, "].quantity"),
                runtime::text("must be 1 to ", kLargestQuantity));
    return absl::OkStatus();
}

absl::Status checkGoods(const v1::Order& order, const Lines& lines, std::string_view name)
{
    std::set<std::string> seen;
    for (int i = 0; i < lines.size(); ++i) {
        const std::string field = runtime::text(name, "[", i, "].line_id");
        const v1::OrderLine* line = lineOf(order, lines[i].line_id());
        if (!line || line->kind() != v1::LINE_KIND_PRODUCT)
            return runtime::invalidField(field, "is no line of goods of this order");
        if (!seen.insert(lines[i].line_id()).second)
            return runtime::invalidField(field, "is there twice");
    }
    return absl::OkStatus();
}

std::int64_t promisedUnits(const v1::Order& order, const std::string& lineId)
{
    std::int64_t units = 0;
    for (const v1::Refund& refund : order.refunds())
        for (const v1::RefundLine& line : refund.lines())
            if (isOpen(refund) && line.line_id() == lineId)
                units += line.quantity();
    return units;
}

std::int64_t refundable(const v1::Order& order)
{
    std::int64_t left = order.captured().minor() - order.refunded().minor();
    for (const v1::Refund& refund : order.refunds())
        if (isOpen(refund))
            left -= refund.total().minor();
    return left;
}

absl::StatusOr<v1::Refund> makeRefund(const v1::Order& order, const v1::RefundOrderRequest& request)
{
    if (auto status = checkText(request.reason(), "reason", 1000); !status.ok())
        return status;
    for (const auto& [given, money, field] :
        {std::tuple(request.has_shipping(), &request.shipping(), "shipping"),
            {request.has_amount(), &request.amount(), "amount"}})
        if (auto status = checkMoney(order, given, *money, field); !status.ok())
            return status;
    if (auto status = checkLines(request.lines()); !status.ok())
        return status;
    if (request.lines().empty() && !request.has_shipping() && !request.has_amount())
        return runtime::invalidField("lines", "or shipping or amount must say what to give back");
    if (auto status = checkRefundable(order); !status.ok())
        return status;
    const auto sum = sumOf(order, request.lines(), "lines", false);
    if (!sum.ok())
        return sum.status();
    const std::int64_t shippingLeft = order.shipping().minor() - shippingGivenBack(order);
    if (request.shipping().minor() > shippingLeft)
        return runtime::invalidField("shipping.minor",
            runtime::text("is more than the ",
                runtime::amountText(shippingLeft, order.total().currency()),
                " of shipping that are left"));
    const auto some = runtime::checkedAdd(*sum, request.shipping().minor());
    const auto total = some ? runtime::checkedAdd(*some, request.amount().minor()) : std::nullopt;
    if (!total || *total > refundable(order))
        return runtime::failedPrecondition("MORE_THAN_CAPTURED", "order " + order.id(),
            runtime::text("has ", runtime::amountText(refundable(order), order.total().currency()),
                " left to give back"));
    if (*total <= 0)
        return runtime::failedPrecondition(
            "NOTHING_TO_REFUND", "order " + order.id(), "these lines were free of charge");
    v1::Refund refund = newRefund(order, request.reason());
    refund.set_state(v1::REFUND_STATE_PENDING);
    *refund.mutable_lines() = request.lines();
    if (request.has_shipping())
        *refund.mutable_shipping() = request.shipping();
    if (request.has_amount())
        *refund.mutable_amount() = request.amount();
    set(*refund.mutable_total(), order, *total);
    return refund;
}

absl::StatusOr<v1::Refund> makeReturn(
    const v1::Order& order, const Lines& lines, std::string_view field, const std::string& reason)
{
    if (auto status = checkText(reason, "reason", 1000); !status.ok())
        return status;
    if (auto status = checkLines(lines, field); !status.ok())
        return status;
    if (lines.empty())
        return runtime::invalidField(field, "must say which goods come back");
    if (auto status = checkRefundable(order); !status.ok())
        return status;
    if (order.state() == v1::ORDER_STATE_SHIPPED)
        return runtime::failedPrecondition("NOT_ARRIVED", "order " + order.id(),
            "is on its way: goods come back once they have arrived");
    const auto sum = sumOf(order, lines, field, true);
    if (!sum.ok())
        return sum.status();
    if (*sum > refundable(order))
        return runtime::failedPrecondition("MORE_THAN_CAPTURED", "order " + order.id(),
            "the money of these lines was given back already");
    if (*sum <= 0)
        return runtime::failedPrecondition(
            "NOTHING_TO_REFUND", "order " + order.id(), "these lines were free of charge");
    v1::Refund refund = newRefund(order, reason);
    refund.set_state(v1::REFUND_STATE_RETURN_ASKED);
    *refund.mutable_lines() = lines;
    set(*refund.mutable_total(), order, *sum);
    return refund;
}

v1::Refund newRefund(const v1::Order& order, const std::string& reason)
{
    v1::Refund refund;
    refund.set_id(runtime::text("R", order.refunds_size() + 1));
    refund.set_reason(reason);
    return refund;
}

void ship(v1::Order& order)
{
    order.set_state(v1::ORDER_STATE_SHIPPED);
    for (v1::OrderLine& line : *order.mutable_lines())
        if (line.kind() == v1::LINE_KIND_PRODUCT)
            line.set_shipped(line.quantity());
}

void giveBack(v1::Order& order, v1::Refund& refund)
{
    if (!isOpen(refund))
        return;
    refund.set_state(v1::REFUND_STATE_DONE);
    set(*order.mutable_refunded(), order, order.refunded().minor() + refund.total().minor());
    for (const v1::RefundLine& back : refund.lines())
        for (v1::OrderLine& line : *order.mutable_lines())
            if (line.id() == back.line_id())
                line.set_refunded(line.refunded() + back.quantity());
    if (order.refunded().minor() >= order.captured().minor()
        && mayMove(order.state(), v1::ORDER_STATE_REFUNDED))
        order.set_state(v1::ORDER_STATE_REFUNDED);
}

void arrive(v1::Order& order, v1::Refund& refund)
{
    if (refund.state() != v1::REFUND_STATE_AWAITING_GOODS)
        return;
    refund.set_state(v1::REFUND_STATE_PENDING);
    for (const v1::RefundLine& back : refund.lines())
        for (v1::OrderLine& line : *order.mutable_lines())
            if (line.id() == back.line_id())
                line.set_returned(line.returned() + back.quantity());
    if (allUnitsAreBack(order) && mayMove(order.state(), v1::ORDER_STATE_RETURNED))
        order.set_state(v1::ORDER_STATE_RETURNED);
    // Where other goods were worth the same, there is no money to send back.
    if (refund.total().minor() == 0
        && std::ranges::none_of(refund.lines(), &v1::RefundLine::restock))
        giveBack(order, refund);
}

std::vector<std::string> restockedSkus(const v1::Order& order, const v1::Refund& refund)
{
    std::vector<std::string> skus;
    for (const v1::RefundLine& back : refund.lines())
        if (const v1::OrderLine* line = lineOf(order, back.line_id()); line && back.restock())
            skus.push_back(line->sku());
    return skus;
}

} // namespace shopfleet::orders
