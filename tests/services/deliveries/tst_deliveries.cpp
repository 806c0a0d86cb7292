// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliveries_schema.h"
#include "services/deliveries/handler.h"
#include "services/deliveries/rules.h"
#include "services/runtime/testing.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"

#include <QTest>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <limits>
#include <set>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::deliveries;

namespace {

template <class T>
struct Answer {
    grpc::Status status;
    T value;

    bool ok() const { return status.ok(); }
};

using Stub = v1::Deliveries::Stub;

/// One call, with a deadline.
template <class Request, class Response>
Answer<Response> call(Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    Answer<Response> answer;
    answer.status = (stub.*method)(&context, request, &answer.value);
    return answer;
}

std::string freshId()
{
    static std::atomic<int> s_count = 0;
    return "request-" + std::to_string(++s_count);
}

} // namespace

#define VERIFY_OK(answer) QVERIFY2((answer).ok(), (answer).status.error_message().c_str())
#define REFUSED(answer, code)                                                                      \
    QVERIFY2((answer).status.error_code() == grpc::StatusCode::code,                               \
        (std::to_string((answer).status.error_code()) + " " + (answer).status.error_message())     \
            .c_str())

/// Deliveries over real gRPC, on a database of its own for each test.
class TestDeliveries : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
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
    void importTwiceChangesNothing();
    void importRefuses_data();
    void importRefuses();
    void lists_data();
    void lists();
    void pageTokensBelongToTheirQuestion();
    void requestIdGuardsWrites();
    void watchTellsWhatChanged();

private:
    Answer<v1::Shipment> plan(const std::string& order, int fulfilment = 1,
        const std::string& requestId = freshId(), std::int64_t quantity = 6);
    Answer<v1::Shipment> dispatch(const std::string& id, const std::string& etag = {});
    Answer<v1::Shipment> report(
        const std::string& id, const std::string& event, v1::ShipmentState state);
    Answer<v1::Shipment> cancel(const std::string& id);
    Answer<v1::Shipment> get(const std::string& id);
    Answer<v1::ImportShipmentsResponse> import(const std::vector<v1::Shipment>& shipments);
    std::unique_ptr<runtime::TestDatabase> m_database;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
};

void TestDeliveries::init()
{
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    m_handler = std::make_unique<Handler>(**m_database, m_database->feed());
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database, nullptr);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Deliveries::NewStub(m_server->channel());
}

void TestDeliveries::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
}

Answer<v1::Shipment> TestDeliveries::plan(
    const std::string& order, int fulfilment, const std::string& requestId, std::int64_t quantity)
{
    v1::PlanShipmentRequest request;
    request.set_request_id(requestId);
    request.set_order_id(order);
    request.set_customer_id("17850");
    request.set_fulfilment(fulfilment);
    request.mutable_address()->set_name("Ann Lee");
    request.mutable_address()->set_city(order == "3" ? "Llanfairpwll" : "London");
    request.mutable_address()->set_country(order == "1" ? "France" : "United Kingdom");
    auto* line = request.add_lines();
    line->set_sku("85123A");
    line->set_quantity(quantity);
    return call(*m_stub, &Stub::PlanShipment, request);
}

Answer<v1::Shipment> TestDeliveries::dispatch(const std::string& id, const std::string& etag)
{
    v1::DispatchShipmentRequest request;
    request.set_request_id(freshId());
    request.set_id(id);
    request.set_etag(etag.empty() ? get(id).value.etag() : etag);
    return call(*m_stub, &Stub::DispatchShipment, request);
}

Answer<v1::Shipment> TestDeliveries::report(
    const std::string& id, const std::string& event, v1::ShipmentState state)
{
    v1::RecordTrackingEventRequest request;
    request.set_request_id(freshId());
    request.set_shipment_id(id);
    request.mutable_event()->set_id(event);
    request.mutable_event()->set_state(state);
    request.mutable_event()->mutable_at()->set_seconds(1'300'000'000);
    request.mutable_event()->set_place("Coventry");
    return call(*m_stub, &Stub::RecordTrackingEvent, request);
}

Answer<v1::Shipment> TestDeliveries::cancel(const std::string& id)
{
    v1::CancelShipmentRequest request;
    request.set_request_id(freshId());
    request.set_id(id);
    request.set_reason("the customer changed their mind");
    return call(*m_stub, &Stub::CancelShipment, request);
}

Answer<v1::Shipment> TestDeliveries::get(const std::string& id)
{
    v1::GetShipmentRequest request;
    request.set_id(id);
    return call(*m_stub, &Stub::GetShipment, request);
}

Answer<v1::ImportShipmentsResponse> TestDeliveries::import(
    const std::vector<v1::Shipment>& shipments)
{
    v1::ImportShipmentsRequest request;
    request.set_request_id(freshId());
    request.mutable_shipments()->Add(shipments.begin(), shipments.end());
    return call(*m_stub, &Stub::ImportShipments, request);
}

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
    QVERIFY(isTrackingNumber(sent.value.tracking_number()));
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

void TestDeliveries::importTwiceChangesNothing()
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

void TestDeliveries::importRefuses_data()
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

void TestDeliveries::importRefuses()
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

void TestDeliveries::lists_data()
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

void TestDeliveries::lists()
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

void TestDeliveries::pageTokensBelongToTheirQuestion()
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

void TestDeliveries::watchTellsWhatChanged()
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

QTEST_GUILESS_MAIN(TestDeliveries)
#include "tst_deliveries.moc"
