// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/steps.h"

#include "services/orders/exchanges.h"
#include "services/orders/linechanges.h"
#include "services/orders/refunds.h"
#include "services/orders/reships.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

namespace shopfleet::orders {
namespace {

using Verdict = Outcome::Verdict;

Outcome failed(const absl::Status& status)
{
    Outcome outcome;
    outcome.error = status;
    switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
        outcome.verdict = Verdict::Retry;
        break;
    default:
        outcome.verdict = Verdict::Stop;
    }
    return outcome;
}

Outcome rejected(std::string reason, const absl::Status& status)
{
    Outcome outcome;
    outcome.reject = true;
    outcome.reason = std::move(reason);
    outcome.severity = common::v1::SEVERITY_WARNING;
    if (!status.ok())
        outcome.facts.emplace_back("error", std::string(status.message()));
    return outcome;
}

Outcome done(std::uint32_t bits, std::string event)
{
    Outcome outcome;
    outcome.done = bits;
    outcome.event = std::move(event);
    return outcome;
}

/// Undoing what is not there, or no longer, is done.
bool isGone(const absl::Status& status)
{
    return status.code() == absl::StatusCode::kNotFound
        || status.code() == absl::StatusCode::kFailedPrecondition;
}

Outcome declined(const payments::v1::Payment& payment)
{
    Outcome outcome = rejected("PAYMENT_DECLINED", absl::OkStatus());
    outcome.event = "payment.declined";
    outcome.undone = kPaymentUnknown;
    outcome.facts = {{"payment", payment.id()}, {"reason", payment.decline_reason()}};
    return outcome;
}

/// Deliveries grants a change of a parcel that has not left; otherwise all stays as it is, and that
/// was it.
Outcome parcelChanged(const absl::StatusOr<deliveries::v1::Shipment>& answer, std::uint32_t granted,
    std::uint32_t refused, const std::string& what)
{
    if (runtime::reason(answer.status()) == "SHIPMENT_STATE") {
        Outcome outcome = rejected("SHIPMENT_STATE", answer.status());
        outcome.done = refused;
        outcome.event = what + "_refused";
        return outcome;
    }
    if (!answer.ok())
        return failed(answer.status());
    Outcome outcome = done(granted, what + "_changed");
    outcome.facts = {{"shipment", answer->id()}};
    return outcome;
}

/// What the other services call what they made for the order, and what was taken.
void keepNames(const Outcome& outcome, Goal goal, v1::Order& order)
{
    if (!outcome.reservationId.empty() && goal != Goal::Reship)
        order.set_reservation_id(outcome.reservationId);
    if (!outcome.paymentId.empty()
        && (order.payment_ids().empty() || order.payment_ids(0) != outcome.paymentId))
        order.add_payment_ids(outcome.paymentId);
    if (!outcome.paymentMethod.empty())
        order.set_payment_method(outcome.paymentMethod);
    if (!outcome.shipmentId.empty())
        order.add_shipment_ids(outcome.shipmentId);
    if (outcome.authorised)
        *order.mutable_authorised() = *outcome.authorised;
    if (outcome.captured)
        *order.mutable_captured() = *outcome.captured;
}

void foldReship(const Outcome& outcome, v1::Order& order, v1::Reship& reship, Progress& progress)
{
    if (!outcome.reservationId.empty())
        reship.set_reservation_id(outcome.reservationId);
    if (!outcome.shipmentId.empty())
        reship.set_shipment_id(outcome.shipmentId);
    if (outcome.reject) {
        reship.set_state(v1::RESHIP_STATE_STOPPED);
        reship.set_stop_reason(outcome.reason);
        progress.step = Step::None;
    } else if (progress.step == Step::None) {
        reship.set_state(progress.goal == Goal::Reship ? v1::RESHIP_STATE_PLANNED
                : progress.goal == Goal::Reshipped     ? v1::RESHIP_STATE_SENT
                                                       : v1::RESHIP_STATE_STOPPED);
    }
    if (reship.state() == v1::RESHIP_STATE_SENT)
        sendExchanged(order, reship);
    else if (reship.state() == v1::RESHIP_STATE_STOPPED)
        undoExchange(order, reship);
}

/// Of what somebody asked for beside the order itself.
void foldAsked(const Outcome& outcome, bool isThrough, v1::Order& order, Progress& progress)
{
    switch (progress.goal) {
    case Goal::Refund:
        if (v1::Refund* refund = refundOf(&order, progress.subject);
            refund && (progress.done & kRefunded))
            giveBack(order, *refund);
        break;
    case Goal::Return:
        if (v1::Refund* refund = refundOf(&order, progress.subject); refund && isThrough) {
            refund->set_state(v1::REFUND_STATE_AWAITING_GOODS);
            refund->set_shipment_id(outcome.returnId);
        }
        break;
    case Goal::Reship:
    case Goal::Reshipped:
    case Goal::Unreship:
        if (v1::Reship* reship = reshipOf(&order, progress.subject))
            foldReship(outcome, order, *reship, progress);
        break;
    case Goal::Readdress:
        if (outcome.reject)
            order.clear_address_change();
        else
            takeAddress(order);
        break;
    case Goal::Reline:
        if (outcome.reject)
            order.mutable_lines_changes()->DeleteSubrange(0, 1);
        else if (isThrough)
            takeLines(order);
        break;
    default:
        break;
    }
}

} // namespace

Outcome reserved(const absl::StatusOr<inventory::v1::Reservation>& answer)
{
    if (answer.ok()) {
        Outcome outcome = done(kReserved, "stock.reserved");
        outcome.reservationId = answer->id();
        outcome.facts = {{"reservation", answer->id()}};
        return outcome;
    }
    const absl::Status& status = answer.status();
    if (status.code() == absl::StatusCode::kResourceExhausted
        && runtime::reason(status) == "OUT_OF_STOCK") {
        Outcome outcome = rejected("OUT_OF_STOCK", status);
        outcome.event = "stock.short";
        return outcome;
    }
    if (status.code() == absl::StatusCode::kInvalidArgument || isGone(status)) {
        Outcome outcome = rejected("NOT_FOR_SALE", status);
        outcome.event = "stock.refused";
        return outcome;
    }
    return failed(status);
}

Outcome released(const absl::StatusOr<inventory::v1::Reservation>& answer)
{
    return answer.ok() || isGone(answer.status()) ? done(kReleased, "stock.released")
                                                  : failed(answer.status());
}

Outcome paid(const absl::StatusOr<payments::v1::Payment>& answer)
{
    if (!answer.ok()) {
        if (answer.status().code() != absl::StatusCode::kInvalidArgument)
            return failed(answer.status());
        Outcome outcome = rejected("PAYMENT_DECLINED", answer.status());
        outcome.event = "payment.refused";
        return outcome;
    }
    Outcome outcome;
    outcome.paymentId = answer->id();
    outcome.paymentMethod = answer->method();
    outcome.facts = {{"payment", answer->id()}};
    switch (answer->state()) {
    case payments::v1::PAYMENT_STATE_AUTHORISED:
    case payments::v1::PAYMENT_STATE_PARTIALLY_CAPTURED:
    case payments::v1::PAYMENT_STATE_CAPTURED:
        outcome.done = kAuthorised;
        outcome.undone = kPaymentUnknown;
        outcome.authorised = answer->authorised();
        outcome.event = "payment.authorised";
        return outcome;
    case payments::v1::PAYMENT_STATE_DECLINED:
    case payments::v1::PAYMENT_STATE_VOIDED: {
        Outcome refused = declined(*answer);
        refused.paymentId = answer->id();
        refused.paymentMethod = answer->method();
        return refused;
    }
    default:
        outcome.done = kPaymentUnknown;
        outcome.event = "payment.unknown";
        outcome.severity = common::v1::SEVERITY_WARNING;
        return outcome;
    }
}

Outcome voided(const absl::StatusOr<payments::v1::Payment>& answer)
{
    if (!answer.ok())
        return failed(answer.status());
    Outcome outcome
        = done(kVoided, answer->captured().minor() > 0 ? "payment.rest_voided" : "payment.voided");
    outcome.authorised = answer->authorised();
    return outcome;
}

Outcome closed(const absl::StatusOr<cart::v1::ShoppingCart>& answer)
{
    if (answer.ok() || !isGone(answer.status()))
        return answer.ok() ? done(kCartClosed, "") : failed(answer.status());
    // The promise stands whatever became of the cart.
    Outcome outcome = done(kCartClosed, "cart.missing");
    outcome.severity = common::v1::SEVERITY_WARNING;
    outcome.facts = {{"error", std::string(answer.status().message())}};
    return outcome;
}

Outcome planned(const absl::StatusOr<deliveries::v1::Shipment>& answer)
{
    if (!answer.ok())
        return failed(answer.status());
    Outcome outcome = done(kPlanned, "delivery.planned");
    outcome.shipmentId = answer->id();
    outcome.facts = {{"shipment", answer->id()}};
    return outcome;
}

Outcome captured(const absl::StatusOr<payments::v1::Payment>& answer)
{
    if (!answer.ok())
        return failed(answer.status());
    Outcome outcome = done(kCaptured, "payment.captured");
    outcome.captured = answer->captured();
    outcome.facts = {{"payment", answer->id()}};
    return outcome;
}

Outcome committed(const absl::StatusOr<inventory::v1::Reservation>& answer)
{
    return answer.ok() ? done(kCommitted, "stock.taken") : failed(answer.status());
}

Outcome refunded(const absl::StatusOr<payments::v1::Payment>& answer)
{
    if (!answer.ok())
        return failed(answer.status());
    Outcome outcome = done(kRefunded, "payment.refunded");
    outcome.facts = {{"payment", answer->id()}};
    return outcome;
}

Outcome restocked(const absl::StatusOr<inventory::v1::StockResponse>& answer)
{
    return answer.ok() ? done(kRestocked, "stock.restocked") : failed(answer.status());
}

Outcome fetched(const absl::StatusOr<deliveries::v1::Shipment>& answer)
{
    if (!answer.ok())
        return failed(answer.status());
    Outcome outcome = done(kFetched, "return.expected");
    outcome.returnId = answer->id();
    outcome.facts = {{"shipment", answer->id()}};
    return outcome;
}

Outcome readdressed(const absl::StatusOr<deliveries::v1::Shipment>& answer)
{
    return parcelChanged(answer, kReaddressed, kReaddressed, "order.address");
}

Outcome repacked(const absl::StatusOr<deliveries::v1::Shipment>& answer)
{
    return parcelChanged(answer, kRepacked, kRepacked | kTrimmed, "order.lines");
}

Outcome trimmed(const absl::StatusOr<inventory::v1::Reservation>& answer)
{
    return answer.ok() || isGone(answer.status()) ? done(kTrimmed, "stock.released")
                                                  : failed(answer.status());
}

Outcome unplanned(const absl::StatusOr<deliveries::v1::Shipment>& answer)
{
    if (runtime::reason(answer.status()) == "SHIPMENT_STATE") {
        // The race of cancelling and shipping is decided by deliveries, and shipping won.
        Outcome outcome;
        outcome.hasLeft = true;
        outcome.event = "order.cancel_refused";
        outcome.severity = common::v1::SEVERITY_WARNING;
        outcome.facts = {{"reason", std::string(answer.status().message())}};
        return outcome;
    }
    return answer.ok() || answer.status().code() == absl::StatusCode::kNotFound
        ? done(kUnplanned, "delivery.cancelled")
        : failed(answer.status());
}

void takeAddress(v1::Order& order)
{
    *order.mutable_shipping_address() = order.address_change().address();
    order.set_country(order.shipping_address().country());
    order.clear_address_change();
}

bool fold(const Outcome& outcome, v1::Order& order, Progress& progress)
{
    const v1::OrderState before = order.state();
    progress.done = (progress.done | outcome.done) & ~outcome.undone;
    keepNames(outcome, progress.goal, order);
    if (outcome.reject && progress.goal == Goal::Confirm) {
        progress.goal = Goal::Reject;
        progress.reason = outcome.reason;
        order.set_reject_reason(outcome.reason);
    }
    if (outcome.hasLeft)
        progress.goal = Goal::Ship;
    progress.step = nextStep(progress.goal, progress.done);

    const bool isThrough = progress.step == Step::None;
    switch (progress.goal) {
    case Goal::Confirm:
        // Promised as soon as the money is there: the two states of the contract are one write
        // here.
        if (progress.done & kAuthorised)
            order.set_state(v1::ORDER_STATE_CONFIRMED);
        else if (progress.done & kReserved)
            order.set_state(v1::ORDER_STATE_RESERVED);
        break;
    case Goal::Reject:
    case Goal::Cancel:
        if (!isThrough)
            break;
        order.set_state(
            progress.goal == Goal::Reject ? v1::ORDER_STATE_REJECTED : v1::ORDER_STATE_CANCELLED);
        order.clear_lines_changes();
        break;
    case Goal::Ship:
        if (!isThrough)
            break;
        ship(order);
        refundCalledOff(order);
        break;
    default:
        foldAsked(outcome, isThrough, order, progress);
        break;
    }
    return order.state() != before;
}

} // namespace shopfleet::orders
