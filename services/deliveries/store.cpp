// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/deliveries/store.h"

#include "services/runtime/changes.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/positions.h"
#include "services/runtime/text.h"

#include <utility>

namespace shopfleet::deliveries::store {
namespace {

using runtime::ListField;
using runtime::toUs;

constexpr int kHandoversAtOnce = 50;

const runtime::ListSpec& spec()
{
    static const runtime::ListSpec listSpec = {
        .fields = {{"id", "id"}, {"order_id", "order_id"}, {"customer_id", "customer_id"},
            {"state", "state", ListField::Kind::Enum, v1::ShipmentState_descriptor()},
            {"carrier", "carrier"}, {"tracking_number", "tracking_number"}, {"country", "country"},
            {"created_at", "created_at", ListField::Kind::Time},
            {"updated_at", "updated_at", ListField::Kind::Time}},
        .key = "id",
        .defaultOrder = "created_at desc",
        .search = "rowid IN (SELECT rowid FROM shipment_text WHERE shipment_text MATCH :match)"};
    return listSpec;
}

// Where the n-th row by time lies: for a scroll bar over a million of them.
const runtime::Positions& byTime()
{
    static const runtime::Positions positions("shipments", "shipment", "created_at");
    return positions;
}

v1::Shipment parsed(const std::string& body)
{
    v1::Shipment shipment;
    shipment.ParseFromString(body);
    return shipment;
}

absl::Status index(Connection& db, const v1::Shipment& shipment)
{
    const common::v1::Address& to = shipment.address();
    const std::string place = runtime::text(to.line1(), "\n", to.line2(), "\n", to.city(), "\n",
        to.region(), "\n", to.postal_code(), "\n", to.country());
    return db
        .execute("INSERT INTO shipment_text (rowid, id, order_id, tracking_number, name, place) "
                 "VALUES ((SELECT rowid FROM shipment WHERE id = :1), :2, :3, :4, :5, :6)",
            shipment.id(), shipment.id(), shipment.order_id(), shipment.tracking_number(),
            to.name(), place)
        .status();
}

} // namespace

absl::StatusOr<std::optional<v1::Shipment>> find(Connection& db, const std::string& id)
{
    return db.selectOne("SELECT body FROM shipment WHERE id = :1", &parsed, id);
}

absl::StatusOr<v1::Shipment> get(Connection& db, const std::string& id)
{
    auto found = find(db, id);
    if (!found.ok())
        return found.status();
    if (!found->has_value())
        return runtime::notFound("shipment", id);
    return **std::move(found);
}

absl::StatusOr<std::vector<v1::Shipment>> ofOrder(Connection& db, const std::string& orderId)
{
    return db.select(
        "SELECT body FROM shipment WHERE order_id = :1 ORDER BY direction, fulfilment, "
        "part",
        &parsed, orderId);
}

absl::StatusOr<v1::ListShipmentsResponse> list(
    Connection& db, const v1::ListShipmentsRequest& request)
{
    auto listing = runtime::parseListing(spec(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    const auto page = runtime::pageQuery(db, byTime(), "shipment", "body", "created_at", *listing);
    if (!page.ok())
        return page.status();
    auto rows = db.selectWith(page->sql, &parsed, listing->values);
    if (!rows.ok())
        return rows.status();
    v1::ListShipmentsResponse response;
    response.set_total_size(page->total);
    response.set_next_page_token(listing->nextPageToken(rows->size(), page->total));
    for (v1::Shipment& shipment : *rows)
        *response.add_shipments() = std::move(shipment);
    return response;
}

absl::Status insert(Connection& db, const v1::Shipment& shipment)
{
    const auto inserted = db.execute(
        "INSERT INTO shipment (id, order_id, direction, fulfilment, customer_id, state, carrier, "
        "tracking_number, country, created_at, updated_at, part, body) "
        "VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11, :12, :13)",
        shipment.id(), shipment.order_id(), shipment.direction(), shipment.fulfilment(),
        shipment.customer_id(), shipment.state(), shipment.carrier(), shipment.tracking_number(),
        shipment.address().country(), toUs(shipment.created_at()), toUs(shipment.updated_at()),
        shipment.part(), shipment.SerializeAsString());
    if (!inserted.ok())
        return inserted.status();
    for (const auto& status :
        {index(db, shipment), byTime().inserted(db, toUs(shipment.created_at()))}) {
        if (!status.ok())
            return status;
    }
    return runtime::recordChange(db, "shipment", shipment.id());
}

absl::Status replace(Connection& db, const v1::Shipment& shipment)
{
    const auto updated = db.execute("UPDATE shipment SET state = :1, tracking_number = :2, "
                                    "country = :3, updated_at = :4, body = :5 WHERE id = :6",
        shipment.state(), shipment.tracking_number(), shipment.address().country(),
        toUs(shipment.updated_at()), shipment.SerializeAsString(), shipment.id());
    if (!updated.ok())
        return updated.status();
    const auto cleared = db.execute(
        "DELETE FROM shipment_text WHERE rowid = (SELECT rowid FROM shipment WHERE id = :1)",
        shipment.id());
    if (!cleared.ok())
        return cleared.status();
    if (auto status = index(db, shipment); !status.ok())
        return status;
    return runtime::recordChange(db, "shipment", shipment.id());
}

absl::Status insertHandover(Connection& db, const Handover& handover, std::int64_t dueUs)
{
    return db
        .execute("INSERT INTO handover (shipment_id, request, due) VALUES (:1, :2, :3)",
            handover.shipmentId, handover.request.SerializeAsString(), dueUs)
        .status();
}

absl::Status postponeHandover(Connection& db, const std::string& shipmentId, std::int64_t dueUs)
{
    return db.execute("UPDATE handover SET due = :1 WHERE shipment_id = :2", dueUs, shipmentId)
        .status();
}

absl::Status deleteHandover(Connection& db, const std::string& shipmentId)
{
    return db.execute("DELETE FROM handover WHERE shipment_id = :1", shipmentId).status();
}

absl::StatusOr<std::vector<Handover>> dueHandovers(Connection& db, std::int64_t nowUs)
{
    return db.select(
        "SELECT shipment_id, request FROM handover WHERE due <= :1 ORDER BY due LIMIT :2",
        [](std::string shipmentId, const std::string& request) {
            Handover handover;
            handover.shipmentId = std::move(shipmentId);
            handover.request.ParseFromString(request);
            return handover;
        },
        nowUs, kHandoversAtOnce);
}

} // namespace shopfleet::deliveries::store
