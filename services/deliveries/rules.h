// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What shipments may be and become. Pure: no clock, no database.
///
///     PLANNED ─ dispatch ─ DISPATCHED → PICKED_UP → IN_TRANSIT ─┬─ DELIVERED
///        └─ cancel ─ CANCELLED                          LOST ───┴─ RETURNED
namespace shopfleet::deliveries {

constexpr std::string_view kDefaultCarrier = "sandbox-post";

absl::Status checkPlan(const v1::PlanShipmentRequest& request);
absl::Status checkUpdate(const v1::UpdateShipmentRequest& request);
absl::Status checkSplit(const v1::SplitShipmentRequest& request);
absl::Status checkReturn(const v1::CreateReturnRequest& request);
absl::Status checkEvent(const v1::TrackingEvent& event);
absl::Status checkImport(const v1::ImportShipmentsRequest& request);
absl::Status checkId(std::string_view field, std::string_view id);
absl::Status checkReason(std::string_view reason);

/// The shipment with the event in its history, and in the event's state where that is a step
/// forward. A repeated event (by id) changes nothing. FAILED_PRECONDITION before dispatch.
absl::StatusOr<v1::Shipment> withEvent(v1::Shipment shipment, const v1::TrackingEvent& event);

absl::Status checkDispatch(const v1::Shipment& shipment);
/// ABORTED while the carrier has not said whether it has the parcel.
absl::Status checkCancel(const v1::Shipment& shipment);
absl::Status checkChange(const v1::Shipment& shipment);
/// Whether some of it may leave by itself: as a change, and only of the order's first fulfilment.
absl::Status checkSplit(const v1::Shipment& shipment);
/// Moves the lines that are named, by SKU, out of the shipment. INVALID_ARGUMENT where it does not
/// hold them, or would be empty without them.
absl::StatusOr<std::vector<v1::ShipmentLine>> takeOut(
    v1::Shipment& shipment, const google::protobuf::RepeatedPtrField<v1::ShipmentLine>& lines);

/// FAILED_PRECONDITION unless the lines went out with the order's delivered shipments and no
/// earlier return has them.
absl::Status checkReturnable(
    const v1::CreateReturnRequest& request, std::span<const v1::Shipment> ofTheOrder);

/// Is the order's shipment already what this request plans? The same pair must mean the same goods.
bool samePlan(const v1::Shipment& shipment, const v1::PlanShipmentRequest& request);

} // namespace shopfleet::deliveries
