// SPDX-License-Identifier: GPL-3.0-or-later
// What deliveries tells of an order's shipments, and what the order comes to by it.
#include "services/orders/refunds.h"
#include "services/orders/rules.h"
#include "services/orders/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"

namespace shopfleet::orders {
namespace {

using deliveries::v1::Shipment;
using runtime::Connection;

constexpr const char* kSource = "deliveries";

/// How far along its way a shipment is; stored. A lost parcel may still turn up.
enum Way { kKnown = 1, kLeft = 2, kLost = 3, kArrived = 4, kSentBack = 5, kCalledOff = 6 };

Way wayOf(deliveries::v1::ShipmentState state)
{
    switch (state) {
    case deliveries::v1::SHIPMENT_STATE_DISPATCHED:
    case deliveries::v1::SHIPMENT_STATE_PICKED_UP:
    case deliveries::v1::SHIPMENT_STATE_IN_TRANSIT:
        return kLeft;
    case deliveries::v1::SHIPMENT_STATE_LOST:
        return kLost;
    case deliveries::v1::SHIPMENT_STATE_DELIVERED:
        return kArrived;
    case deliveries::v1::SHIPMENT_STATE_RETURNED:
        return kSentBack;
    case deliveries::v1::SHIPMENT_STATE_CANCELLED:
        return kCalledOff;
    default:
        return kKnown;
    }
}

bool hasLeft(Way way)
{
    return way >= kLeft && way <= kSentBack;
}

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

/// Without the lost ones: what is sent again in their place arrives for them.
absl::StatusOr<int> countShipments(Connection& db, const std::string& orderId, bool arrivedOnly)
{
    const auto count = db.selectOne(R"sql(
        SELECT count(*) FROM shipment WHERE order_id = :1 AND direction = :2
            AND progress >= :3 AND progress < :4 AND progress <> :5)sql",
        [](int number) { return number; }, orderId, deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND,
        arrivedOnly ? kArrived : kKnown, arrivedOnly ? kSentBack : kCalledOff, kLost);
    if (!count.ok())
        return count.status();
    return count->value_or(0);
}

/// Whatever the order of the news, a row only moves forward; 0 where this is not new.
absl::StatusOr<std::int64_t> raise(Connection& db, const Shipment& shipment, Way way)
{
    return db.execute(R"sql(
        INSERT INTO shipment (id, order_id, direction, progress) VALUES (:1, :2, :3, :4)
        ON CONFLICT (id) DO UPDATE SET progress = excluded.progress
            WHERE excluded.progress > progress)sql",
        shipment.id(), shipment.order_id(), shipment.direction(), way);
}

} // namespace

absl::Status catchUp(Connection& db, v1::Order& order)
{
    if (order.state() == v1::ORDER_STATE_SHIPPED) {
        const auto all = countShipments(db, order.id(), false);
        const auto arrived = countShipments(db, order.id(), true);
        if (!all.ok() || !arrived.ok())
            return all.ok() ? arrived.status() : all.status();
        if (*all > 0 && *arrived == *all)
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
        const auto way = db.selectOne(
            "SELECT progress FROM shipment WHERE id = :1", [](Way progress) { return progress; },
            reship.shipment_id());
        if (!way.ok())
            return way.status();
        if (*way && hasLeft(**way))
            reship.set_state(v1::RESHIP_STATE_LEAVING);
        else if (*way == kCalledOff)
            reship.set_state(v1::RESHIP_STATE_STOPPING);
    }
    return absl::OkStatus();
}

absl::Status expectShipment(
    Connection& db, const std::string& orderId, const std::string& shipmentId)
{
    Shipment shipment;
    shipment.set_id(shipmentId);
    shipment.set_order_id(orderId);
    shipment.set_direction(deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND);
    return raise(db, shipment, kKnown).status();
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
    if (isOfElsewhere(shipment))
        return std::nullopt;
    const Way way = wayOf(shipment.state());
    const auto raised = raise(db, shipment, way);
    if (!raised.ok())
        return raised.status();
    if (*raised == 0)
        return std::nullopt;
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
        now = nextBusiness(order);
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
    std::vector<Unfinished> all;
    for (const Shipment& shipment : shipments) {
        auto one = learnOne(db, shipment, cause);
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
