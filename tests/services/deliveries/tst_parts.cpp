// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/deliveries/deliveriesfixture.h"

/// A fulfilment in several parcels, over real gRPC.
class TestParts : public QObject, private DeliveriesFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void splitsWhatIsPlanned();
    void splitsAcrossLines();
    void splitRefuses_data();
    void splitRefuses();
    void splitsBeforeItLeavesOnly();
    void onceForOneRequest();
    void callsOffOneOrAll();
    void callsOffNoneIfOneHasLeft();
    void movesAll();
    void isNotRepacked();
    void comesBackFromAllParts();

private:
    Answer<v1::Shipment> split(const std::string& id, const std::string& sku, std::int64_t quantity,
        const std::string& requestId = freshId(), const std::string& etag = {})
    {
        v1::SplitShipmentRequest request;
        request.set_request_id(requestId);
        request.set_id(id);
        request.set_etag(etag);
        auto& line = *request.add_lines();
        line.set_sku(sku);
        line.set_quantity(quantity);
        return call(*m_stub, &Stub::SplitShipment, request);
    }
    Answer<v1::Shipment> cancelWhole(const std::string& id)
    {
        v1::CancelShipmentRequest request;
        request.set_request_id(freshId());
        request.set_id(id);
        request.set_whole(true);
        return call(*m_stub, &Stub::CancelShipment, request);
    }
    Answer<v1::Shipment> moveWhole(const std::string& id, const std::string& country)
    {
        v1::UpdateShipmentRequest request;
        request.set_request_id(freshId());
        request.mutable_shipment()->set_id(id);
        request.mutable_shipment()->mutable_address()->set_country(country);
        request.mutable_update_mask()->add_paths("address");
        request.set_whole(true);
        return call(*m_stub, &Stub::UpdateShipment, request);
    }
    std::int64_t unitsIn(const std::string& id)
    {
        std::int64_t units = 0;
        const auto shipment = get(id).value;
        for (const auto& line : shipment.lines())
            units += line.quantity();
        return units;
    }
    std::string sku() { return get("S-1").value.lines(0).sku(); }
};

void TestParts::splitsWhatIsPlanned()
{
    const auto whole = plan("1").value;
    const auto part = split("S-1", sku(), 2);
    VERIFY_OK(part);
    QCOMPARE(part.value.id(), std::string("S-1-p1"));
    QCOMPARE(part.value.part(), 1);
    QCOMPARE(part.value.fulfilment(), 1);
    QCOMPARE(part.value.order_id(), whole.order_id());
    QCOMPARE(part.value.state(), v1::SHIPMENT_STATE_PLANNED);
    QCOMPARE(part.value.address().SerializeAsString(), whole.address().SerializeAsString());
    QCOMPARE(part.value.promised_at().seconds(), whole.promised_at().seconds());
    QCOMPARE(part.value.lines(0).title(), whole.lines(0).title());
    QCOMPARE(unitsIn("S-1"), 4);
    QCOMPARE(unitsIn("S-1-p1"), 2);
    // A part is split as the whole is, and each leaves by itself.
    VERIFY_OK(split("S-1-p1", sku(), 1));
    QCOMPARE(unitsIn("S-1-p2"), 1);
    VERIFY_OK(dispatch("S-1-p1"));
    QCOMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_PLANNED);
    VERIFY_OK(dispatch("S-1"));
    QVERIFY(get("S-1").value.tracking_number() != get("S-1-p1").value.tracking_number());
    // The order's plan is there as it was: asked for again it is no other.
    v1::ListShipmentsRequest list;
    list.set_filter("order_id = \"1\"");
    QCOMPARE(call(*m_stub, &Stub::ListShipments, list).value.total_size(), 3);
}

void TestParts::splitsAcrossLines()
{
    v1::PlanShipmentRequest request;
    request.set_request_id(freshId());
    request.set_order_id("1");
    request.set_fulfilment(1);
    for (const auto& [sku, units] : {std::pair("CUP", 2), {"LAMP", 1}, {"CUP", 3}}) {
        auto& line = *request.add_lines();
        line.set_sku(sku);
        line.set_quantity(units);
    }
    VERIFY_OK(call(*m_stub, &Stub::PlanShipment, request));
    const auto part = split("S-1", "CUP", 4);
    VERIFY_OK(part);
    QCOMPARE(part.value.lines_size(), 2);
    QCOMPARE(unitsIn("S-1-p1"), 4);
    const auto rest = get("S-1").value;
    QCOMPARE(rest.lines_size(), 2); // A line without units is none.
    QCOMPARE(unitsIn("S-1"), 2);
}

void TestParts::splitRefuses_data()
{
    QTest::addColumn<QByteArray>("sku");
    QTest::addColumn<qint64>("quantity");
    QTest::newRow("more than it holds") << ""_ba << qint64(7);
    QTest::newRow("all of it") << ""_ba << qint64(6);
    QTest::newRow("none") << ""_ba << qint64(0);
    QTest::newRow("less than none") << ""_ba << qint64(-1);
    QTest::newRow("overflowing") << ""_ba << std::numeric_limits<qint64>::max();
    QTest::newRow("what is not in it") << "NOTHING"_ba << qint64(1);
}

void TestParts::splitRefuses()
{
    QFETCH(QByteArray, sku);
    QFETCH(qint64, quantity);
    plan("1");
    const auto before = get("S-1").value.etag();
    REFUSED(
        split("S-1", sku.isEmpty() ? this->sku() : sku.toStdString(), quantity), INVALID_ARGUMENT);
    QCOMPARE(get("S-1").value.etag(), before);
    REFUSED(get("S-1-p1"), NOT_FOUND);
}

void TestParts::splitsBeforeItLeavesOnly()
{
    plan("1");
    plan("1", 2);
    REFUSED(split("S-1-f2", sku(), 1), FAILED_PRECONDITION); // Sent again.
    REFUSED(split("S-1", sku(), 1, freshId(), "1"), ABORTED); // Of an earlier version.
    REFUSED(split("S-nothing", "CUP", 1), NOT_FOUND);
    m_carrier->answer = grpc::StatusCode::UNAVAILABLE;
    dispatch("S-1");
    REFUSED(split("S-1", sku(), 1), ABORTED); // The carrier may have it.
    m_carrier->answer = grpc::StatusCode::OK;
    QTRY_COMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    REFUSED(split("S-1", sku(), 1), FAILED_PRECONDITION);
}

void TestParts::onceForOneRequest()
{
    plan("1");
    const auto first = split("S-1", sku(), 2, "split");
    const auto again = split("S-1", sku(), 2, "split");
    VERIFY_OK(again);
    QCOMPARE(again.value.SerializeAsString(), first.value.SerializeAsString());
    QCOMPARE(unitsIn("S-1"), 4);
    REFUSED(get("S-1-p2"), NOT_FOUND);
}

void TestParts::callsOffOneOrAll()
{
    plan("1");
    split("S-1", sku(), 2);
    VERIFY_OK(cancel("S-1"));
    QCOMPARE(get("S-1-p1").value.state(), v1::SHIPMENT_STATE_PLANNED);
    // By the one that is called off already, as an order knows it.
    VERIFY_OK(cancelWhole("S-1"));
    QCOMPARE(get("S-1-p1").value.state(), v1::SHIPMENT_STATE_CANCELLED);
    VERIFY_OK(cancelWhole("S-1"));
    QCOMPARE(get("S-1-p1").value.events_size(), 1);
    REFUSED(moveWhole("S-1", "FR"), FAILED_PRECONDITION);
}

void TestParts::callsOffNoneIfOneHasLeft()
{
    plan("1");
    split("S-1", sku(), 2);
    m_carrier->answer = grpc::StatusCode::UNAVAILABLE;
    dispatch("S-1-p1");
    REFUSED(cancelWhole("S-1"), ABORTED); // Perhaps.
    REFUSED(moveWhole("S-1", "FR"), ABORTED);
    m_carrier->answer = grpc::StatusCode::OK;
    QTRY_COMPARE(get("S-1-p1").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    REFUSED(cancelWhole("S-1"), FAILED_PRECONDITION);
    REFUSED(moveWhole("S-1", "FR"), FAILED_PRECONDITION);
    QCOMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_PLANNED);
    VERIFY_OK(cancel("S-1")); // By itself it may stay.
}

void TestParts::movesAll()
{
    plan("1");
    split("S-1", sku(), 2);
    VERIFY_OK(moveWhole("S-1", "FR"));
    v1::ListShipmentsRequest list;
    list.set_filter("country = \"FR\"");
    QCOMPARE(call(*m_stub, &Stub::ListShipments, list).value.total_size(), 2);
}

/// Nobody says which part other goods would be in.
void TestParts::isNotRepacked()
{
    plan("1");
    split("S-1", sku(), 2);
    v1::UpdateShipmentRequest request;
    request.set_request_id(freshId());
    request.mutable_shipment()->set_id("S-1");
    *request.mutable_shipment()->mutable_lines() = get("S-1").value.lines();
    request.mutable_update_mask()->add_paths("lines");
    REFUSED(call(*m_stub, &Stub::UpdateShipment, request), FAILED_PRECONDITION);
    VERIFY_OK(cancel("S-1-p1"));
    request.set_request_id(freshId());
    VERIFY_OK(call(*m_stub, &Stub::UpdateShipment, request)); // It is one again.
    request.set_request_id(freshId());
    request.set_whole(true);
    REFUSED(call(*m_stub, &Stub::UpdateShipment, request), INVALID_ARGUMENT);
}

void TestParts::comesBackFromAllParts()
{
    plan("1");
    split("S-1", sku(), 2);
    for (const auto* id : {"S-1", "S-1-p1"}) {
        VERIFY_OK(dispatch(id));
        VERIFY_OK(report(id, std::string("there-") + id, v1::SHIPMENT_STATE_DELIVERED));
    }
    v1::CreateReturnRequest back;
    back.set_request_id(freshId());
    back.set_order_id("1");
    auto& line = *back.add_lines();
    line.set_sku(sku());
    line.set_quantity(7);
    REFUSED(call(*m_stub, &Stub::CreateReturn, back), FAILED_PRECONDITION);
    back.set_request_id(freshId());
    line.set_quantity(6);
    VERIFY_OK(call(*m_stub, &Stub::CreateReturn, back));
}

QTEST_GUILESS_MAIN(TestParts)
#include "tst_parts.moc"
