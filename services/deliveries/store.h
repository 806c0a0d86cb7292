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

/// A number that no other shipment got.
absl::StatusOr<std::int64_t> nextSerial(Connection& db);

} // namespace shopfleet::deliveries::store
