// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/linechanges.h"

#include "services/orders/refunds.h"
#include "services/orders/rules.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <functional>
#include <map>

namespace shopfleet::orders {
namespace {

/// How many units each line is to have, by its id.
absl::StatusOr<std::map<std::string, std::int64_t>> wantedUnits(
    const v1::Order& order, const v1::Order& wanted)
{
    std::map<std::string, std::int64_t> units;
    for (int i = 0; i < wanted.lines_size(); ++i) {
        const v1::OrderLine& asked = wanted.lines(i);
        const std::string path = runtime::text("order.lines[", i, "]");
        const v1::OrderLine* line = lineOf(order, asked.id());
        if (!line || line->kind() != v1::LINE_KIND_PRODUCT)
            return runtime::invalidField(path + ".id", "is no line of goods of this order");
        if (asked.quantity() < 1 || asked.quantity() > line->quantity())
            return runtime::invalidField(path + ".quantity",
                runtime::text("must be 1 to ", line->quantity(),
                    ": an order only gets smaller, and a line that goes is left out"));
        if (!units.emplace(asked.id(), asked.quantity()).second)
            return runtime::invalidField(path + ".id", "is there twice");
    }
    return units;
}

absl::Status checkSmaller(const v1::Order& order, const v1::LinesChange& change)
{
    if (change.lines().empty())
        return runtime::invalidField(
            "order.lines", "are those that the order has: nothing changes");
    v1::Order after = order;
    *after.add_lines_changes() = change;
    takeLines(after);
    if (after.units() == 0)
        return runtime::invalidField("order.lines", "must leave something: else cancel the order");
    if (after.total().minor() <= 0)
        return runtime::failedPrecondition("NOTHING_TO_PAY", "order " + order.id(),
            "would cost nothing without these units: cancel it");
    return absl::OkStatus();
}

} // namespace

absl::StatusOr<v1::LinesChange> makeLinesChange(const v1::Order& order, const v1::Order& wanted)
{
    const std::string name = "order " + order.id();
    if (order.state() != v1::ORDER_STATE_CONFIRMED)
        return runtime::failedPrecondition("WRONG_STATE", name,
            runtime::text("is ", v1::OrderState_Name(order.state()).substr(12),
                "; lines are changed once it is confirmed"));
    if (!order.lines_changes().empty())
        return runtime::failedPrecondition(
            "LINES_CHANGING", name, "has lines that are being changed already");
    const auto units = wantedUnits(order, wanted);
    if (!units.ok())
        return units.status();
    v1::LinesChange change;
    for (const v1::OrderLine& line : order.lines()) {
        if (line.kind() != v1::LINE_KIND_PRODUCT)
            continue;
        const auto found = units->find(line.id());
        const std::int64_t left = found == units->end() ? 0 : found->second;
        if (left == line.quantity())
            continue;
        v1::LineUnits& out = *change.add_lines();
        out.set_line_id(line.id());
        out.set_quantity(line.quantity() - left);
    }
    if (auto status = checkSmaller(order, change); !status.ok())
        return status;
    return change;
}

v1::LinesChange changeWithout(const v1::Order& order, const deliveries::v1::Shipment& part)
{
    std::map<std::string, std::int64_t> gone; // What other changes take already.
    for (const v1::LinesChange& change : order.lines_changes())
        for (const v1::LineUnits& out : change.lines())
            gone[out.line_id()] += out.quantity();
    v1::LinesChange change;
    change.set_id(part.id());
    change.set_packed(true);
    for (const deliveries::v1::ShipmentLine& goods : part.lines()) {
        std::int64_t units = goods.quantity();
        for (const v1::OrderLine& line : order.lines()) {
            if (line.kind() != v1::LINE_KIND_PRODUCT || line.sku() != goods.sku()
                || !line.exchange_id().empty())
                continue;
            const std::int64_t out = std::min(units, line.quantity() - gone[line.id()]);
            if (out <= 0)
                continue;
            units -= out;
            gone[line.id()] += out;
            v1::LineUnits& taken = *change.add_lines();
            taken.set_line_id(line.id());
            taken.set_quantity(out);
        }
    }
    return change;
}

bool forgetAsked(v1::Order& order)
{
    auto& changes = *order.mutable_lines_changes();
    const int before = changes.size();
    changes.erase(std::remove_if(changes.begin(), changes.end(),
                      [](const v1::LinesChange& change) { return !change.packed(); }),
        changes.end());
    return changes.size() < before;
}

void refundCalledOff(v1::Order& order)
{
    for (const v1::LinesChange& change : order.lines_changes()) {
        if (!change.packed())
            continue;
        v1::Refund refund = newRefund(order, "its parcel was called off");
        refund.set_state(v1::REFUND_STATE_PENDING);
        refund.set_actor(change.actor());
        *refund.mutable_at() = change.at();
        std::int64_t sum = 0;
        for (const v1::LineUnits& out : change.lines()) {
            const v1::OrderLine& line = *lineOf(order, out.line_id());
            const std::int64_t before = line.refunded() + promisedUnits(order, line.id());
            const std::int64_t units = std::min(out.quantity(), line.quantity() - before);
            if (units <= 0)
                continue; // Somebody has given it back already.
            sum += share(line, before + units) - share(line, before);
            v1::RefundLine& back = *refund.add_lines();
            back.set_line_id(line.id());
            back.set_quantity(units);
            back.set_restock(true);
        }
        refund.mutable_total()->set_currency(order.total().currency());
        refund.mutable_total()->set_minor(
            std::clamp<std::int64_t>(sum, 0, std::max<std::int64_t>(refundable(order), 0)));
        if (!refund.lines().empty())
            *order.add_refunds() = std::move(refund);
    }
    auto& changes = *order.mutable_lines_changes();
    changes.erase(
        std::remove_if(changes.begin(), changes.end(), std::mem_fn(&v1::LinesChange::packed)),
        changes.end());
}

void takeLines(v1::Order& order)
{
    std::map<std::string, std::int64_t> out;
    for (const v1::LineUnits& units : order.lines_changes(0).lines())
        out[units.line_id()] += units.quantity();
    v1::Order after = order;
    after.mutable_lines_changes()->DeleteSubrange(0, 1);
    after.clear_lines();
    std::int64_t saved = 0;
    for (const v1::OrderLine& line : order.lines()) {
        const auto units = out.find(line.id());
        if (units == out.end()) {
            *after.add_lines() = line;
            continue;
        }
        const std::int64_t left = line.quantity() - units->second;
        const std::int64_t price = left > 0 ? share(line, left) : 0;
        saved += line.total().minor() - price;
        if (left <= 0)
            continue;
        v1::OrderLine& smaller = *after.add_lines();
        smaller = line;
        smaller.set_quantity(left);
        smaller.mutable_total()->set_minor(price);
    }
    after.mutable_total()->set_minor(order.total().minor() - saved);
    settleAnew(after).IgnoreError(); // Fewer units than before: nothing gets too large.
    order = std::move(after);
}

std::string textOf(const v1::Order& order, const v1::LinesChange& change)
{
    std::string text;
    for (const v1::LineUnits& out : change.lines())
        if (const v1::OrderLine* line = lineOf(order, out.line_id()))
            text += runtime::text(text.empty() ? "" : ", ", line->sku(), " ", line->quantity(),
                " → ", line->quantity() - out.quantity());
    return text;
}

} // namespace shopfleet::orders
