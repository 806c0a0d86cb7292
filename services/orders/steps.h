// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/plan.h"
#include "shopfleet/cart/v1/cart.pb.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"
#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

// What each step asks of another service (steprequests.cpp), and what its answer does to the order
// (steps.cpp). Pure: the calls are peers.h's.
//
// Each request's id is made of the order's and the step's, so that asking again after a lost answer
// changes nothing.
namespace shopfleet::orders {

inventory::v1::ReserveStockRequest reserveRequest(const v1::Order& order, const Progress& progress);
inventory::v1::ReleaseReservationRequest releaseRequest(
    const v1::Order& order, const Progress& progress);
payments::v1::AuthorisePaymentRequest authoriseRequest(
    const v1::Order& order, const Progress& progress);
payments::v1::SettlePaymentRequest settleRequest(const v1::Order& order, int attempt);
payments::v1::VoidPaymentRequest voidRequest(const v1::Order& order, const Progress& progress);
cart::v1::CloseCartRequest closeRequest(const v1::Order& order);
deliveries::v1::PlanShipmentRequest planRequest(const v1::Order& order, const Progress& progress);
deliveries::v1::CancelShipmentRequest unplanRequest(
    const v1::Order& order, const Progress& progress);
payments::v1::CapturePaymentRequest captureRequest(const v1::Order& order);
inventory::v1::CommitReservationRequest commitRequest(
    const v1::Order& order, const Progress& progress);
payments::v1::RefundPaymentRequest refundRequest(const v1::Order& order, const Progress& progress);
inventory::v1::ReceiveStockRequest restockRequest(const v1::Order& order, const Progress& progress);
deliveries::v1::CreateReturnRequest fetchRequest(const v1::Order& order, const Progress& progress);
deliveries::v1::UpdateShipmentRequest readdressRequest(
    const v1::Order& order, const Progress& progress);
deliveries::v1::UpdateShipmentRequest repackRequest(
    const v1::Order& order, const Progress& progress);
inventory::v1::ReleaseReservationRequest trimRequest(
    const v1::Order& order, const Progress& progress);

/// What an answer does to an order.
struct Outcome {
    enum class Verdict {
        Done, ///< Fold it in and go on.
        Retry, ///< Later, by itself.
        Stop, ///< Trying again gives the same: a person has to look.
    };
    Verdict verdict = Verdict::Done;
    absl::Status error; ///< Of Retry and Stop.
    std::uint32_t done = 0;
    std::uint32_t undone = 0;
    bool reject = false; ///< The answer is no, and stays so.
    bool hasLeft = false; ///< The parcel cannot be held back any more.
    std::string reason;
    std::string reservationId;
    std::string paymentId;
    std::string paymentMethod;
    std::string shipmentId;
    std::string returnId; ///< The shipment that brings goods back.
    std::optional<common::v1::Money> authorised;
    std::optional<common::v1::Money> captured;
    std::string event; ///< The timeline's kind, "stock.reserved".
    common::v1::Severity severity = common::v1::SEVERITY_PROGRESS;
    std::vector<std::pair<std::string, std::string>> facts;
};

Outcome reserved(const absl::StatusOr<inventory::v1::Reservation>& answer);
Outcome released(const absl::StatusOr<inventory::v1::Reservation>& answer);
/// Of AuthorisePayment and of SettlePayment.
Outcome paid(const absl::StatusOr<payments::v1::Payment>& answer);
Outcome voided(const absl::StatusOr<payments::v1::Payment>& answer);
Outcome closed(const absl::StatusOr<cart::v1::ShoppingCart>& answer);
Outcome planned(const absl::StatusOr<deliveries::v1::Shipment>& answer);
Outcome unplanned(const absl::StatusOr<deliveries::v1::Shipment>& answer);
Outcome captured(const absl::StatusOr<payments::v1::Payment>& answer);
Outcome committed(const absl::StatusOr<inventory::v1::Reservation>& answer);
Outcome refunded(const absl::StatusOr<payments::v1::Payment>& answer);
Outcome restocked(const absl::StatusOr<inventory::v1::StockResponse>& answer);
Outcome fetched(const absl::StatusOr<deliveries::v1::Shipment>& answer);
Outcome readdressed(const absl::StatusOr<deliveries::v1::Shipment>& answer);
Outcome repacked(const absl::StatusOr<deliveries::v1::Shipment>& answer);
Outcome trimmed(const absl::StatusOr<inventory::v1::Reservation>& answer);

/// The address that was asked for is the order's from now on.
void takeAddress(v1::Order& order);

/// Folds a Done outcome into the order and its progress, and sets the next step. True if the
/// order's state changed.
bool fold(const Outcome& outcome, v1::Order& order, Progress& progress);

} // namespace shopfleet::orders
