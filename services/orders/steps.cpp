// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/steps.h"

#include "services/runtime/status.h"
#include "services/runtime/text.h"

namespace shopfleet::orders {
namespace {

using Verdict = Outcome::Verdict;

std::string keyOf(const v1::Order& order, Step step)
{
    return order.id() + "/" + std::string(nameOf(step));
}

/// An order's goods stay set aside until they leave or it is called off: longer than any order
/// waits.
constexpr int kReservationSeconds = 90 * 24 * 3600;

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

} // namespace

inventory::v1::ReserveStockRequest reserveRequest(const v1::Order& order)
{
    inventory::v1::ReserveStockRequest request;
    request.set_request_id(keyOf(order, Step::Reserve));
    request.set_holder(order.id());
    request.set_ttl_seconds(kReservationSeconds);
    for (const v1::OrderLine& line : order.lines()) {
        if (line.kind() != v1::LINE_KIND_PRODUCT)
            continue;
        auto* wanted = request.add_lines();
        wanted->set_sku(line.sku());
        wanted->set_quantity(line.quantity());
    }
    return request;
}

inventory::v1::ReleaseReservationRequest releaseRequest(
    const v1::Order& order, const Progress& progress)
{
    inventory::v1::ReleaseReservationRequest request;
    request.set_request_id(keyOf(order, Step::Release));
    request.set_id(order.reservation_id());
    request.set_reason(progress.reason);
    return request;
}

payments::v1::AuthorisePaymentRequest authoriseRequest(
    const v1::Order& order, const Progress& progress)
{
    payments::v1::AuthorisePaymentRequest request;
    request.set_request_id(keyOf(order, Step::Authorise));
    request.set_order_id(order.id());
    request.set_customer_id(order.customer_id());
    *request.mutable_amount() = order.total();
    request.set_payment_token(progress.paymentToken);
    request.set_attempt(1);
    return request;
}

payments::v1::SettlePaymentRequest settleRequest(const v1::Order& order, int attempt)
{
    payments::v1::SettlePaymentRequest request;
    // Asking changes nothing, and the same id would give the same "not known" again.
    request.set_request_id(runtime::text(keyOf(order, Step::Settle), "/", attempt));
    request.set_id(order.payment_ids_size() ? order.payment_ids(order.payment_ids_size() - 1) : "");
    return request;
}

payments::v1::VoidPaymentRequest voidRequest(const v1::Order& order, const Progress& progress)
{
    payments::v1::VoidPaymentRequest request;
    request.set_request_id(keyOf(order, Step::Void));
    request.set_id(order.payment_ids_size() ? order.payment_ids(order.payment_ids_size() - 1) : "");
    request.set_reason(progress.reason);
    return request;
}

cart::v1::CloseCartRequest closeRequest(const v1::Order& order)
{
    cart::v1::CloseCartRequest request;
    request.set_request_id(keyOf(order, Step::Close));
    request.set_cart_id(order.cart_id());
    request.set_order_id(order.id());
    return request;
}

deliveries::v1::PlanShipmentRequest planRequest(const v1::Order& order)
{
    deliveries::v1::PlanShipmentRequest request;
    request.set_request_id(keyOf(order, Step::Plan));
    request.set_order_id(order.id());
    request.set_customer_id(order.customer_id());
    request.set_fulfilment(1);
    *request.mutable_address() = order.shipping_address();
    for (const v1::OrderLine& line : order.lines()) {
        if (line.kind() != v1::LINE_KIND_PRODUCT)
            continue;
        auto* goods = request.add_lines();
        goods->set_sku(line.sku());
        goods->set_quantity(line.quantity());
        goods->set_title(line.title());
    }
    return request;
}

deliveries::v1::CancelShipmentRequest unplanRequest(
    const v1::Order& order, const Progress& progress)
{
    deliveries::v1::CancelShipmentRequest request;
    request.set_request_id(keyOf(order, Step::Unplan));
    request.set_id(order.shipment_ids_size() ? order.shipment_ids(0) : "");
    request.set_reason(progress.reason);
    return request;
}

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
    return answer.ok() ? done(kVoided, "payment.voided") : failed(answer.status());
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

Outcome unplanned(const absl::StatusOr<deliveries::v1::Shipment>& answer)
{
    return answer.ok() || answer.status().code() == absl::StatusCode::kNotFound
        ? done(kUnplanned, "delivery.cancelled")
        : failed(answer.status());
}

bool fold(const Outcome& outcome, v1::Order& order, Progress& progress)
{
    const v1::OrderState before = order.state();
    progress.done = (progress.done | outcome.done) & ~outcome.undone;
    if (!outcome.reservationId.empty())
        order.set_reservation_id(outcome.reservationId);
    if (!outcome.paymentId.empty()
        && (order.payment_ids().empty() || order.payment_ids(0) != outcome.paymentId))
        order.add_payment_ids(outcome.paymentId);
    if (!outcome.paymentMethod.empty())
        order.set_payment_method(outcome.paymentMethod);
    if (!outcome.shipmentId.empty())
        order.add_shipment_ids(outcome.shipmentId);
    if (outcome.reject && progress.goal == Goal::Confirm) {
        progress.goal = Goal::Reject;
        progress.reason = outcome.reason;
        order.set_reject_reason(outcome.reason);
    }
    progress.step = nextStep(progress.goal, progress.done);

    if (progress.goal == Goal::Confirm) {
        // Promised as soon as the money is there: the two states of the contract are one write
        // here.
        if (progress.done & kAuthorised)
            order.set_state(v1::ORDER_STATE_CONFIRMED);
        else if (progress.done & kReserved)
            order.set_state(v1::ORDER_STATE_RESERVED);
    } else if (progress.step == Step::None) {
        order.set_state(
            progress.goal == Goal::Reject ? v1::ORDER_STATE_REJECTED : v1::ORDER_STATE_CANCELLED);
    }
    return order.state() != before;
}

} // namespace shopfleet::orders
