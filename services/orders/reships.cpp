// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/reships.h"

#include "services/orders/refunds.h"
#include "services/orders/rules.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

constexpr int kMostReships = 100;

/// Units of a line that are about to be sent again.
std::int64_t underWay(const v1::Order& order, const std::string& lineId)
{
    std::int64_t units = 0;
    for (const v1::Reship& reship : order.reships())
        if (reship.state() == v1::RESHIP_STATE_ASKED || reship.state() == v1::RESHIP_STATE_PLANNED)
            for (const v1::RefundLine& line : reship.lines())
                units += line.line_id() == lineId ? line.quantity() : 0;
    return units;
}

absl::Status checkSent(const v1::Order& order)
{
    const std::string name = "order " + order.id();
    if (isOfElsewhere(order))
        return runtime::failedPrecondition(
            "SENT_ELSEWHERE", name, "was sent from elsewhere: it cannot be sent again from here");
    if (order.state() != v1::ORDER_STATE_SHIPPED && order.state() != v1::ORDER_STATE_DELIVERED)
        return runtime::failedPrecondition("WRONG_STATE", name,
            runtime::text("is ", v1::OrderState_Name(order.state()).substr(12),
                "; only what was shipped or delivered is sent again"));
    if (order.reships_size() >= kMostReships)
        return runtime::failedPrecondition(
            "TOO_OFTEN", name, runtime::text("was sent again ", kMostReships, " times already"));
    return absl::OkStatus();
}

} // namespace

const v1::Reship* reshipOf(const v1::Order& order, const std::string& id)
{
    const auto found = std::ranges::find(order.reships(), id, &v1::Reship::id);
    return found == order.reships().end() ? nullptr : &*found;
}

v1::Reship* reshipOf(v1::Order* order, const std::string& id)
{
    for (v1::Reship& reship : *order->mutable_reships())
        if (reship.id() == id)
            return &reship;
    return nullptr;
}

absl::StatusOr<v1::Reship> makeReship(const v1::Order& order, const v1::ReshipOrderRequest& request)
{
    if (auto status = checkText(request.reason(), "reason", 1000); !status.ok())
        return status;
    if (auto status = checkLines(request.lines()); !status.ok())
        return status;
    if (request.lines().empty())
        return runtime::invalidField("lines", "must say which goods are sent again");
    if (auto status = checkSent(order); !status.ok())
        return status;
    if (auto status = checkGoods(order, request.lines()); !status.ok())
        return status;
    for (int i = 0; i < request.lines_size(); ++i) {
        const v1::RefundLine& asked = request.lines(i);
        const v1::OrderLine* line = lineOf(order, asked.line_id());
        const std::int64_t most = line->shipped() - line->refunded()
            - promisedUnits(order, asked.line_id()) - underWay(order, asked.line_id());
        if (asked.quantity() > most)
            return runtime::invalidField(runtime::text("lines[", i, "].quantity"),
                runtime::text("is more than the ", std::max<std::int64_t>(most, 0),
                    " units that can be sent again"));
    }
    v1::Reship reship = newReship(order, request.reason());
    *reship.mutable_lines() = request.lines();
    return reship;
}

v1::Reship newReship(const v1::Order& order, const std::string& reason)
{
    v1::Reship reship;
    reship.set_fulfilment(order.reships_size() + 2);
    reship.set_id(runtime::text("F", reship.fulfilment()));
    reship.set_state(v1::RESHIP_STATE_ASKED);
    reship.set_reason(reason);
    return reship;
}

} // namespace shopfleet::orders
