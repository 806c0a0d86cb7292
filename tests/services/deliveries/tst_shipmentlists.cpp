// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/deliveries/deliveriesfixture.h"

/// Imports, lists and the watch over real gRPC.
class TestShipmentLists : public QObject, private DeliveriesFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void importTwiceChangesNothing();
    void importRefuses_data();
    void importRefuses();
    void lists_data();
    void lists();
    void pageTokensBelongToTheirQuestion();
    void watchTellsWhatChanged();
};

void TestShipmentLists::importTwiceChangesNothing()
{
    std::vector<v1::Shipment> shipments(2);
    for (std::size_t i = 0; i < shipments.size(); ++i) {
        auto& shipment
            = shipments[i]; // As the importer fills them: no carrier, no tracking number.
        shipment.set_order_id(std::to_string(536365 + i));
        shipment.set_id("S-" + shipment.order_id());
        shipment.set_fulfilment(1);
        shipment.set_direction(v1::SHIPMENT_DIRECTION_OUTBOUND);
        shipment.set_state(v1::SHIPMENT_STATE_DELIVERED);
        shipment.set_origin("import:online-retail");
        shipment.mutable_address()->set_country("United Kingdom");
        shipment.mutable_created_at()->set_seconds(1'291'000'000);
        auto* event = shipment.add_events();
        event->set_id("import");
        event->set_state(v1::SHIPMENT_STATE_DELIVERED);
        *event->mutable_at() = shipment.created_at();
    }
    const auto first = import(shipments);
    VERIFY_OK(first);
    QCOMPARE(first.value.created(), 2);
    const auto second = import(shipments);
    VERIFY_OK(second);
    QCOMPARE(second.value.unchanged(), 2);
    QCOMPARE(get("S-536366").value.created_at().seconds(), 1'291'000'000);
    VERIFY_OK(plan("536367"));
}

void TestShipmentLists::importRefuses_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("id");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("names");

    QTest::newRow("too many") << 1001 << u"S-1"_s << 5 << u"shipments"_s;
    QTest::newRow("nothing") << 0 << u"S-1"_s << 5 << u"shipments"_s;
    QTest::newRow("no id") << 1 << u""_s << 5 << u"shipments[0].id"_s;
    QTest::newRow("unknown state") << 1 << u"S-1"_s << 99 << u"shipments[0].state"_s;
    QTest::newRow("twice in one") << 2 << u"S-1"_s << 5 << u"shipments[1].id"_s;
}

void TestShipmentLists::importRefuses()
{
    QFETCH(int, count);
    QFETCH(QString, id);
    QFETCH(int, state);
    QFETCH(QString, names);
    v1::Shipment shipment;
    shipment.set_id(id.toStdString());
    shipment.set_order_id("1");
    shipment.set_fulfilment(1);
    shipment.set_direction(v1::SHIPMENT_DIRECTION_OUTBOUND);
    shipment.set_state(static_cast<v1::ShipmentState>(state));

    const auto answer
        = import(std::vector<v1::Shipment>(static_cast<std::size_t>(count), shipment));

    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
}

void TestShipmentLists::lists_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<QString>("ids");

    QTest::newRow("newest first") << u""_s << u""_s << u"S-3 S-2 S-1"_s;
    QTest::newRow("oldest first") << u""_s << u"created_at"_s << u"S-1 S-2 S-3"_s;
    QTest::newRow("state") << u"state = DISPATCHED"_s << u""_s << u"S-2"_s;
    QTest::newRow("country") << u"country = \"France\""_s << u""_s << u"S-1"_s;
    QTest::newRow("order") << u"order_id = \"3\""_s << u""_s << u"S-3"_s;
    QTest::newRow("place") << u"llanfair"_s << u""_s << u"S-3"_s;
    QTest::newRow("name") << u"\"ann lee\""_s << u"id desc"_s << u"S-3 S-2 S-1"_s;
    QTest::newRow("id") << u"S-3"_s << u""_s << u"S-3"_s;
}

void TestShipmentLists::lists()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    for (const char* order : {"1", "2", "3"})
        VERIFY_OK(plan(order));
    const auto sent = dispatch("S-2");
    v1::ListShipmentsRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());

    const auto answer = call(*m_stub, &Stub::ListShipments, request);

    VERIFY_OK(answer);
    QStringList ids;
    for (const auto& shipment : answer.value.shipments())
        ids << QString::fromStdString(shipment.id());
    QTEST(ids.join(u' '), "ids");
    QCOMPARE(answer.value.total_size(), ids.size());
    request.set_filter(sent.value.tracking_number()); // Found as soon as it has one.
    QCOMPARE(call(*m_stub, &Stub::ListShipments, request).value.total_size(), 1);
}

void TestShipmentLists::pageTokensBelongToTheirQuestion()
{
    for (const char* order : {"1", "2", "3"})
        VERIFY_OK(plan(order));
    v1::ListShipmentsRequest request;
    request.set_page_size(2);
    const auto first = call(*m_stub, &Stub::ListShipments, request);
    QCOMPARE(first.value.shipments_size(), 2);
    request.set_page_token(first.value.next_page_token());
    QCOMPARE(
        call(*m_stub, &Stub::ListShipments, request).value.shipments(0).id(), std::string("S-1"));
    request.set_filter("country = \"France\"");
    REFUSED(call(*m_stub, &Stub::ListShipments, request), INVALID_ARGUMENT);
}

void TestShipmentLists::watchTellsWhatChanged()
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto stream = m_stub->WatchShipments(&context, v1::WatchShipmentsRequest());
    v1::WatchShipmentsResponse message;
    QVERIFY(stream->Read(&message)); // Where it starts.
    VERIFY_OK(plan("1"));
    while (message.shipments().empty())
        QVERIFY(stream->Read(&message));
    QCOMPARE(message.shipments(0).id(), std::string("S-1"));
    QCOMPARE(message.changes(0).kind(), std::string("shipment"));
    context.TryCancel();
    stream->Finish();
}

QTEST_GUILESS_MAIN(TestShipmentLists)
#include "tst_shipmentlists.moc"
