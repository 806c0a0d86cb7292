// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/exchanges.h"

#include "services/orders/checkout.h"
#include "services/orders/refunds.h"
#include "services/orders/reships.h"
#include "services/orders/rules.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <set>

namespace shopfleet::orders {
namespace {

constexpr int kMostGoods = 100;

std::int64_t sumOf(const std::vector<v1::OrderLine>& lines)
{
    std::int64_t sum = 0;
    for (const v1::OrderLine& line : lines)
        sum += line.total().minor();
    return sum;
}

void setMoney(common::v1::Money& money, const v1::Order& order, std::int64_t minor)
{
    money.set_currency(order.total().currency());
    money.set_minor(minor);
}

void addLines(v1::Order& order, std::vector<v1::OrderLine> goods, v1::Reship& reship)
{
    const std::int64_t price = sumOf(goods);
    for (v1::OrderLine& line : goods) {
        line.set_id(runtime::text(reship.id(), "-", reship.lines_size() + 1));
        line.set_exchange_id(reship.exchange_id());
        v1::RefundLine& sent = *reship.add_lines();
        sent.set_line_id(line.id());
        sent.set_quantity(line.quantity());
        *order.add_lines() = std::move(line);
    }
    v1::OrderLine& credit = *order.add_lines();
    credit.set_id(reship.id() + "-credit");
    credit.set_kind(v1::LINE_KIND_ADJUSTMENT);
    credit.set_quantity(1);
    credit.set_exchange_id(reship.exchange_id());
    setMoney(*credit.mutable_unit_price(), order, -price);
    setMoney(*credit.mutable_total(), order, -price);
}

} // namespace

absl::Status checkExchange(const v1::ExchangeOrderRequest& request)
{
    if (auto status = checkText(request.reason(), "reason", 1000); !status.ok())
        return status;
    if (request.in().empty())
        return runtime::invalidField("in", "must say which goods are sent instead");
    if (request.in_size() > kMostGoods)
        return runtime::invalidField("in", runtime::text("must be at most ", kMostGoods));
    std::set<std::string> seen;
    for (int i = 0; i < request.in_size(); ++i) {
        const v1::ExchangeGoods& goods = request.in(i);
        const std::string path = runtime::text("in[", i, "]");
        if (goods.sku().empty())
            return runtime::invalidField(path + ".sku", "must be set");
        if (auto status = checkText(goods.sku(), path + ".sku", 64); !status.ok())
            return status;
        if (goods.quantity() < 1 || goods.quantity() > kLargestQuantity)
            return runtime::invalidField(
                path + ".quantity", runtime::text("must be 1 to ", kLargestQuantity));
        if (!seen.insert(goods.sku()).second)
            return runtime::invalidField(path + ".sku", "is there twice");
    }
    return absl::OkStatus();
}

absl::Status exchange(v1::Order& order, const v1::ExchangeOrderRequest& request,
    const inventory::v1::BatchGetVariantsResponse& variants)
{
    auto back = makeReturn(order, request.out(), "out", request.reason());
    if (!back.ok())
        return back.status();
    Basket basket;
    for (const v1::ExchangeGoods& goods : request.in()) {
        auto* item = basket.cart.add_items();
        item->set_sku(goods.sku());
        item->set_quantity(goods.quantity());
    }
    basket.variants = variants;
    auto goods = priceItems(basket, order.total().currency());
    if (!goods.ok())
        return goods.status();
    const std::int64_t price = sumOf(*goods);
    const std::int64_t left = back->total().minor() - price;
    if (left < 0)
        return runtime::failedPrecondition("COSTS_MORE", "order " + order.id(),
            runtime::text("the new goods cost ",
                runtime::amountText(-left, order.total().currency()),
                " more than what comes back: send fewer, or sell them as an order of their own"));
    setMoney(*back->mutable_total(), order, left);
    setMoney(*back->mutable_exchanged(), order, price);

    v1::Reship reship = newReship(order, request.reason());
    reship.set_exchange_id(back->id());
    addLines(order, *std::move(goods), reship);
    *order.add_refunds() = *std::move(back);
    *order.add_reships() = std::move(reship);
    return settleAnew(order);
}

void sendExchanged(v1::Order& order, const v1::Reship& reship)
{
    for (const v1::RefundLine& sent : reship.lines())
        for (v1::OrderLine& line : *order.mutable_lines())
            if (line.id() == sent.line_id() && !line.exchange_id().empty())
                line.set_shipped(line.quantity());
}

void undoExchange(v1::Order& order, const v1::Reship& reship)
{
    v1::Refund* back = refundOf(&order, reship.exchange_id());
    if (!back)
        return;
    // Somebody may have given a part of it back already, as a favour.
    const std::int64_t owed
        = std::clamp<std::int64_t>(refundable(order), 0, back->exchanged().minor());
    auto& lines = *order.mutable_lines();
    const auto gone = std::remove_if(lines.begin(), lines.end(),
        [&](const v1::OrderLine& line) { return line.exchange_id() == back->id(); });
    lines.erase(gone, lines.end());
    back->clear_exchanged();
    if (back->state() != v1::REFUND_STATE_DONE) {
        setMoney(*back->mutable_total(), order, back->total().minor() + owed);
    } else if (owed > 0) {
        // The goods are back already, and their money is still owed.
        v1::Refund rest = newRefund(order, "exchange");
        rest.set_state(v1::REFUND_STATE_PENDING);
        rest.set_actor(back->actor());
        *rest.mutable_at() = back->at();
        setMoney(*rest.mutable_amount(), order, owed);
        setMoney(*rest.mutable_total(), order, owed);
        *order.add_refunds() = std::move(rest);
    }
    settleAnew(order).IgnoreError(); // Fewer lines than before: nothing gets too large.
}

} // namespace shopfleet::orders
