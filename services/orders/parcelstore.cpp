// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/parcelstore.h"

#include "services/orders/store.h"

namespace shopfleet::orders {

using deliveries::v1::Shipment;
using runtime::Connection;

namespace {

/// Of what was sent first; what is sent again has goods of its own in the order (Reship).
std::string goodsOf(const Shipment& shipment)
{
    if (shipment.direction() != deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND
        || shipment.fulfilment() > 1 || wayOf(shipment.state()) != kCalledOff)
        return {};
    Shipment goods;
    goods.set_id(shipment.id());
    *goods.mutable_lines() = shipment.lines();
    return goods.SerializeAsString();
}

} // namespace

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

absl::StatusOr<bool> raise(Connection& db, const Shipment& shipment)
{
    const auto raised = db.execute(R"sql(
        INSERT INTO shipment (id, order_id, direction, progress, goods) VALUES (:1, :2, :3, :4, :5)
        ON CONFLICT (id) DO UPDATE SET progress = excluded.progress, goods = excluded.goods
            WHERE excluded.progress > progress)sql",
        shipment.id(), shipment.order_id(), shipment.direction(), wayOf(shipment.state()),
        goodsOf(shipment));
    if (!raised.ok())
        return raised.status();
    return *raised > 0;
}

absl::Status expectShipment(
    Connection& db, const std::string& orderId, const std::string& shipmentId)
{
    Shipment shipment;
    shipment.set_id(shipmentId);
    shipment.set_order_id(orderId);
    shipment.set_direction(deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND);
    return raise(db, shipment).status();
}

absl::StatusOr<Way> progressOf(Connection& db, const std::string& shipmentId)
{
    const auto way = db.selectOne(
        "SELECT progress FROM shipment WHERE id = :1", [](Way progress) { return progress; },
        shipmentId);
    if (!way.ok())
        return way.status();
    return way->value_or(kKnown);
}

absl::StatusOr<Parcels> countParcels(Connection& db, const std::string& orderId)
{
    const auto counted = db.selectOne(R"sql(
        SELECT count(*), count(*) FILTER (WHERE progress < :1),
            count(*) FILTER (WHERE progress BETWEEN :2 AND :3),
            count(*) FILTER (WHERE progress < :1 AND progress <> :4),
            count(*) FILTER (WHERE progress = :5), count(*) FILTER (WHERE length(goods) > 0)
        FROM shipment WHERE order_id = :6 AND direction = :7)sql",
        [](int known, int live, int left, int expected, int arrived, int unsettled) {
            return Parcels{known, live, left, expected, arrived, unsettled};
        },
        kCalledOff, kLeft, kSentBack, kLost, kArrived, orderId,
        deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND);
    if (!counted.ok())
        return counted.status();
    return counted->value_or(Parcels{});
}

absl::StatusOr<std::vector<Shipment>> listUnsettled(Connection& db, const std::string& orderId)
{
    return db.select(
        "SELECT goods FROM shipment WHERE order_id = :1 AND length(goods) > 0 ORDER BY id",
        [](const std::string& goods) {
            Shipment shipment;
            shipment.ParseFromString(goods);
            return shipment;
        },
        orderId);
}

absl::Status settleParcels(Connection& db, const std::string& orderId)
{
    return db.execute("UPDATE shipment SET goods = x'' WHERE order_id = :1", orderId).status();
}

} // namespace shopfleet::orders
