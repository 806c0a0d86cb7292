// SPDX-License-Identifier: GPL-3.0-or-later
// An order whose goods leave in several parcels: whatever leaves first, is called off or arrives
// last, the order, its stock and its money are those of what is sent.
#include "services/runtime/status.h"
#include "tests/services/orders/ordersshop.h"

#include <QtTest>

using namespace shopfleet;
using namespace shopfleet::orders;
using Stub = v1::Orders::Stub;
using When = FakePeers::When;

namespace {

constexpr int kUnits = 3;
constexpr std::int64_t kPrice = 250;
constexpr auto kDispatched = deliveries::v1::SHIPMENT_STATE_DISPATCHED;
constexpr auto kDelivered = deliveries::v1::SHIPMENT_STATE_DELIVERED;
constexpr auto kCancelled = deliveries::v1::SHIPMENT_STATE_CANCELLED;

} // namespace

class TestOrdersParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_shop = std::make_unique<OrdersShop>(); }
    void cleanup() { m_shop.reset(); }
    void isThereWhenAllIsThere();
    void isSmallerWithoutAPart();
    void isCalledOffWithTheLastPart();
    void paysBackWhatDoesNotFollow();
    void isNotPaidBackTwice();
    void leavesWhileAPartIsTakenOut();
    void forgetsWhatWasAskedOfAnotherParcel();
    void cancelCallsOffAllParts();
    void cancelIsLostToAPart();
    void learnsAllAfterAGap();

private:
    /// Two teapots and one that leaves by itself.
    v1::Order split();
    bool becomes(const std::string& id, const std::function<bool(const v1::Order&)>& is)
    {
        return m_shop->becomes(id, is);
    }
    bool isIn(const std::string& id, v1::OrderState state)
    {
        return becomes(id, [state](const v1::Order& order) { return order.state() == state; });
    }
    FakePeers& peers() { return m_shop->peers; }

    std::unique_ptr<OrdersShop> m_shop;
};

v1::Order TestOrdersParts::split()
{
    peers().addCart("cart", "TEAPOT", kUnits);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place", "cart"), &order);
    becomes(order.id(), [](const v1::Order& now) { return !now.shipment_ids().empty(); });
    peers().split(order.id(), "TEAPOT", 1);
    becomes(order.id(), [](const v1::Order& now) { return now.shipment_ids_size() == 2; });
    return m_shop->get(order.id());
}

void TestOrdersParts::isThereWhenAllIsThere()
{
    const auto order = split();
    QCOMPARE(order.shipment_ids(1), "S-" + order.id() + "-p1");
    peers().tellOfPart(order.id(), kDispatched);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->get(order.id()).captured().minor(), kUnits * kPrice);
    peers().tellOfPart(order.id(), kDelivered);
    peers().tell(order.id(), kDispatched);
    QTest::qWait(300);
    QCOMPARE(m_shop->get(order.id()).state(), v1::ORDER_STATE_SHIPPED);
    peers().tell(order.id(), kDelivered);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_DELIVERED));
    QCOMPARE(peers().effects("CapturePayment"), 1);
    QCOMPARE(peers().effects("CommitReservation"), 1);
}

void TestOrdersParts::isSmallerWithoutAPart()
{
    const auto order = split();
    peers().tellOfPart(order.id(), kCancelled);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) { return now.units() == 2; }));
    auto now = m_shop->get(order.id());
    QCOMPARE(now.state(), v1::ORDER_STATE_CONFIRMED);
    QCOMPARE(now.total().minor(), 2 * kPrice);
    QVERIFY(told(now, "parcel.called_off"));
    QCOMPARE(peers().freed(), (FakePeers::Units{{"TEAPOT", 1}}));
    QCOMPARE(peers().calls("UpdateShipment"), 0); // Deliveries knows it.
    peers().tell(order.id(), kDispatched);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_SHIPPED));
    now = m_shop->get(order.id());
    QCOMPARE(now.captured().minor(), 2 * kPrice);
    QCOMPARE(peers().payment(now.id()).authorised().minor(), 2 * kPrice);
    QVERIFY(now.refunds().empty());
    peers().tell(order.id(), kDelivered);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_DELIVERED));
}

void TestOrdersParts::isCalledOffWithTheLastPart()
{
    const auto order = split();
    peers().tell(order.id(), kCancelled);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) { return now.units() == 1; }));
    QCOMPARE(m_shop->get(order.id()).state(), v1::ORDER_STATE_CONFIRMED);
    peers().tellOfPart(order.id(), kCancelled);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_CANCELLED));
    QCOMPARE(peers().payment(order.id()).state(), payments::v1::PAYMENT_STATE_VOIDED);
    QCOMPARE(peers().effects("ReleaseReservation"), 2);
    QVERIFY(m_shop->get(order.id()).lines_changes().empty());
}

void TestOrdersParts::paysBackWhatDoesNotFollow()
{
    const auto order = split();
    peers().tell(order.id(), kDispatched);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_SHIPPED));
    peers().tellOfPart(order.id(), kCancelled);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds_size() == 1 && now.refunds(0).state() == v1::REFUND_STATE_DONE;
    }));
    const auto now = m_shop->get(order.id());
    QCOMPARE(now.refunded().minor(), kPrice);
    QCOMPARE(now.lines(0).refunded(), 1);
    QVERIFY(now.refunds(0).has_at());
    QCOMPARE(peers().effects("ReceiveStock"), 1);
    QCOMPARE(peers().payment(now.id()).refunded().minor(), kPrice);
    QVERIFY(now.lines_changes().empty());
    peers().tell(order.id(), kDelivered);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_DELIVERED));
}

/// Somebody gave the money of a part back before it was called off.
void TestOrdersParts::isNotPaidBackTwice()
{
    const auto order = split();
    peers().tell(order.id(), kDispatched);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_SHIPPED));
    v1::RefundOrderRequest refund;
    refund.set_request_id("refund");
    refund.set_id(order.id());
    auto& line = *refund.add_lines();
    line.set_line_id(order.lines(0).id());
    line.set_quantity(kUnits);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::RefundOrder, refund, &change).ok());
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_REFUNDED));
    peers().tellOfPart(order.id(), kCancelled);
    QTest::qWait(300);
    QCOMPARE(m_shop->get(order.id()).refunds_size(), 1);
    QCOMPARE(peers().payment(order.id()).refunded().minor(), kUnits * kPrice);
}

void TestOrdersParts::leavesWhileAPartIsTakenOut()
{
    const auto order = split();
    peers().fail("ReleaseReservation", 1'000, grpc::StatusCode::UNAVAILABLE);
    peers().tellOfPart(order.id(), kCancelled);
    QTRY_VERIFY(m_shop->get(order.id()).waiting().attempts() > 0);
    peers().tell(order.id(), kDispatched);
    QTest::qWait(300);
    QCOMPARE(peers().calls("CapturePayment"), 0);
    peers().fail("ReleaseReservation", 0, grpc::StatusCode::OK);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_SHIPPED));
    const auto now = m_shop->get(order.id());
    QCOMPARE(now.captured().minor(), 2 * kPrice);
    QCOMPARE(now.units(), 2);
    QVERIFY(now.refunds().empty());
}

/// Fewer units are asked for, and before it is their turn a part of the parcel is called off.
void TestOrdersParts::forgetsWhatWasAskedOfAnotherParcel()
{
    peers().addCart("cart", "TEAPOT", kUnits);
    peers().fail("PlanShipment", 1'000, grpc::StatusCode::UNAVAILABLE, When::AfterActing);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place", "cart"), &order);
    QCOMPARE(order.state(), v1::ORDER_STATE_CONFIRMED);
    QTRY_VERIFY(peers().effects("PlanShipment") > 0);
    v1::UpdateOrderRequest request;
    request.set_request_id("fewer");
    request.mutable_order()->set_id(order.id());
    auto& line = *request.mutable_order()->add_lines();
    line.set_id(order.lines(0).id());
    line.set_quantity(1);
    request.mutable_update_mask()->add_paths("lines");
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::UpdateOrder, request, &change).ok());
    peers().split(order.id(), "TEAPOT", 1);
    peers().tellOfPart(order.id(), kCancelled);
    QTest::qWait(200);
    peers().fail("PlanShipment", 0, grpc::StatusCode::OK);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) { return now.units() == 2; }));
    const auto now = m_shop->get(order.id());
    QVERIFY(now.lines_changes().empty());
    QVERIFY(told(now, "order.lines_refused"));
    QCOMPARE(peers().calls("UpdateShipment"), 0);
    QCOMPARE(peers().freed(), (FakePeers::Units{{"TEAPOT", 1}}));
}

void TestOrdersParts::cancelCallsOffAllParts()
{
    const auto order = split();
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(order.id());
    v1::OrderChange change;
    peers().fail("VoidPayment", 1'000, grpc::StatusCode::UNAVAILABLE);
    QVERIFY(m_shop->call(&Stub::CancelOrder, cancel, &change).ok());
    QTRY_COMPARE(peers().effects("CancelShipment"), 1);
    peers().tell(order.id(), kCancelled); // One after the other, as deliveries tells them.
    QTest::qWait(50);
    peers().tellOfPart(order.id(), kCancelled);
    QTest::qWait(300);
    peers().fail("VoidPayment", 0, grpc::StatusCode::OK);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_CANCELLED));
    QTest::qWait(300);
    const auto now = m_shop->get(order.id());
    QVERIFY(!now.has_waiting());
    QVERIFY(now.lines_changes().empty());
    QVERIFY(now.refunds().empty());
    QCOMPARE(peers().effects("VoidPayment"), 1);
    QVERIFY(peers().freed().empty()); // All at once.
}

/// One part was called off, another left before the order could be cancelled.
void TestOrdersParts::cancelIsLostToAPart()
{
    const auto order = split();
    peers().fail("CancelShipment", 3, grpc::StatusCode::UNAVAILABLE);
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(order.id());
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::CancelOrder, cancel, &change).ok());
    peers().tellOfPart(order.id(), kCancelled);
    peers().tell(order.id(), kDispatched);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.state() == v1::ORDER_STATE_SHIPPED && now.refunds_size() == 1
            && now.refunds(0).state() == v1::REFUND_STATE_DONE;
    }));
    const auto now = m_shop->get(order.id());
    QCOMPARE(now.captured().minor(), kUnits * kPrice);
    QCOMPARE(now.refunded().minor(), kPrice);
    QCOMPARE(peers().effects("ReceiveStock"), 1);
    QCOMPARE(peers().effects("VoidPayment"), 0);
}

/// Who was away hears of a part that was called off and of the other at once.
void TestOrdersParts::learnsAllAfterAGap()
{
    peers().addCart("cart", "TEAPOT", kUnits);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place", "cart"), &order);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) { return !now.shipment_ids().empty(); }));
    m_shop->end();
    peers().split(order.id(), "TEAPOT", 1);
    peers().tell(order.id(), kCancelled);
    peers().forgetNews();
    m_shop->begin();
    QVERIFY(becomes(order.id(), [](const v1::Order& now) { return now.units() == 1; }));
    QCOMPARE(m_shop->get(order.id()).state(), v1::ORDER_STATE_CONFIRMED);
    QCOMPARE(peers().freed(), (FakePeers::Units{{"TEAPOT", 2}}));
    peers().tellOfPart(order.id(), kDispatched);
    QVERIFY(isIn(order.id(), v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->get(order.id()).captured().minor(), kPrice);
}

QTEST_GUILESS_MAIN(TestOrdersParts)
#include "tst_ordersparts.moc"
