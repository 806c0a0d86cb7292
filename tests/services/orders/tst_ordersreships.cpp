// SPDX-License-Identifier: GPL-3.0-or-later
// What goes to the customer once more, and where it goes: reships, and another address before
// shipping, with every answer that may be lost.
#include "services/runtime/status.h"
#include "tests/services/orders/ordersshop.h"

#include <QtTest>

using namespace shopfleet;
using namespace shopfleet::orders;
using Stub = v1::Orders::Stub;
using When = FakePeers::When;

namespace {

constexpr int kUnits = 3;

v1::ReshipOrderRequest reshipOf(const std::string& requestId, const v1::Order& order, int quantity)
{
    v1::ReshipOrderRequest request;
    request.set_request_id(requestId);
    request.set_id(order.id());
    request.set_reason("lost");
    auto& line = *request.add_lines();
    line.set_line_id(order.lines(0).id());
    line.set_quantity(quantity);
    return request;
}

v1::UpdateOrderRequest moveOf(
    const std::string& requestId, const v1::Order& order, const std::string& line1)
{
    v1::UpdateOrderRequest request;
    request.set_request_id(requestId);
    request.mutable_order()->set_id(order.id());
    auto& address = *request.mutable_order()->mutable_shipping_address();
    address.set_name("Jane Doe");
    address.set_line1(line1);
    address.set_country("FR");
    request.mutable_update_mask()->add_paths("shipping_address");
    return request;
}

} // namespace

class TestOrdersReships : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_shop = std::make_unique<OrdersShop>(); }
    void cleanup() { m_shop.reset(); }
    void sendsAgain();
    void arrivesInPlaceOfTheLost();
    void stopsWithoutStock();
    void stopsWhenCalledOff();
    void sendsOnceAfterLostAnswers_data();
    void sendsOnceAfterLostAnswers();
    void refuses();
    void previewChangesNothing();
    void movesBeforePlanning();
    void movesThePlannedParcel_data();
    void movesThePlannedParcel();
    void staysWhereItLeftFor();
    void cancelForgetsTheMove();
    void endsWithItsParcel();
    void changesTheEmail();

private:
    v1::Order placed();
    v1::Order shipped();
    bool becomes(const std::string& id, const std::function<bool(const v1::Order&)>& is)
    {
        return m_shop->becomes(id, is);
    }
    bool reshipBecomes(const std::string& id, v1::ReshipState state)
    {
        return becomes(id, [state](const v1::Order& order) {
            return order.reships_size() > 0 && order.reships(0).state() == state;
        });
    }
    absl::Status reship(const v1::ReshipOrderRequest& request)
    {
        v1::OrderChange change;
        return runtime::fromWire(m_shop->call(&Stub::ReshipOrder, request, &change));
    }
    void leaves(const std::string& id, int fulfilment,
        deliveries::v1::ShipmentState state = deliveries::v1::SHIPMENT_STATE_DISPATCHED)
    {
        m_shop->peers.tell(id, state, deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND, fulfilment);
    }

    std::unique_ptr<OrdersShop> m_shop;
    int m_carts = 0;
};

v1::Order TestOrdersReships::placed()
{
    const std::string cart = "cart-" + std::to_string(++m_carts);
    m_shop->peers.addCart(cart, "TEAPOT", kUnits);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place-" + cart, cart), &order);
    return order;
}

v1::Order TestOrdersReships::shipped()
{
    const auto id = placed().id();
    becomes(id, [](const v1::Order& order) { return !order.shipment_ids().empty(); });
    leaves(id, 1);
    becomes(id, [](const v1::Order& order) { return order.state() == v1::ORDER_STATE_SHIPPED; });
    return m_shop->get(id);
}

void TestOrdersReships::sendsAgain()
{
    const auto order = shipped();
    QVERIFY(reship(reshipOf("again", order, 1)).ok());
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_PLANNED));
    auto now = m_shop->get(order.id());
    QCOMPARE(now.shipment_ids_size(), 2);
    QCOMPARE(now.reships(0).shipment_id(), now.shipment_ids(1));
    QVERIFY(!now.reships(0).reservation_id().empty());
    QVERIFY(now.reships(0).reservation_id() != now.reservation_id());
    QCOMPARE(m_shop->peers.effects("ReserveStock"), 2);
    QCOMPARE(m_shop->peers.effects("PlanShipment"), 2);
    QCOMPARE(m_shop->peers.effects("CommitReservation"), 1); // The order's own.

    leaves(order.id(), 2);
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_SENT));
    now = m_shop->get(order.id());
    QCOMPARE(m_shop->peers.effects("CommitReservation"), 2);
    QCOMPARE(m_shop->peers.effects("CapturePayment"), 1); // Free of charge.
    QCOMPARE(now.captured().minor(), order.captured().minor());
    QCOMPARE(now.lines(0).shipped(), kUnits);
    QVERIFY(told(now, "reship.asked"));
}

void TestOrdersReships::arrivesInPlaceOfTheLost()
{
    const auto order = shipped();
    leaves(order.id(), 1, deliveries::v1::SHIPMENT_STATE_LOST);
    QVERIFY(reship(reshipOf("again", order, kUnits)).ok());
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_PLANNED));
    leaves(order.id(), 2);
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_SENT));
    QCOMPARE(m_shop->get(order.id()).state(), v1::ORDER_STATE_SHIPPED);
    leaves(order.id(), 2, deliveries::v1::SHIPMENT_STATE_DELIVERED);
    QVERIFY(becomes(
        order.id(), [](const v1::Order& now) { return now.state() == v1::ORDER_STATE_DELIVERED; }));
}

void TestOrdersReships::stopsWithoutStock()
{
    const auto order = shipped();
    m_shop->peers.sellOut("TEAPOT");
    QVERIFY(reship(reshipOf("again", order, 1)).ok());
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_STOPPED));
    const auto now = m_shop->get(order.id());
    QCOMPARE(now.reships(0).stop_reason(), std::string("OUT_OF_STOCK"));
    QCOMPARE(now.state(), v1::ORDER_STATE_SHIPPED);
    QVERIFY(told(now, "stock.short"));
    QCOMPARE(m_shop->peers.effects("PlanShipment"), 1);
    // It is not under way any more, so it can be asked for again.
    QVERIFY(reship(reshipOf("once more", now, kUnits)).ok());
}

void TestOrdersReships::stopsWhenCalledOff()
{
    const auto order = shipped();
    QVERIFY(reship(reshipOf("again", order, 1)).ok());
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_PLANNED));
    leaves(order.id(), 2, deliveries::v1::SHIPMENT_STATE_CANCELLED);
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_STOPPED));
    QCOMPARE(m_shop->peers.effects("ReleaseReservation"), 1);
    QCOMPARE(m_shop->peers.effects("CommitReservation"), 1);
}

void TestOrdersReships::sendsOnceAfterLostAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("restarts");
    for (const auto* method : {"ReserveStock", "PlanShipment", "CommitReservation"}) {
        QTest::addRow("%s answers nothing twice", method) << QByteArray(method) << false;
        QTest::addRow("%s answers nothing, and orders begins again", method)
            << QByteArray(method) << true;
    }
}

void TestOrdersReships::sendsOnceAfterLostAnswers()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, restarts);
    const auto order = shipped();
    m_shop->peers.fail(method.toStdString(), 2, grpc::StatusCode::UNAVAILABLE, When::AfterActing);
    QVERIFY(reship(reshipOf("again", order, 1)).ok());
    if (restarts) {
        m_shop->end();
        m_shop->begin();
    }
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_PLANNED));
    leaves(order.id(), 2);
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_SENT));
    for (const auto* each : {"ReserveStock", "PlanShipment", "CommitReservation"})
        QCOMPARE(m_shop->peers.effects(each), 2);
    QCOMPARE(m_shop->get(order.id()).shipment_ids_size(), 2);
}

void TestOrdersReships::refuses()
{
    const auto early = placed();
    QCOMPARE(runtime::reason(reship(reshipOf("early", m_shop->get(early.id()), 1))),
        std::string("WRONG_STATE"));
    const auto order = shipped();
    QCOMPARE(
        reship(reshipOf("more", order, kUnits + 1)).code(), absl::StatusCode::kInvalidArgument);
    auto unknown = reshipOf("unknown", order, 1);
    unknown.mutable_lines(0)->set_line_id("99");
    QCOMPARE(reship(unknown).code(), absl::StatusCode::kInvalidArgument);
    auto twice = reshipOf("twice", order, 1);
    *twice.add_lines() = twice.lines(0);
    QCOMPARE(reship(twice).code(), absl::StatusCode::kInvalidArgument);
    auto none = reshipOf("none", order, 1);
    none.clear_lines();
    QCOMPARE(reship(none).code(), absl::StatusCode::kInvalidArgument);
    // Two at once do not send more than was bought.
    QVERIFY(reship(reshipOf("two", order, 2)).ok());
    QCOMPARE(reship(reshipOf("three", order, 2)).code(), absl::StatusCode::kInvalidArgument);
    QVERIFY(reshipBecomes(order.id(), v1::RESHIP_STATE_PLANNED));
    QCOMPARE(m_shop->get(order.id()).reships_size(), 1);
}

void TestOrdersReships::previewChangesNothing()
{
    const auto order = shipped();
    auto request = reshipOf("preview", order, 1);
    request.set_validate_only(true);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::ReshipOrder, request, &change).ok());
    QCOMPARE(change.order().reships_size(), 1);
    QCOMPARE(change.refund().minor(), 0);
    QCOMPARE(m_shop->get(order.id()).etag(), order.etag());
    QCOMPARE(m_shop->peers.effects("ReserveStock"), 1);

    // A refund that is under way is none of its business.
    m_shop->peers.fail("RefundPayment", 1'000, grpc::StatusCode::UNAVAILABLE);
    v1::RefundOrderRequest refund;
    refund.set_request_id("refund");
    refund.set_id(order.id());
    refund.mutable_amount()->set_currency("GBP");
    refund.mutable_amount()->set_minor(100);
    QVERIFY(m_shop->call(&Stub::RefundOrder, refund, &change).ok());
    QVERIFY(m_shop->call(&Stub::ReshipOrder, request, &change).ok());
    QCOMPARE(change.order().refunded().minor(), 0);
}

void TestOrdersReships::movesBeforePlanning()
{
    m_shop->peers.fail("CloseCart", 1'000, grpc::StatusCode::UNAVAILABLE);
    m_shop->peers.fail("PlanShipment", 1'000, grpc::StatusCode::UNAVAILABLE);
    const auto id = placed().id();
    QTRY_VERIFY(m_shop->get(id).waiting().attempts() > 0);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::UpdateOrder, moveOf("move", m_shop->get(id), "2 New Road"), &change)
                .ok());
    for (const auto* method : {"CloseCart", "PlanShipment"})
        m_shop->peers.fail(method, 0, grpc::StatusCode::OK);
    QVERIFY(becomes(id, [](const v1::Order& order) {
        return !order.shipment_ids().empty() && !order.has_address_change();
    }));
    QCOMPARE(m_shop->get(id).shipping_address().line1(), std::string("2 New Road"));
    QCOMPARE(m_shop->get(id).country(), std::string("FR"));
    QCOMPARE(m_shop->peers.addressOf("S-" + id), std::string("2 New Road"));
}

void TestOrdersReships::movesThePlannedParcel_data()
{
    QTest::addColumn<int>("lost");
    QTest::newRow("at once") << 0;
    QTest::newRow("its answer is lost twice") << 2;
}

void TestOrdersReships::movesThePlannedParcel()
{
    QFETCH(int, lost);
    const auto id = placed().id();
    QVERIFY(becomes(id, [](const v1::Order& order) { return !order.shipment_ids().empty(); }));
    const auto before = m_shop->get(id);
    m_shop->peers.fail("UpdateShipment", lost, grpc::StatusCode::UNAVAILABLE, When::AfterActing);

    auto preview = moveOf("preview", before, "2 New Road");
    preview.set_validate_only(true);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::UpdateOrder, preview, &change).ok());
    QCOMPARE(change.order().shipping_address().line1(), std::string("2 New Road"));
    QCOMPARE(change.warnings_size(), 1);
    QCOMPARE(m_shop->get(id).etag(), before.etag());

    QVERIFY(m_shop->call(&Stub::UpdateOrder, moveOf("move", before, "2 New Road"), &change).ok());
    QVERIFY(becomes(id, [](const v1::Order& order) { return !order.has_address_change(); }));
    const auto now = m_shop->get(id);
    QCOMPARE(now.shipping_address().line1(), std::string("2 New Road"));
    QCOMPARE(m_shop->peers.addressOf("S-" + id), std::string("2 New Road"));
    QCOMPARE(m_shop->peers.effects("UpdateShipment"), 1);
    QVERIFY(told(now, "order.address_changed"));
    // A second move is another wish.
    QVERIFY(m_shop->call(&Stub::UpdateOrder, moveOf("again", now, "3 Old Road"), &change).ok());
    QTRY_COMPARE(m_shop->peers.addressOf("S-" + id), std::string("3 Old Road"));
}

void TestOrdersReships::staysWhereItLeftFor()
{
    const auto id = placed().id();
    QVERIFY(becomes(id, [](const v1::Order& order) { return !order.shipment_ids().empty(); }));
    m_shop->peers.fail("UpdateShipment", 3, grpc::StatusCode::UNAVAILABLE);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::UpdateOrder, moveOf("move", m_shop->get(id), "2 New Road"), &change)
                .ok());
    leaves(id, 1); // While deliveries is asked.
    QVERIFY(becomes(id, [](const v1::Order& order) {
        return order.state() == v1::ORDER_STATE_SHIPPED && !order.has_address_change();
    }));
    const auto now = m_shop->get(id);
    QVERIFY(now.shipping_address().line1() != "2 New Road");
    QVERIFY(told(now, "order.address_refused"));
    QVERIFY(now.captured().minor() > 0);
    const auto late = m_shop->call(&Stub::UpdateOrder, moveOf("late", now, "4 Road"), &change);
    QCOMPARE(runtime::reason(runtime::fromWire(late)), std::string("WRONG_STATE"));
}

void TestOrdersReships::cancelForgetsTheMove()
{
    const auto id = placed().id();
    QVERIFY(becomes(id, [](const v1::Order& order) { return !order.shipment_ids().empty(); }));
    m_shop->peers.fail("UpdateShipment", 2, grpc::StatusCode::UNAVAILABLE);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::UpdateOrder, moveOf("move", m_shop->get(id), "2 New Road"), &change)
                .ok());
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(id);
    QVERIFY(m_shop->call(&Stub::CancelOrder, cancel, &change).ok());
    QVERIFY(becomes(
        id, [](const v1::Order& order) { return order.state() == v1::ORDER_STATE_CANCELLED; }));
    QVERIFY(!m_shop->get(id).has_address_change());
    QCOMPARE(m_shop->peers.effects("VoidPayment"), 1);
}

/// Who calls a parcel off in deliveries, calls the order off: nobody would send it.
void TestOrdersReships::endsWithItsParcel()
{
    const auto id = placed().id();
    QVERIFY(becomes(id, [](const v1::Order& order) { return !order.shipment_ids().empty(); }));
    leaves(id, 1, deliveries::v1::SHIPMENT_STATE_CANCELLED);
    QVERIFY(becomes(
        id, [](const v1::Order& order) { return order.state() == v1::ORDER_STATE_CANCELLED; }));
    QCOMPARE(m_shop->peers.effects("VoidPayment"), 1);
    QCOMPARE(m_shop->peers.effects("ReleaseReservation"), 1);
    QCOMPARE(m_shop->peers.calls("CancelShipment"), 0);
    const auto now = m_shop->get(id);
    const auto& end = now.timeline(now.timeline_size() - 1);
    QCOMPARE(end.kind(), std::string("order.cancelled"));
}

void TestOrdersReships::changesTheEmail()
{
    const auto order = placed();
    v1::UpdateOrderRequest request;
    request.set_request_id("email");
    request.mutable_order()->set_id(order.id());
    request.mutable_order()->set_email("new@example.com");
    v1::OrderChange change;
    // Without a mask nothing is guessed.
    QCOMPARE(m_shop->call(&Stub::UpdateOrder, request, &change).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
    request.mutable_update_mask()->add_paths("total");
    QCOMPARE(m_shop->call(&Stub::UpdateOrder, request, &change).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
    request.mutable_update_mask()->set_paths(0, "email");
    QVERIFY(m_shop->call(&Stub::UpdateOrder, request, &change).ok());
    QCOMPARE(m_shop->get(order.id()).email(), std::string("new@example.com"));
    QCOMPARE(m_shop->peers.effects("UpdateShipment"), 0);
}

QTEST_GUILESS_MAIN(TestOrdersReships)
#include "tst_ordersreships.moc"
