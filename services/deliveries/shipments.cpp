// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/deliveries/shipments.h"

#include "services/deliveries/rules.h"
#include "services/deliveries/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/text.h"

#include <algorithm>

namespace shopfleet::deliveries::shipments {
namespace {

using runtime::toTimestamp;
using runtime::toUs;

constexpr std::int64_t kDayUs = std::int64_t{24} * 3600 * 1'000'000;
constexpr std::int64_t kPromiseUs = 5 * kDayUs;

// A change is always later than the one before: the etag is its time.
void touch(v1::Shipment& shipment)
{
    const std::int64_t at = std::max(runtime::nowUs(), toUs(shipment.updated_at()) + 1);
    *shipment.mutable_updated_at() = toTimestamp(at);
    shipment.set_etag(std::to_string(at));
}

// "S-536365", "S-536365-f2", "R-536365", "R-536365-f2".
std::string idOf(std::string_view prefix, const std::string& orderId, int number)
{
    return number == 1 ? runtime::text(prefix, orderId)
                       : runtime::text(prefix, orderId, "-f", number);
}

absl::StatusOr<v1::Shipment> inserted(Connection& db, v1::Shipment shipment)
{
    touch(shipment);
    *shipment.mutable_created_at() = shipment.updated_at();
    *shipment.mutable_promised_at() = toTimestamp(toUs(shipment.created_at()) + kPromiseUs);
    if (auto status = store::insert(db, shipment); !status.ok())
        return status;
    return shipment;
}

absl::StatusOr<v1::Shipment> replaced(Connection& db, v1::Shipment shipment)
{
    touch(shipment);
    if (auto status = store::replace(db, shipment); !status.ok())
        return status;
    return shipment;
}

/// All parts of the shipment's fulfilment, what was planned first.
absl::StatusOr<std::vector<v1::Shipment>> partsOf(Connection& db, const v1::Shipment& shipment)
{
    auto parts = store::ofOrder(db, shipment.order_id());
    if (!parts.ok())
        return parts;
    std::erase_if(*parts, [&](const v1::Shipment& other) {
        return other.direction() != shipment.direction()
            || other.fulfilment() != shipment.fulfilment();
    });
    return parts;
}

/// The shipment alone, or all parts of its fulfilment that are not called off.
absl::StatusOr<std::vector<v1::Shipment>> liveParts(
    Connection& db, const v1::Shipment& shipment, bool whole)
{
    if (!whole)
        return std::vector<v1::Shipment>{shipment};
    auto parts = partsOf(db, shipment);
    if (parts.ok())
        std::erase_if(*parts,
            [](const v1::Shipment& part) { return part.state() == v1::SHIPMENT_STATE_CANCELLED; });
    return parts;
}

/// Of a fulfilment in several parts nobody says which part other goods are in.
absl::Status repack(Connection& db, v1::Shipment& shipment, const v1::Shipment& wanted)
{
    const auto parts = liveParts(db, shipment, true);
    if (!parts.ok())
        return parts.status();
    if (parts->size() > 1)
        return runtime::failedPrecondition("SHIPMENT_STATE", "shipment " + shipment.id(),
            "was split: call off the part that is not to be sent");
    *shipment.mutable_lines() = wanted.lines();
    return absl::OkStatus();
}

} // namespace

absl::StatusOr<v1::Shipment> plan(Connection& db, const v1::PlanShipmentRequest& request)
{
    const auto known = store::ofOrder(db, request.order_id());
    if (!known.ok())
        return known.status();
    for (const v1::Shipment& shipment : *known) {
        if (shipment.direction() != v1::SHIPMENT_DIRECTION_OUTBOUND
            || shipment.fulfilment() != request.fulfilment() || shipment.part() != 0)
            continue;
        if (!samePlan(shipment, request))
            return runtime::alreadyExists("shipment", shipment.id(), "fulfilment");
        return shipment;
    }
    v1::Shipment shipment;
    shipment.set_id(idOf("S-", request.order_id(), request.fulfilment()));
    shipment.set_order_id(request.order_id());
    shipment.set_customer_id(request.customer_id());
    shipment.set_direction(v1::SHIPMENT_DIRECTION_OUTBOUND);
    shipment.set_state(v1::SHIPMENT_STATE_PLANNED);
    shipment.set_carrier(
        request.carrier().empty() ? std::string(kDefaultCarrier) : request.carrier());
    shipment.set_fulfilment(request.fulfilment());
    shipment.set_origin("web");
    *shipment.mutable_address() = request.address();
    *shipment.mutable_lines() = request.lines();
    return inserted(db, std::move(shipment));
}

absl::StatusOr<v1::Shipment> split(Connection& db, const v1::SplitShipmentRequest& request)
{
    auto shipment = store::get(db, request.id());
    if (!shipment.ok())
        return shipment;
    if (!request.etag().empty() && request.etag() != shipment->etag())
        return runtime::staleEtag(*shipment);
    if (auto status = checkSplit(*shipment); !status.ok())
        return status;
    auto taken = takeOut(*shipment, request.lines());
    if (!taken.ok())
        return taken.status();
    const auto parts = partsOf(db, *shipment);
    if (!parts.ok())
        return parts.status();
    v1::Shipment part = *shipment;
    part.set_part(parts->back().part() + 1);
    part.set_id(runtime::text(parts->front().id(), "-p", part.part()));
    part.clear_events();
    part.mutable_lines()->Assign(taken->begin(), taken->end());
    touch(part);
    *part.mutable_created_at() = part.updated_at();
    // The part first: who is told of both is not told that the rest is called off before.
    if (auto status = store::insert(db, part); !status.ok())
        return status;
    if (auto rest = replaced(db, *std::move(shipment)); !rest.ok())
        return rest;
    return part;
}

absl::StatusOr<v1::Shipment> update(Connection& db, const v1::UpdateShipmentRequest& request)
{
    auto shipment = store::get(db, request.shipment().id());
    if (!shipment.ok())
        return shipment;
    if (!request.shipment().etag().empty() && request.shipment().etag() != shipment->etag())
        return runtime::staleEtag(*shipment);
    const auto parts = liveParts(db, *shipment, request.whole());
    if (!parts.ok())
        return parts.status();
    if (parts->empty())
        return checkChange(*shipment); // All are called off.
    for (const v1::Shipment& part : *parts)
        if (auto status = checkChange(part); !status.ok())
            return status;
    for (v1::Shipment part : *parts) {
        for (const std::string& path : request.update_mask().paths()) {
            if (path == "address")
                *part.mutable_address() = request.shipment().address();
            else if (auto status = repack(db, part, request.shipment()); !status.ok())
                return status;
        }
        if (auto changed = replaced(db, std::move(part)); !changed.ok())
            return changed;
    }
    return store::get(db, shipment->id());
}

absl::StatusOr<v1::Shipment> beginHandover(
    Connection& db, const v1::DispatchShipmentRequest& request, std::int64_t nextUs)
{
    auto shipment = store::get(db, request.id());
    if (!shipment.ok() || shipment->has_handover())
        return shipment;
    if (!request.etag().empty() && request.etag() != shipment->etag())
        return runtime::staleEtag(*shipment);
    if (auto status = checkDispatch(*shipment); !status.ok())
        return status;
    if (auto status = store::insertHandover(db, {shipment->id(), request}, nextUs); !status.ok())
        return status;
    *shipment->mutable_handover()->mutable_since() = toTimestamp(runtime::nowUs());
    shipment->mutable_handover()->set_attempts(1);
    return replaced(db, *std::move(shipment));
}

absl::StatusOr<v1::Shipment> endHandover(
    Connection& db, const std::string& id, const std::string& trackingNumber)
{
    auto shipment = store::get(db, id);
    // Somebody else who asked has heard the same, the sooner.
    if (!shipment.ok() || shipment->tracking_number() == trackingNumber)
        return shipment;
    if (auto status = store::deleteHandover(db, id); !status.ok())
        return status;
    shipment->clear_handover();
    shipment->set_tracking_number(trackingNumber);
    shipment->set_state(v1::SHIPMENT_STATE_DISPATCHED);
    return replaced(db, *std::move(shipment));
}

absl::Status refuseHandover(Connection& db, const std::string& id)
{
    auto shipment = store::get(db, id);
    if (!shipment.ok() || !shipment->has_handover())
        return shipment.status();
    if (auto status = store::deleteHandover(db, id); !status.ok())
        return status;
    shipment->clear_handover();
    return replaced(db, *std::move(shipment)).status();
}

absl::StatusOr<v1::Shipment> repeatHandover(
    Connection& db, const std::string& id, const std::function<std::int64_t(int attempts)>& next)
{
    auto shipment = store::get(db, id);
    if (!shipment.ok())
        return shipment;
    if (!shipment->has_handover())
        return absl::CancelledError("it is known by now");
    const int attempts = shipment->handover().attempts() + 1;
    shipment->mutable_handover()->set_attempts(attempts);
    if (auto status = store::postponeHandover(db, id, next(attempts)); !status.ok())
        return status;
    return replaced(db, *std::move(shipment));
}

absl::Status noteHandover(Connection& db, const std::string& id, const std::string& error)
{
    auto shipment = store::get(db, id);
    if (!shipment.ok() || !shipment->has_handover())
        return shipment.status();
    shipment->mutable_handover()->set_last_error(error);
    return replaced(db, *std::move(shipment)).status();
}

absl::StatusOr<v1::Shipment> record(Connection& db, const v1::RecordTrackingEventRequest& request)
{
    auto shipment = store::get(db, request.shipment_id());
    if (!shipment.ok())
        return shipment;
    auto after = withEvent(*shipment, request.event());
    if (!after.ok() || after->events_size() == shipment->events_size())
        return after;
    return replaced(db, *std::move(after));
}

absl::StatusOr<v1::Shipment> cancel(Connection& db, const v1::CancelShipmentRequest& request)
{
    auto shipment = store::get(db, request.id());
    if (!shipment.ok() || (shipment->state() == v1::SHIPMENT_STATE_CANCELLED && !request.whole()))
        return shipment;
    const auto parts = liveParts(db, *shipment, request.whole());
    if (!parts.ok())
        return parts.status();
    for (const v1::Shipment& part : *parts)
        if (auto status = checkCancel(part); !status.ok())
            return status;
    for (v1::Shipment part : *parts) {
        part.set_state(v1::SHIPMENT_STATE_CANCELLED);
        v1::TrackingEvent& event = *part.add_events();
        event.set_id("cancelled");
        event.set_state(v1::SHIPMENT_STATE_CANCELLED);
        event.set_note(request.reason());
        *event.mutable_at() = toTimestamp(runtime::nowUs());
        if (auto cancelled = replaced(db, std::move(part)); !cancelled.ok())
            return cancelled;
    }
    return store::get(db, shipment->id());
}

absl::StatusOr<v1::Shipment> takeBack(Connection& db, const v1::CreateReturnRequest& request)
{
    const auto known = store::ofOrder(db, request.order_id());
    if (!known.ok())
        return known.status();
    if (known->empty())
        return runtime::notFound("order's shipment", request.order_id());
    if (auto status = checkReturnable(request, *known); !status.ok())
        return status;
    const auto earlier = std::ranges::count_if(*known, [](const v1::Shipment& shipment) {
        return shipment.direction() == v1::SHIPMENT_DIRECTION_RETURN;
    });
    v1::Shipment back;
    back.set_fulfilment(static_cast<int>(earlier) + 1);
    back.set_id(idOf("R-", request.order_id(), back.fulfilment()));
    back.set_order_id(request.order_id());
    back.set_customer_id(known->front().customer_id());
    back.set_direction(v1::SHIPMENT_DIRECTION_RETURN);
    back.set_state(v1::SHIPMENT_STATE_PLANNED);
    back.set_carrier(std::string(kDefaultCarrier));
    back.set_origin("web");
    *back.mutable_address() = known->front().address();
    *back.mutable_lines() = request.lines();
    return inserted(db, std::move(back));
}

absl::StatusOr<v1::ImportShipmentsResponse> import(
    Connection& db, const v1::ImportShipmentsRequest& request)
{
    v1::ImportShipmentsResponse response;
    for (v1::Shipment shipment : request.shipments()) {
        const auto known = store::find(db, shipment.id());
        if (!known.ok())
            return known.status();
        if (known->has_value()) {
            // What has happened since stays; another order under the same name is refused.
            if ((*known)->order_id() != shipment.order_id())
                return runtime::alreadyExists("shipment", shipment.id(), "shipments.id");
            response.set_unchanged(response.unchanged() + 1);
            continue;
        }
        shipment.clear_updated_at();
        touch(shipment);
        if (!shipment.has_created_at())
            *shipment.mutable_created_at() = shipment.updated_at();
        if (auto status = store::insert(db, shipment); !status.ok())
            return status;
        response.set_created(response.created() + 1);
    }
    return response;
}

} // namespace shopfleet::deliveries::shipments
