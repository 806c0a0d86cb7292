// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <absl/status/statusor.h>

#include <string>
#include <vector>

// The SQL of what deliveries has told of orders' parcels: the table `shipment`.
namespace shopfleet::orders {

/// How far along its way a parcel is; stored. A lost one may still turn up.
enum Way { kKnown = 1, kLeft = 2, kLost = 3, kArrived = 4, kSentBack = 5, kCalledOff = 6 };

Way wayOf(deliveries::v1::ShipmentState state);
bool hasLeft(Way way);

/// Whatever the order of the news, a row only moves forward. Of a part that is called off its goods
/// are kept until the order is without them. False: this is not new.
absl::StatusOr<bool> raise(runtime::Connection& db, const deliveries::v1::Shipment& shipment);

/// How far one is; kKnown where nothing was told.
absl::StatusOr<Way> progressOf(runtime::Connection& db, const std::string& shipmentId);

/// An order's parcels to the customer.
struct Parcels {
    int known = 0;
    int live = 0; ///< Not called off.
    int left = 0; ///< Of those, gone from here.
    int expected = 0; ///< Live and not lost: for a lost one another is sent.
    int arrived = 0;
    int unsettled = 0; ///< Called off, and its goods are in the order still.
};
absl::StatusOr<Parcels> countParcels(runtime::Connection& db, const std::string& orderId);

/// The unsettled ones: id and lines.
absl::StatusOr<std::vector<deliveries::v1::Shipment>> listUnsettled(
    runtime::Connection& db, const std::string& orderId);
absl::Status settleParcels(runtime::Connection& db, const std::string& orderId);

} // namespace shopfleet::orders
