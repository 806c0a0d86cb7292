// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// All SQL of deliveries. Knows rows and messages; knows nothing of rules and RPCs.
namespace shopfleet::deliveries::store {

using runtime::Connection;

absl::StatusOr<std::optional<v1::Shipment>> find(Connection& db, const std::string& id);
/// NOT_FOUND where there is none.
absl::StatusOr<v1::Shipment> get(Connection& db, const std::string& id);
/// Every shipment and return of the order, in the order of their numbers.
absl::StatusOr<std::vector<v1::Shipment>> ofOrder(Connection& db, const std::string& orderId);
absl::StatusOr<v1::ListShipmentsResponse> list(
    Connection& db, const v1::ListShipmentsRequest& request);

/// The row, what search finds it by, and the change that watchers see.
absl::Status insert(Connection& db, const v1::Shipment& shipment);
absl::Status replace(Connection& db, const v1::Shipment& shipment);

/// A shipment that the carrier has not answered for, and the request that asked first.
struct Handover {
    std::string shipmentId;
    v1::DispatchShipmentRequest request;
};
absl::Status insertHandover(Connection& db, const Handover& handover, std::int64_t dueUs);
absl::Status postponeHandover(Connection& db, const std::string& shipmentId, std::int64_t dueUs);
absl::Status deleteHandover(Connection& db, const std::string& shipmentId);
absl::StatusOr<std::vector<Handover>> dueHandovers(Connection& db, std::int64_t nowUs);

} // namespace shopfleet::deliveries::store
