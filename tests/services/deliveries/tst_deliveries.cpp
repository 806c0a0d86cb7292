// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/deliveries/deliveriesfixture.h"

/// A shipment's way over real gRPC.
class TestDeliveries : public QObject, private DeliveriesFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void plansOnePerFulfilment();
    void planRefuses_data();
    void planRefuses();
    void dispatchGivesATrackingNumber();
    void trackingOnlyGoesForward();
    void eventsRefuse_data();
    void eventsRefuse();
    void cancelBeforeDispatchOnly();
    void cancelAndDispatchExclude();
    void returnsWhatWasDelivered();
    void requestIdGuardsWrites();
};

void TestDeliveries::plansOnePerFulfilment()
{
    const auto first = plan("536365");
    VERIFY_OK(first);
    QCOMPARE(first.value.id(), std::string("S-536365"));
    QCOMPARE(first.value.state(), v1::SHIPMENT_STATE_PLANNED);
    QCOMPARE(first.value.direction(), v1::SHIPMENT_DIRECTION_OUTBOUND);
    QCOMPARE(first.value.carrier(), std::string("sandbox-post"));
    QVERIFY(first.value.promised_at().seconds() > first.value.created_at().seconds());
    const auto again = plan("536365"); // Another request, the same pair.
    VERIFY_OK(again);
    QCOMPARE(again.value.SerializeAsString(), first.value.SerializeAsString());
    REFUSED(plan("536365", 1, freshId(), 7), ALREADY_EXISTS); // The same pair, other goods.
    const auto second = plan("536365", 2);
    VERIFY_OK(second);
    QVERIFY(second.value.id() != first.value.id());
}

void TestDeliveries::planRefuses_data()
{
    QTest::addColumn<QString>("requestId");
    QTest::addColumn<QString>("order");
    QTest::addColumn<int>("fulfilment");
    QTest::addColumn<qint64>("quantity");

    QTest::newRow("no request_id") << u""_s << u"1"_s << 1 << qint64(6);
    QTest::newRow("no order") << u"r"_s << u""_s << 1 << qint64(6);
    QTest::newRow("negative fulfilment") << u"r"_s << u"1"_s << -1 << qint64(6);
    QTest::newRow("negative quantity") << u"r"_s << u"1"_s << 1 << qint64(-6);
    QTest::newRow("overflowing quantity")
        << u"r"_s << u"1"_s << 1 << std::numeric_limits<qint64>::max();
}

void TestDeliveries::planRefuses()
{
    QFETCH(QString, requestId);
    QFETCH(QString, order);
    QFETCH(int, fulfilment);
    QFETCH(qint64, quantity);
    REFUSED(
        plan(order.toStdString(), fulfilment, requestId.toStdString(), quantity), INVALID_ARGUMENT);
    QCOMPARE(call(*m_stub, &Stub::ListShipments, v1::ListShipmentsRequest()).value.total_size(), 0);
}

void TestDeliveries::dispatchGivesATrackingNumber()
{
    const auto planned = plan("1");
    QVERIFY(planned.value.tracking_number().empty());
    REFUSED(dispatch("S-1", "stale"), ABORTED);
    const auto sent = dispatch("S-1");
    VERIFY_OK(sent);
    QCOMPARE(sent.value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(carrier::isTrackingNumber(sent.value.tracking_number()));
    QVERIFY(sent.value.etag() != planned.value.etag());
    REFUSED(dispatch("S-1"), FAILED_PRECONDITION);
    REFUSED(dispatch("S-nobody", "1"), NOT_FOUND);
    plan("2");
    QVERIFY(dispatch("S-2").value.tracking_number() != sent.value.tracking_number());
}

void TestDeliveries::trackingOnlyGoesForward()
{
    plan("1");
    REFUSED(
        report("S-1", "e0", v1::SHIPMENT_STATE_PICKED_UP), FAILED_PRECONDITION); // Not sent yet.
    dispatch("S-1");
    QCOMPARE(report("S-1", "e1", v1::SHIPMENT_STATE_IN_TRANSIT).value.state(),
        v1::SHIPMENT_STATE_IN_TRANSIT);
    const auto late = report("S-1", "e2", v1::SHIPMENT_STATE_PICKED_UP);
    VERIFY_OK(late);
    QCOMPARE(late.value.state(), v1::SHIPMENT_STATE_IN_TRANSIT);
    QCOMPARE(late.value.events_size(), 2);
    const auto delivered = report("S-1", "e3", v1::SHIPMENT_STATE_DELIVERED);
    QCOMPARE(delivered.value.state(), v1::SHIPMENT_STATE_DELIVERED);
    const auto repeated = report("S-1", "e3", v1::SHIPMENT_STATE_DELIVERED);
    VERIFY_OK(repeated);
    QCOMPARE(repeated.value.SerializeAsString(), delivered.value.SerializeAsString());
    QCOMPARE(
        report("S-1", "e4", v1::SHIPMENT_STATE_LOST).value.state(), v1::SHIPMENT_STATE_DELIVERED);
}

void TestDeliveries::eventsRefuse_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("event");
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("code");

    const int moving = v1::SHIPMENT_STATE_IN_TRANSIT;
    QTest::newRow("unknown shipment") << u"S-nobody"_s << u"e"_s << moving << int(grpc::NOT_FOUND);
    QTest::newRow("no shipment") << u""_s << u"e"_s << moving << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("no event id") << u"S-1"_s << u""_s << moving << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("a carrier cannot cancel")
        << u"S-1"_s << u"e"_s << int(v1::SHIPMENT_STATE_CANCELLED) << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("unknown state") << u"S-1"_s << u"e"_s << 99 << int(grpc::INVALID_ARGUMENT);
}

void TestDeliveries::eventsRefuse()
{
    QFETCH(QString, id);
    QFETCH(QString, event);
    QFETCH(int, state);
    plan("1");
    dispatch("S-1");
    const auto answer
        = report(id.toStdString(), event.toStdString(), static_cast<v1::ShipmentState>(state));
    QTEST(int(answer.status.error_code()), "code");
    QCOMPARE(get("S-1").value.events_size(), 0);
}

void TestDeliveries::cancelBeforeDispatchOnly()
{
    plan("1");
    const auto cancelled = cancel("S-1");
    VERIFY_OK(cancelled);
    QCOMPARE(cancelled.value.state(), v1::SHIPMENT_STATE_CANCELLED);
    VERIFY_OK(cancel("S-1")); // Cancelled is cancelled: sagas back out twice.
    REFUSED(dispatch("S-1"), FAILED_PRECONDITION);
    plan("2");
    dispatch("S-2");
    REFUSED(cancel("S-2"), FAILED_PRECONDITION);
}

void TestDeliveries::cancelAndDispatchExclude()
{
    plan("1");
    const std::string etag = get("S-1").value.etag();
    std::atomic<int> done = 0;
    std::thread one([this, &done] { done += cancel("S-1").ok(); });
    std::thread other([this, &etag, &done] { done += dispatch("S-1", etag).ok(); });
    one.join();
    other.join();
    QCOMPARE(done.load(), 1);
}

void TestDeliveries::returnsWhatWasDelivered()
{
    v1::CreateReturnRequest request;
    request.set_request_id(freshId());
    request.set_order_id("1");
    request.set_reason("broken");
    request.add_lines()->set_sku("85123A");
    request.mutable_lines(0)->set_quantity(2);
    REFUSED(call(*m_stub, &Stub::CreateReturn, request), NOT_FOUND);
    plan("1");
    REFUSED(call(*m_stub, &Stub::CreateReturn, request), FAILED_PRECONDITION);
    dispatch("S-1");
    report("S-1", "e", v1::SHIPMENT_STATE_DELIVERED);

    const auto back = call(*m_stub, &Stub::CreateReturn, request);

    VERIFY_OK(back);
    QCOMPARE(back.value.direction(), v1::SHIPMENT_DIRECTION_RETURN);
    QCOMPARE(back.value.id(), std::string("R-1"));
    QCOMPARE(back.value.customer_id(), std::string("17850"));
    QCOMPARE(call(*m_stub, &Stub::CreateReturn, request).value.id(),
        back.value.id()); // The same request.
    request.set_request_id(freshId());
    request.mutable_lines(0)->set_quantity(5); // Four are left.
    REFUSED(call(*m_stub, &Stub::CreateReturn, request), FAILED_PRECONDITION);
    request.mutable_lines(0)->set_quantity(4);
    VERIFY_OK(call(*m_stub, &Stub::CreateReturn, request));
}

void TestDeliveries::requestIdGuardsWrites()
{
    const auto first = plan("1", 1, "plan-1");
    dispatch("S-1");
    const auto again = plan("1", 1, "plan-1");
    QCOMPARE(
        again.value.SerializeAsString(), first.value.SerializeAsString()); // The answer as it was.
    REFUSED(plan("2", 1, "plan-1"), ABORTED);
    REFUSED(get("S-2"), NOT_FOUND);
}

QTEST_GUILESS_MAIN(TestDeliveries)
#include "tst_deliveries.moc"
