// SPDX-License-Identifier: GPL-3.0-or-later
// Handing over to a carrier whose answers may be lost: it gets each parcel once, and what it has
// said is known in the end, whoever dies in between.
#include "tests/services/deliveries/deliveriesfixture.h"

using namespace std::chrono_literals;

class TestDispatching : public QObject, private DeliveriesFixture {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { tearDown(); }
    void lostAnswerIsLearnt_data();
    void lostAnswerIsLearnt();
    void repeatedRequestFindsWhatWasLearnt();
    void neitherHereNorThere();
    void carrierIsAway_data();
    void carrierIsAway();
    void survivesARestart();
    void refusedIsPlannedAsBefore();
    void manyAskForOne();
    void addressStaysWithTheParcel();
    void repacksBeforeItLeaves();
    void fetchesFromTheCustomer();

private:
    Answer<v1::Shipment> planTo(const std::string& postalCode)
    {
        return plan("1", 1, freshId(), 6, postalCode);
    }
    Answer<v1::Shipment> readdress(const std::string& postalCode);
    Answer<v1::Shipment> repack(std::int64_t quantity);
    Answer<carrier::v1::Parcel> parcel(const std::string& key);
};

void TestDispatching::init()
{
    m_pace = {.patience = 400ms, .firstPause = 200ms, .longestPause = 400ms, .look = 20ms};
    setUp();
}

Answer<v1::Shipment> TestDispatching::readdress(const std::string& postalCode)
{
    v1::UpdateShipmentRequest request;
    request.set_request_id(freshId());
    request.mutable_shipment()->set_id("S-1");
    *request.mutable_shipment()->mutable_address() = get("S-1").value.address();
    request.mutable_shipment()->mutable_address()->set_postal_code(postalCode);
    request.mutable_update_mask()->add_paths("address");
    return call(*m_stub, &Stub::UpdateShipment, request);
}

Answer<v1::Shipment> TestDispatching::repack(std::int64_t quantity)
{
    v1::UpdateShipmentRequest request;
    request.set_request_id(freshId());
    request.mutable_shipment()->set_id("S-1");
    if (quantity != 0) {
        auto& line = *request.mutable_shipment()->add_lines();
        line.set_sku("TEAPOT");
        line.set_quantity(quantity);
    }
    request.mutable_update_mask()->add_paths("lines");
    return call(*m_stub, &Stub::UpdateShipment, request);
}

Answer<carrier::v1::Parcel> TestDispatching::parcel(const std::string& key)
{
    carrier::v1::GetParcelRequest request;
    request.set_key(key);
    const auto stub = carrier::v1::Carrier::NewStub(m_carrierServer->channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    Answer<carrier::v1::Parcel> answer;
    answer.status = stub->GetParcel(&context, request, &answer.value);
    return answer;
}

void TestDispatching::lostAnswerIsLearnt_data()
{
    QTest::addColumn<QByteArray>("postalCode");
    QTest::newRow("no answer") << QByteArray("SBX TIMEOUT");
    QTest::newRow("an error") << QByteArray("SBX ERROR");
}

void TestDispatching::lostAnswerIsLearnt()
{
    QFETCH(QByteArray, postalCode);
    planTo(postalCode.toStdString());
    REFUSED(dispatch("S-1"), UNAVAILABLE);
    const auto asked = get("S-1");
    QCOMPARE(asked.value.state(), v1::SHIPMENT_STATE_PLANNED);
    QCOMPARE(asked.value.handover().attempts(), 1);
    QVERIFY(!asked.value.handover().last_error().empty());
    QTRY_COMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    const auto known = get("S-1").value;
    QVERIFY(!known.has_handover());
    QCOMPARE(known.tracking_number(), parcel("S-1").value.tracking_number());
    QCOMPARE(m_carrier->asked.load(), 2);
}

void TestDispatching::repeatedRequestFindsWhatWasLearnt()
{
    const std::string etag = planTo("SBX TIMEOUT").value.etag();
    const std::string requestId = freshId();
    REFUSED(dispatch("S-1", etag, requestId), UNAVAILABLE);
    VERIFY_OK(dispatch("S-1", etag, requestId)); // While it is under way: it asks as well.
    const auto again = dispatch("S-1", etag, requestId);
    VERIFY_OK(again);
    QCOMPARE(again.value.tracking_number(), parcel("S-1").value.tracking_number());
    REFUSED(dispatch("S-1"), FAILED_PRECONDITION); // Another one comes too late.

    // The same where nobody asked in between.
    const std::string second = plan("2", 1, freshId(), 6, "SBX TIMEOUT").value.etag();
    const std::string secondId = freshId();
    REFUSED(dispatch("S-2", second, secondId), UNAVAILABLE);
    QTRY_COMPARE(get("S-2").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    VERIFY_OK(dispatch("S-2", second, secondId));
}

/// While nobody knows who has it, it cannot be called off or sent elsewhere.
void TestDispatching::neitherHereNorThere()
{
    planTo("TE5 7AA");
    m_carrier->answer = grpc::StatusCode::INTERNAL;
    REFUSED(dispatch("S-1"), UNAVAILABLE);
    REFUSED(cancel("S-1"), ABORTED);
    REFUSED(readdress("TE5 7AB"), ABORTED);
    REFUSED(report("S-1", "early", v1::SHIPMENT_STATE_PICKED_UP), FAILED_PRECONDITION);
    QVERIFY(get("S-1").value.has_handover());
    m_carrier->answer = grpc::StatusCode::OK;
    QTRY_COMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    REFUSED(cancel("S-1"), FAILED_PRECONDITION);
}

void TestDispatching::carrierIsAway_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("unavailable") << int(grpc::UNAVAILABLE);
    QTest::newRow("overloaded") << int(grpc::RESOURCE_EXHAUSTED);
    QTest::newRow("deadline") << int(grpc::DEADLINE_EXCEEDED);
    QTest::newRow("unimplemented") << int(grpc::UNIMPLEMENTED);
}

void TestDispatching::carrierIsAway()
{
    QFETCH(int, code);
    planTo("TE5 7AA");
    m_carrier->answer = static_cast<grpc::StatusCode>(code);
    REFUSED(dispatch("S-1"), UNAVAILABLE);
    QTRY_VERIFY(get("S-1").value.handover().attempts() > 3); // It goes on asking.
    QCOMPARE(parcel("S-1").status.error_code(), grpc::StatusCode::NOT_FOUND);
    m_carrier->answer = grpc::StatusCode::OK;
    QTRY_COMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
}

void TestDispatching::survivesARestart()
{
    planTo("TE5 7AA");
    m_carrier->answer = grpc::StatusCode::UNAVAILABLE;
    const std::string etag = get("S-1").value.etag();
    const std::string requestId = freshId();
    REFUSED(dispatch("S-1", etag, requestId), UNAVAILABLE);
    open();
    QVERIFY(get("S-1").value.has_handover());
    m_carrier->answer = grpc::StatusCode::OK;
    QTRY_COMPARE(get("S-1").value.state(), v1::SHIPMENT_STATE_DISPATCHED);
    VERIFY_OK(dispatch("S-1", etag, requestId)); // Who asked first is answered as it was done.
}

void TestDispatching::refusedIsPlannedAsBefore()
{
    planTo("SBX REFUSED");
    const auto refused = dispatch("S-1");
    REFUSED(refused, FAILED_PRECONDITION);
    QVERIFY(refused.status.error_message().find("SBX REFUSED") != std::string::npos);
    const auto planned = get("S-1").value;
    QCOMPARE(planned.state(), v1::SHIPMENT_STATE_PLANNED);
    QVERIFY(!planned.has_handover());
    VERIFY_OK(readdress("TE5 7AA"));
    VERIFY_OK(dispatch("S-1"));
    QCOMPARE(parcel("S-1").value.address().postal_code(), std::string("TE5 7AA"));
}

/// Double clicks, two people, a retry: one parcel, and each is told its number.
void TestDispatching::manyAskForOne()
{
    const std::string etag = planTo("TE5 7AA").value.etag();
    std::atomic<int> sent = 0, late = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            const auto answer = dispatch("S-1", etag, "dispatch-" + std::to_string(i / 2));
            if (answer.ok() && !answer.value.tracking_number().empty())
                ++sent;
            else if (answer.status.error_code() == grpc::StatusCode::ABORTED
                || answer.status.error_code() == grpc::StatusCode::FAILED_PRECONDITION)
                ++late;
        });
    for (auto& thread : threads)
        thread.join();
    QVERIFY(sent >= 1);
    QCOMPARE(sent + late, 8);
    QCOMPARE(get("S-1").value.tracking_number(), parcel("S-1").value.tracking_number());
}

void TestDispatching::addressStaysWithTheParcel()
{
    planTo("TE5 7AA");
    VERIFY_OK(dispatch("S-1"));
    REFUSED(readdress("TE5 7AB"), FAILED_PRECONDITION);
    QCOMPARE(parcel("S-1").value.address().postal_code(), std::string("TE5 7AA"));
    QVERIFY(!parcel("S-1").value.fetched());
}

void TestDispatching::repacksBeforeItLeaves()
{
    const auto address = planTo("TE5 7AA").value.address();
    VERIFY_OK(repack(2));
    const auto packed = get("S-1").value;
    QCOMPARE(packed.lines_size(), 1);
    QCOMPARE(packed.lines(0).sku(), std::string("TEAPOT"));
    QCOMPARE(packed.lines(0).quantity(), 2);
    QCOMPARE(packed.address().postal_code(), address.postal_code()); // Was not named.
    REFUSED(repack(0), INVALID_ARGUMENT); // An empty parcel.
    REFUSED(repack(-1), INVALID_ARGUMENT);
    VERIFY_OK(dispatch("S-1"));
    REFUSED(repack(1), FAILED_PRECONDITION);
    QCOMPARE(get("S-1").value.lines(0).quantity(), 2);
}

void TestDispatching::fetchesFromTheCustomer()
{
    planTo("TE5 7AA");
    dispatch("S-1");
    report("S-1", "there", v1::SHIPMENT_STATE_DELIVERED);
    v1::CreateReturnRequest request;
    request.set_request_id(freshId());
    request.set_order_id("1");
    request.add_lines()->set_sku("85123A");
    request.mutable_lines(0)->set_quantity(6);
    VERIFY_OK(call(*m_stub, &Stub::CreateReturn, request));
    VERIFY_OK(dispatch("R-1"));
    QVERIFY(parcel("R-1").value.fetched());
}

QTEST_GUILESS_MAIN(TestDispatching)
#include "tst_dispatching.moc"
