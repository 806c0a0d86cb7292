// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/deliveries/rules.h"

#include "services/runtime/fields.h"
#include "services/runtime/status.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <set>

namespace shopfleet::deliveries {
namespace {

using google::protobuf::util::MessageDifferencer;
using runtime::checkAddress;
using runtime::checkText;
using runtime::checkTime;
using runtime::invalidField;
using runtime::Text;

constexpr std::size_t kMaxId = 64;
constexpr std::size_t kMaxText = 1000;
constexpr int kMaxLines = 2000;
constexpr int kMaxImport = 1000;
constexpr int kMaxEvents = 500;
constexpr int kMaxParts = 1000;
constexpr std::int64_t kMaxQuantity = 1'000'000'000;

absl::Status checkLines(const std::string& field,
    const google::protobuf::RepeatedPtrField<v1::ShipmentLine>& lines, bool required)
{
    if (required && lines.empty())
        return invalidField(field, "must name at least one line");
    if (lines.size() > kMaxLines)
        return invalidField(field, "must be at most " + std::to_string(kMaxLines));
    for (int i = 0; i < lines.size(); ++i) {
        const std::string name = field + "[" + std::to_string(i) + "]";
        if (auto status = checkText(name + ".sku", lines[i].sku(), kMaxId, Text::Required);
            !status.ok())
            return status;
        if (auto status = checkText(name + ".title", lines[i].title(), kMaxText); !status.ok())
            return status;
        if (lines[i].quantity() < 1 || lines[i].quantity() > kMaxQuantity)
            return invalidField(name + ".quantity", "must be 1 to 1,000,000,000");
    }
    return absl::OkStatus();
}

// How far along the way a state is. A lost parcel may still turn up; what has
// arrived stays so.
int progress(v1::ShipmentState state)
{
    switch (state) {
    case v1::SHIPMENT_STATE_PLANNED:
        return 1;
    case v1::SHIPMENT_STATE_DISPATCHED:
        return 2;
    case v1::SHIPMENT_STATE_PICKED_UP:
        return 3;
    case v1::SHIPMENT_STATE_IN_TRANSIT:
        return 4;
    case v1::SHIPMENT_STATE_LOST:
        return 5;
    case v1::SHIPMENT_STATE_DELIVERED:
    case v1::SHIPMENT_STATE_RETURNED:
    case v1::SHIPMENT_STATE_CANCELLED:
        return 6;
    default:
        return 0;
    }
}

bool isCarriersState(v1::ShipmentState state)
{
    return state == v1::SHIPMENT_STATE_PICKED_UP || state == v1::SHIPMENT_STATE_IN_TRANSIT
        || state == v1::SHIPMENT_STATE_DELIVERED || state == v1::SHIPMENT_STATE_RETURNED
        || state == v1::SHIPMENT_STATE_LOST;
}

absl::Status checkShipment(const std::string& field, const v1::Shipment& shipment)
{
    for (const auto& [name, text] :
        {std::pair(".id", &shipment.id()), std::pair(".order_id", &shipment.order_id())}) {
        if (auto status = checkText(field + name, *text, kMaxId, Text::Required); !status.ok())
            return status;
    }
    for (const auto& [name, text] : {std::pair(".customer_id", &shipment.customer_id()),
             std::pair(".carrier", &shipment.carrier()), std::pair(".origin", &shipment.origin()),
             std::pair(".tracking_number", &shipment.tracking_number())}) {
        if (auto status = checkText(field + name, *text, kMaxId); !status.ok())
            return status;
    }
    if (progress(shipment.state()) == 0)
        return invalidField(field + ".state", "is missing or unknown");
    if (shipment.direction() != v1::SHIPMENT_DIRECTION_OUTBOUND
        && shipment.direction() != v1::SHIPMENT_DIRECTION_RETURN)
        return invalidField(field + ".direction", "must be OUTBOUND or RETURN");
    if (shipment.fulfilment() < 1 || shipment.fulfilment() > 1000)
        return invalidField(field + ".fulfilment", "must be 1 to 1000");
    if (shipment.part() < 0 || shipment.part() > kMaxParts)
        return invalidField(field + ".part", "must be 0 to " + std::to_string(kMaxParts));
    if (shipment.events_size() > kMaxEvents)
        return invalidField(field + ".events", "must be at most " + std::to_string(kMaxEvents));
    for (const auto& [name, time] : {std::pair(".created_at", &shipment.created_at()),
             std::pair(".promised_at", &shipment.promised_at())}) {
        if (auto status = checkTime(field + name, *time); !status.ok())
            return status;
    }
    for (int i = 0; i < shipment.events_size(); ++i) {
        const std::string name = field + ".events[" + std::to_string(i) + "].at";
        if (auto status = checkTime(name, shipment.events(i).at()); !status.ok())
            return status;
    }
    if (auto status = checkAddress(field + ".address", shipment.address()); !status.ok())
        return status;
    return checkLines(field + ".lines", shipment.lines(), false);
}

absl::Status refused(const v1::Shipment& shipment, const std::string& what)
{
    return runtime::failedPrecondition("SHIPMENT_STATE", "shipment " + shipment.id(),
        "is " + v1::ShipmentState_Name(shipment.state()) + ": " + what);
}

/// Neither here nor there: whoever asks is to ask again.
absl::Status handingOver(const v1::Shipment& shipment)
{
    return runtime::aborted("HANDING_OVER",
        "the carrier has not said whether it has shipment " + shipment.id() + "; ask again later");
}

} // namespace

absl::Status checkUpdate(const v1::UpdateShipmentRequest& request)
{
    if (auto status = checkId("shipment.id", request.shipment().id()); !status.ok())
        return status;
    if (request.update_mask().paths().empty())
        return invalidField("update_mask.paths", "must name what changes; known: address, lines");
    for (const std::string& path : request.update_mask().paths())
        if (path != "address" && path != "lines")
            return invalidField("update_mask.paths", "holds " + path + "; known: address, lines");
    const bool lines = std::ranges::count(request.update_mask().paths(), "lines") > 0;
    if (request.whole() && lines)
        return invalidField("whole", "is for the address: lines are those of one parcel");
    if (auto status = checkAddress("shipment.address", request.shipment().address()); !status.ok())
        return status;
    return checkLines("shipment.lines", request.shipment().lines(), lines);
}

absl::Status checkPlan(const v1::PlanShipmentRequest& request)
{
    if (auto status = checkText("order_id", request.order_id(), kMaxId, Text::Required);
        !status.ok())
        return status;
    if (auto status = checkText("customer_id", request.customer_id(), kMaxId); !status.ok())
        return status;
    if (auto status = checkText("carrier", request.carrier(), kMaxId); !status.ok())
        return status;
    if (request.fulfilment() < 1 || request.fulfilment() > 1000)
        return invalidField("fulfilment", "must be 1 to 1000");
    if (auto status = checkAddress("address", request.address()); !status.ok())
        return status;
    return checkLines("lines", request.lines(), true);
}

absl::Status checkSplit(const v1::SplitShipmentRequest& request)
{
    if (auto status = checkId("id", request.id()); !status.ok())
        return status;
    return checkLines("lines", request.lines(), true);
}

absl::Status checkReturn(const v1::CreateReturnRequest& request)
{
    if (auto status = checkText("order_id", request.order_id(), kMaxId, Text::Required);
        !status.ok())
        return status;
    if (auto status = checkText("reason", request.reason(), kMaxText); !status.ok())
        return status;
    return checkLines("lines", request.lines(), true);
}

absl::Status checkEvent(const v1::TrackingEvent& event)
{
    if (auto status = checkText("event.id", event.id(), kMaxId, Text::Required); !status.ok())
        return status;
    if (!isCarriersState(event.state()))
        return invalidField(
            "event.state", "must be PICKED_UP, IN_TRANSIT, DELIVERED, RETURNED or LOST");
    if (!event.has_at())
        return invalidField("event.at", "is missing");
    if (auto status = checkTime("event.at", event.at()); !status.ok())
        return status;
    if (auto status = checkText("event.place", event.place(), kMaxText); !status.ok())
        return status;
    return checkText("event.note", event.note(), kMaxText);
}

absl::Status checkId(std::string_view field, std::string_view id)
{
    return checkText(std::string(field), id, kMaxId, Text::Required);
}

absl::Status checkReason(std::string_view reason)
{
    return checkText("reason", reason, kMaxText);
}

absl::Status checkImport(const v1::ImportShipmentsRequest& request)
{
    if (request.shipments().empty() || request.shipments_size() > kMaxImport)
        return invalidField("shipments", "must be 1 to 1,000");
    std::set<std::string_view> ids;
    for (int i = 0; i < request.shipments_size(); ++i) {
        const std::string field = "shipments[" + std::to_string(i) + "]";
        if (auto status = checkShipment(field, request.shipments(i)); !status.ok())
            return status;
        if (!ids.insert(request.shipments(i).id()).second)
            return invalidField(field + ".id", "is there twice");
    }
    return absl::OkStatus();
}

absl::StatusOr<v1::Shipment> withEvent(v1::Shipment shipment, const v1::TrackingEvent& event)
{
    if (shipment.state() == v1::SHIPMENT_STATE_PLANNED)
        return refused(shipment, "a carrier cannot have it before dispatch");
    const bool known = std::ranges::any_of(
        shipment.events(), [&event](const auto& earlier) { return earlier.id() == event.id(); });
    if (known)
        return shipment;
    if (shipment.events_size() >= kMaxEvents)
        return refused(shipment, "its history is full");
    *shipment.add_events() = event;
    if (progress(event.state()) > progress(shipment.state()))
        shipment.set_state(event.state());
    return shipment;
}

absl::Status checkDispatch(const v1::Shipment& shipment)
{
    return shipment.state() == v1::SHIPMENT_STATE_PLANNED
        ? absl::OkStatus()
        : refused(shipment, "only a planned shipment can be dispatched");
}

absl::Status checkCancel(const v1::Shipment& shipment)
{
    if (shipment.has_handover())
        return handingOver(shipment);
    return shipment.state() == v1::SHIPMENT_STATE_PLANNED
        ? absl::OkStatus()
        : refused(shipment, "it can be cancelled before dispatch only");
}

absl::Status checkChange(const v1::Shipment& shipment)
{
    if (shipment.has_handover())
        return handingOver(shipment);
    return shipment.state() == v1::SHIPMENT_STATE_PLANNED
        ? absl::OkStatus()
        : refused(shipment, "it can be changed before dispatch only");
}

absl::Status checkSplit(const v1::Shipment& shipment)
{
    if (auto status = checkChange(shipment); !status.ok())
        return status;
    return shipment.direction() == v1::SHIPMENT_DIRECTION_OUTBOUND && shipment.fulfilment() == 1
        ? absl::OkStatus()
        : runtime::failedPrecondition("NOT_SPLIT", "shipment " + shipment.id(),
            "is sent again or comes back: only what is sent first is split");
}

absl::StatusOr<std::vector<v1::ShipmentLine>> takeOut(
    v1::Shipment& shipment, const google::protobuf::RepeatedPtrField<v1::ShipmentLine>& lines)
{
    std::vector<v1::ShipmentLine> taken;
    for (int i = 0; i < lines.size(); ++i) {
        std::int64_t wanted = lines[i].quantity();
        for (v1::ShipmentLine& line : *shipment.mutable_lines()) {
            const std::int64_t units = std::min(wanted, line.quantity());
            if (line.sku() != lines[i].sku() || units == 0)
                continue;
            wanted -= units;
            line.set_quantity(line.quantity() - units);
            taken.push_back(line);
            taken.back().set_quantity(units);
        }
        if (wanted > 0)
            return invalidField("lines[" + std::to_string(i) + "].quantity",
                "is " + std::to_string(wanted) + " more of " + lines[i].sku()
                    + " than the shipment holds");
    }
    auto& left = *shipment.mutable_lines();
    left.erase(std::remove_if(left.begin(), left.end(),
                   [](const v1::ShipmentLine& line) { return line.quantity() == 0; }),
        left.end());
    if (left.empty())
        return invalidField("lines", "must leave something: else there is nothing to split");
    return taken;
}

absl::Status checkReturnable(
    const v1::CreateReturnRequest& request, std::span<const v1::Shipment> ofTheOrder)
{
    std::map<std::string_view, std::int64_t> left;
    for (const v1::Shipment& shipment : ofTheOrder) {
        const bool back = shipment.direction() == v1::SHIPMENT_DIRECTION_RETURN;
        if (back ? shipment.state() == v1::SHIPMENT_STATE_CANCELLED
                 : shipment.state() != v1::SHIPMENT_STATE_DELIVERED)
            continue;
        for (const v1::ShipmentLine& line : shipment.lines())
            left[line.sku()] += back ? -line.quantity() : line.quantity();
    }
    for (const v1::ShipmentLine& line : request.lines()) {
        if ((left[line.sku()] -= line.quantity()) < 0)
            return runtime::failedPrecondition("NOT_DELIVERED", "order " + request.order_id(),
                "more of " + line.sku() + " than was delivered and is not returned yet");
    }
    return absl::OkStatus();
}

bool samePlan(const v1::Shipment& shipment, const v1::PlanShipmentRequest& request)
{
    return shipment.customer_id() == request.customer_id()
        && MessageDifferencer::Equals(shipment.address(), request.address())
        && std::ranges::equal(shipment.lines(), request.lines(),
            [](const auto& a, const auto& b) { return MessageDifferencer::Equals(a, b); });
}

} // namespace shopfleet::deliveries
