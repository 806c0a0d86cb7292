// SPDX-License-Identifier: GPL-3.0-or-later
// What each step asks of another service.
#include "services/orders/linechanges.h"
#include "services/orders/refunds.h"
#include "services/orders/reships.h"
#include "services/orders/steps.h"
#include "services/runtime/text.h"

namespace shopfleet::orders {
namespace {

std::string keyOf(const v1::Order& order, Step step)
{
    return order.id() + "/" + std::string(nameOf(step));
}

/// What somebody asked for, a refund or a reship, has steps of its own beside the order's.
std::string keyOf(const v1::Order& order, Step step, const Progress& progress)
{
    return progress.subject.empty() ? keyOf(order, step)
                                    : keyOf(order, step) + "/" + progress.subject;
}

/// The order's own stock, or that of what is sent again.
std::string reservationOf(const v1::Order& order, const Progress& progress)
{
    const v1::Reship* reship = reshipOf(order, progress.subject);
    return reship ? reship->reservation_id() : order.reservation_id();
}

/// Calls use(line, units) for the goods that a step is about: all of the order's, or those that are
/// sent again.
template <class Use>
void forGoods(const v1::Order& order, const Progress& progress, Use use)
{
    if (const v1::Reship* reship = reshipOf(order, progress.subject)) {
        for (const v1::RefundLine& again : reship->lines())
            if (const v1::OrderLine* line = lineOf(order, again.line_id()))
                use(*line, again.quantity());
        return;
    }
    for (const v1::OrderLine& line : order.lines())
        if (line.kind() == v1::LINE_KIND_PRODUCT)
            use(line, line.quantity());
}

std::string lastPayment(const v1::Order& order)
{
    return order.payment_ids_size() ? order.payment_ids(order.payment_ids_size() - 1) : "";
}

/// An order's goods stay set aside until they leave or it is called off: longer than any order
/// waits.
constexpr int kReservationSeconds = 90 * 24 * 3600;

} // namespace

inventory::v1::ReserveStockRequest reserveRequest(const v1::Order& order, const Progress& progress)
{
    inventory::v1::ReserveStockRequest request;
    request.set_request_id(keyOf(order, Step::Reserve, progress));
    request.set_holder(progress.subject.empty() ? order.id() : order.id() + "/" + progress.subject);
    request.set_ttl_seconds(kReservationSeconds);
    forGoods(order, progress, [&](const v1::OrderLine& line, std::int64_t units) {
        auto* wanted = request.add_lines();
        wanted->set_sku(line.sku());
        wanted->set_quantity(units);
    });
    return request;
}

inventory::v1::ReleaseReservationRequest releaseRequest(
    const v1::Order& order, const Progress& progress)
{
    inventory::v1::ReleaseReservationRequest request;
    request.set_request_id(keyOf(order, Step::Release, progress));
    request.set_id(reservationOf(order, progress));
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

deliveries::v1::PlanShipmentRequest planRequest(const v1::Order& order, const Progress& progress)
{
    deliveries::v1::PlanShipmentRequest request;
    request.set_request_id(keyOf(order, Step::Plan, progress));
    request.set_order_id(order.id());
    request.set_customer_id(order.customer_id());
    const v1::Reship* reship = reshipOf(order, progress.subject);
    request.set_fulfilment(reship ? reship->fulfilment() : 1);
    *request.mutable_address() = order.shipping_address();
    forGoods(order, progress, [&](const v1::OrderLine& line, std::int64_t units) {
        auto* goods = request.add_lines();
        goods->set_sku(line.sku());
        goods->set_quantity(units);
        goods->set_title(line.title());
    });
    return request;
}

deliveries::v1::CancelShipmentRequest unplanRequest(
    const v1::Order& order, const Progress& progress)
{
    deliveries::v1::CancelShipmentRequest request;
    request.set_request_id(keyOf(order, Step::Unplan));
    request.set_id(order.shipment_ids_size() ? order.shipment_ids(0) : "");
    request.set_reason(progress.reason);
    request.set_whole(true);
    return request;
}

payments::v1::CapturePaymentRequest captureRequest(const v1::Order& order)
{
    payments::v1::CapturePaymentRequest request;
    request.set_request_id(keyOf(order, Step::Capture));
    request.set_id(lastPayment(order));
    if (order.authorised().minor() > order.total().minor())
        *request.mutable_amount() = order.total();
    return request;
}

inventory::v1::CommitReservationRequest commitRequest(
    const v1::Order& order, const Progress& progress)
{
    inventory::v1::CommitReservationRequest request;
    request.set_request_id(keyOf(order, Step::Commit, progress));
    request.set_id(reservationOf(order, progress));
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

deliveries::v1::UpdateShipmentRequest readdressRequest(
    const v1::Order& order, const Progress& progress)
{
    deliveries::v1::UpdateShipmentRequest request;
    request.set_request_id(keyOf(order, Step::Readdress, progress));
    request.mutable_shipment()->set_id(order.shipment_ids_size() ? order.shipment_ids(0) : "");
    *request.mutable_shipment()->mutable_address() = order.address_change().address();
    request.mutable_update_mask()->add_paths("address");
    request.set_whole(true);
    return request;
}

deliveries::v1::UpdateShipmentRequest repackRequest(
    const v1::Order& order, const Progress& progress)
{
    deliveries::v1::UpdateShipmentRequest request;
    request.set_request_id(keyOf(order, Step::Repack, progress));
    request.mutable_shipment()->set_id(order.shipment_ids_size() ? order.shipment_ids(0) : "");
    v1::Order after = order;
    takeLines(after);
    forGoods(after, {}, [&](const v1::OrderLine& line, std::int64_t units) {
        auto* goods = request.mutable_shipment()->add_lines();
        goods->set_sku(line.sku());
        goods->set_quantity(units);
        goods->set_title(line.title());
    });
    request.mutable_update_mask()->add_paths("lines");
    return request;
}

inventory::v1::ReleaseReservationRequest trimRequest(
    const v1::Order& order, const Progress& progress)
{
    inventory::v1::ReleaseReservationRequest request;
    request.set_request_id(keyOf(order, Step::Trim, progress));
    request.set_id(order.reservation_id());
    request.set_reason("order " + order.id() + " was made smaller");
    for (const v1::LineUnits& out : order.lines_changes(0).lines()) {
        const v1::OrderLine* line = lineOf(order, out.line_id());
        if (!line)
            continue;
        auto* freed = request.add_lines();
        freed->set_sku(line->sku());
        freed->set_quantity(out.quantity());
    }
    return request;
}

} // namespace shopfleet::orders
