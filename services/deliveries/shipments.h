// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <string>

/// What each request does to shipments, in one transaction on the writer.
namespace shopfleet::deliveries::shipments {

using runtime::Connection;

absl::StatusOr<v1::Shipment> plan(Connection& db, const v1::PlanShipmentRequest& request);
absl::StatusOr<v1::Shipment> split(Connection& db, const v1::SplitShipmentRequest& request);
absl::StatusOr<v1::Shipment> update(Connection& db, const v1::UpdateShipmentRequest& request);
/// Before the carrier is asked: the shipment, with its handover. One that is under way already is
/// joined.
absl::StatusOr<v1::Shipment> beginHandover(
    Connection& db, const v1::DispatchShipmentRequest& request, std::int64_t nextUs);
/// The carrier has it.
absl::StatusOr<v1::Shipment> endHandover(
    Connection& db, const std::string& id, const std::string& trackingNumber);
/// The carrier does not take it: it is planned as before.
absl::Status refuseHandover(Connection& db, const std::string& id);
/// It is about to be asked once more; `next` says when the question after that many is due.
absl::StatusOr<v1::Shipment> repeatHandover(
    Connection& db, const std::string& id, const std::function<std::int64_t(int attempts)>& next);
/// No answer came, for this reason.
absl::Status noteHandover(Connection& db, const std::string& id, const std::string& error);
absl::StatusOr<v1::Shipment> record(Connection& db, const v1::RecordTrackingEventRequest& request);
absl::StatusOr<v1::Shipment> cancel(Connection& db, const v1::CancelShipmentRequest& request);
absl::StatusOr<v1::Shipment> takeBack(Connection& db, const v1::CreateReturnRequest& request);
absl::StatusOr<v1::ImportShipmentsResponse> import(
    Connection& db, const v1::ImportShipmentsRequest& request);

} // namespace shopfleet::deliveries::shipments
