// SPDX-License-Identifier: GPL-3.0-or-later
// What deliveries tells of an order's shipments, and what the order comes to by it.
#include "services/orders/linechanges.h"
#include "services/orders/parcelstore.h"
#include "services/orders/refunds.h"
#include "services/orders/rules.h"
#include "services/orders/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

using deliveries::v1::Shipment;
using runtime::Connection;

constexpr const char* kSource = "deliveries";

bool isOfElsewhere(const Shipment& shipment)
{
    return shipment.origin().rfind("import:", 0) == 0 || shipment.origin() == "load";
}

/// Whether a shipment is of the order and not of a name that another one bears, too.
bool belongs(const Shipment& shipment, const v1::Order& order)
{
    return shipment.order_id() == order.id()
        && shipment.direction() == deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND;
}

/// A part of the order's parcel was called off: the order goes on without what was in it.
absl::Status takeOutCalledOff(Connection& db, v1::Order& order, const Cause& cause)
{
    const auto parts = listUnsettled(db, order.id());
    if (!parts.ok())
        return parts.status();
    // What people wanted out of it meanwhile was of another parcel.
    if (forgetAsked(order))
        if (auto status = addEvent(
                db, order.id(), "order.lines_refused", common::v1::SEVERITY_WARNING, {}, cause);
            !status.ok())
            return status;
    for (const Shipment& part : *parts) {
        if (isFinal(order.state()))
            break; // It went with all others.
        v1::LinesChange change = changeWithout(order, part);
        if (change.lines().empty())
            continue;
        change.set_actor(cause.actor);
        *change.mutable_at() = runtime::toTimestamp(cause.now);
        if (auto status
            = addEvent(db, order.id(), "parcel.called_off", common::v1::SEVERITY_WARNING,
                {{"shipment", part.id()}, {"goods", textOf(order, change)}}, cause);
            !status.ok())
            return status;
        *order.add_lines_changes() = std::move(change);
    }
    if (order.captured().minor() > 0)
        refundCalledOff(order);
    return settleParcels(db, order.id());
}

} // namespace

absl::Status catchUp(Connection& db, v1::Order& order)
{
    if (order.state() == v1::ORDER_STATE_SHIPPED) {
        const auto parcels = countParcels(db, order.id());
        if (!parcels.ok())
            return parcels.status();
        if (parcels->expected > 0 && parcels->arrived == parcels->expected)
            order.set_state(v1::ORDER_STATE_DELIVERED);
    }
    for (v1::Refund& refund : *order.mutable_refunds()) {
        if (refund.state() != v1::REFUND_STATE_AWAITING_GOODS)
            continue;
        const auto here = db.selectOne(
            "SELECT 1 FROM shipment WHERE id = :1 AND progress IN (:2, :3)",
            [](int one) { return one; }, refund.shipment_id(), kArrived, kSentBack);
        if (!here.ok())
            return here.status();
        if (*here)
            arrive(order, refund);
    }
    for (v1::Reship& reship : *order.mutable_reships()) {
        if (reship.state() != v1::RESHIP_STATE_PLANNED)
            continue;
        const auto way = progressOf(db, reship.shipment_id());
        if (!way.ok())
            return way.status();
        if (hasLeft(*way))
            reship.set_state(v1::RESHIP_STATE_LEAVING);
        else if (*way == kCalledOff)
            reship.set_state(v1::RESHIP_STATE_STOPPING);
    }
    return absl::OkStatus();
}

absl::StatusOr<Progress> nextToDo(Connection& db, v1::Order& order, const Cause& cause)
{
    const auto parcels = countParcels(db, order.id());
    if (!parcels.ok())
        return parcels.status();
    if (isCancellable(order.state()) && parcels->left > 0)
        return shipping(order);
    if (isCancellable(order.state()) && parcels->known > 0 && parcels->live == 0)
        return calledOff(order);
    if (parcels->unsettled > 0)
        if (auto status = takeOutCalledOff(db, order, cause); !status.ok())
            return status;
    return nextBusiness(order);
}

absl::StatusOr<std::string> newsToken(Connection& db)
{
    const auto token = db.selectOne(
        "SELECT token FROM inbox WHERE source = :1", [](std::string text) { return text; },
        std::string(kSource));
    if (!token.ok())
        return token.status();
    return token->value_or("");
}

absl::StatusOr<std::vector<std::string>> listOnTheWay(Connection& db)
{
    // Past orders of elsewhere are delivered already, or nobody tells of them.
    return db.select(R"sql(
        SELECT id FROM orders WHERE state IN (:1, :2) AND shipment_id <> ''
            AND origin NOT LIKE 'import:%' AND origin <> 'load'
        UNION SELECT order_id FROM shipment WHERE progress < :3)sql",
        [](std::string id) { return id; }, v1::ORDER_STATE_CONFIRMED, v1::ORDER_STATE_SHIPPED,
        kArrived);
}

absl::StatusOr<std::optional<Unfinished>> Writes::learnOne(
    Connection& db, const Shipment& shipment, const Cause& cause)
{
    const Way way = wayOf(shipment.state());
    auto stored = load(db, shipment.order_id());
    if (absl::IsNotFound(stored.status()))
        return std::nullopt; // Of an order that is not ours.
    if (!stored.ok())
        return stored.status();
    auto progress = loadProgress(db, shipment.order_id());
    if (!progress.ok())
        return progress.status();

    v1::Order& order = stored->order;
    const v1::Order before = order;
    Progress now = progress->value_or(Progress{});
    if (belongs(shipment, order) && shipment.part() > 0 && !order.shipment_ids().empty()
        && std::ranges::count(order.shipment_ids(), shipment.id()) == 0)
        order.add_shipment_ids(shipment.id());
    const bool cancelLost
        = *progress && now.goal == Goal::Cancel && !(now.done & (kUnplanned | kVoided));
    if (belongs(shipment, order) && hasLeft(way) && isCancellable(order.state())
        && (!*progress || now.goal == Goal::Confirm || now.goal == Goal::Readdress || cancelLost)) {
        if (order.shipment_ids().empty())
            order.add_shipment_ids(shipment.id()); // The answer to planning it was lost.
        now.done = doneOf(order) | (now.done & kCartClosed);
        now.goal = Goal::Ship;
        now.subject.clear(); // An address that is on its way to deliveries waits.
        now.step = nextStep(now.goal, now.done);
        await(order, now.step, cause);
    }
    if (!*progress && now.step == Step::None) {
        if (auto status = catchUp(db, order); !status.ok())
            return status;
        auto next = nextToDo(db, order, cause);
        if (!next.ok())
            return next.status();
        now = *std::move(next);
        if (now.step != Step::None)
            await(order, now.step, cause);
    }
    if (now.goal != Goal::Ship && now.step == (*progress ? (*progress)->step : Step::None)
        && before.SerializeAsString() == order.SerializeAsString())
        return std::nullopt;

    if (auto status = save(db, before, *stored, cause); !status.ok())
        return status;
    if (auto status = saveProgress(db, order.id(), now); !status.ok())
        return status;
    if (cancelLost && now.goal == Goal::Ship)
        if (auto status = addEvent(db, order.id(), "order.cancel_refused",
                common::v1::SEVERITY_WARNING, {{"shipment", shipment.id()}}, cause);
            !status.ok())
            return status;
    if (before.state() != order.state())
        if (auto status = addStateEvent(db, order, {}, cause); !status.ok())
            return status;
    return Unfinished{std::move(order), std::move(now)};
}

absl::StatusOr<std::vector<Unfinished>> Writes::learn(Connection& db,
    const google::protobuf::RepeatedPtrField<Shipment>& shipments, const std::string& token,
    const Cause& cause)
{
    // All first: whether a part that is called off was the last one, the others say.
    std::vector<const Shipment*> news;
    for (const Shipment& shipment : shipments) {
        if (isOfElsewhere(shipment))
            continue;
        const auto raised = raise(db, shipment);
        if (!raised.ok())
            return raised.status();
        if (*raised)
            news.push_back(&shipment);
    }
    std::vector<Unfinished> all;
    for (const Shipment* shipment : news) {
        auto one = learnOne(db, *shipment, cause);
        if (!one.ok())
            return one.status();
        if (*one && (*one)->progress.step != Step::None)
            all.push_back(**std::move(one));
    }
    if (token.empty())
        return all;
    const auto kept = db.execute(R"sql(
        INSERT INTO inbox (source, token) VALUES (:1, :2)
        ON CONFLICT (source) DO UPDATE SET token = excluded.token)sql",
        std::string(kSource), token);
    if (!kept.ok())
        return kept.status();
    return all;
}

} // namespace shopfleet::orders
