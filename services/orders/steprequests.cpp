// SPDX-License-Identifier: GPL-3.0-or-later
// What each step asks of another service.
#include "services/orders/refunds.h"
#include "services/orders/steps.h"
#include "services/runtime/text.h"

namespace shopfleet::orders {
namespace {

std::string keyOf(const v1::Order& order, Step step)
{
    return order.id() + "/" + std::string(nameOf(step));
}

/// A refund's steps are asked for once a refund, not once an order.
std::string keyOf(const v1::Order& order, Step step, const Progress& progress)
{
    return keyOf(order, step) + "/" + progress.subject;
}

std::string lastPayment(const v1::Order& order)
{
    return order.payment_ids_size() ? order.payment_ids(order.payment_ids_size() - 1) : "";
}

/// An order's goods stay set aside until they leave or it is called off: longer than any order
/// waits.
constexpr int kReservationSeconds = 90 * 24 * 3600;

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
    request.set_id(lastPayment(order));
    return request;
}

payments::v1::VoidPaymentRequest voidRequest(const v1::Order& order, const Progress& progress)
{
    payments::v1::VoidPaymentRequest request;
    request.set_request_id(keyOf(order, Step::Void));
    request.set_id(lastPayment(order));
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

payments::v1::CapturePaymentRequest captureRequest(const v1::Order& order)
{
    payments::v1::CapturePaymentRequest request;
    request.set_request_id(keyOf(order, Step::Capture));
    request.set_id(lastPayment(order));
    return request;
}

inventory::v1::CommitReservationRequest commitRequest(const v1::Order& order)
{
    inventory::v1::CommitReservationRequest request;
    request.set_request_id(keyOf(order, Step::Commit));
    request.set_id(order.reservation_id());
    return request;
}

payments::v1::RefundPaymentRequest refundRequest(const v1::Order& order, const Progress& progress)
{
    payments::v1::RefundPaymentRequest request;
    request.set_request_id(keyOf(order, Step::Refund, progress));
    request.set_id(lastPayment(order));
    request.set_reason(progress.reason);
    request.mutable_actor()->set_id(progress.actor);
    if (const v1::Refund* refund = refundOf(order, progress.subject))
        *request.mutable_amount() = refund->total();
    return request;
}

inventory::v1::ReceiveStockRequest restockRequest(const v1::Order& order, const Progress& progress)
{
    inventory::v1::ReceiveStockRequest request;
    request.set_request_id(keyOf(order, Step::Restock, progress));
    request.set_reason("back from order " + order.id());
    request.mutable_actor()->set_id(progress.actor);
    const v1::Refund* refund = refundOf(order, progress.subject);
    if (!refund)
        return request;
    for (const v1::RefundLine& back : refund->lines()) {
        const v1::OrderLine* line = lineOf(order, back.line_id());
        if (!back.restock() || !line)
            continue;
        auto* goods = request.add_lines();
        goods->set_sku(line->sku());
        goods->set_quantity(back.quantity());
    }
    return request;
}

deliveries::v1::CreateReturnRequest fetchRequest(const v1::Order& order, const Progress& progress)
{
    deliveries::v1::CreateReturnRequest request;
    request.set_request_id(keyOf(order, Step::Fetch, progress));
    request.set_order_id(order.id());
    request.set_reason(progress.reason);
    const v1::Refund* refund = refundOf(order, progress.subject);
    if (!refund)
        return request;
    for (const v1::RefundLine& back : refund->lines()) {
        const v1::OrderLine* line = lineOf(order, back.line_id());
        if (!line)
            continue;
        auto* goods = request.add_lines();
        goods->set_sku(line->sku());
        goods->set_quantity(back.quantity());
        goods->set_title(line->title());
    }
    return request;
}

} // namespace shopfleet::orders
