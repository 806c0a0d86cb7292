// SPDX-License-Identifier: GPL-3.0-or-later
// The Orders RPCs over real gRPC: what they refuse, and what callers may rely on.
#include "tests/services/orders/ordersshop.h"

#include <QTest>

#include <google/protobuf/text_format.h>

#include <thread>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::orders;
using Stub = v1::Orders::Stub;

namespace {

v1::ImportOrdersRequest importOf(const std::string& requestId, const std::string& more = {})
{
    v1::ImportOrdersRequest request;
    request.set_request_id(requestId);
    const bool parsed = google::protobuf::TextFormat::ParseFromString(R"(
        id: "536365" kind: ORDER_KIND_SALE state: ORDER_STATE_DELIVERED origin: "import:test"
        customer_id: "17850" placed_at { seconds: 1291191960 }
        total { currency: "GBP" minor: 1300 }
        lines { kind: LINE_KIND_PRODUCT sku: "A" quantity: 2 total { currency: "GBP" minor: 1300 } })",
        request.add_orders());
    v1::Order part;
    if (!parsed || !google::protobuf::TextFormat::ParseFromString(more, &part))
        qFatal("bad text in a test");
    request.mutable_orders(0)->MergeFrom(part);
    return request;
}

} // namespace

class TestOrders : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_shop = std::make_unique<OrdersShop>(); }
    void cleanup() { m_shop.reset(); }

    void refusesImports_data();
    void refusesImports();
    void importIsAnsweredOnce();
    void strangersSeeNothing();
    void staleEtagBringsTheCurrentOrder();
    void annotatesWhatTheMaskNames();
    void watchTellsOfChanges();
    void tooManyCheckoutsAreRefused();
    void unknownOrders();

private:
    void import()
    {
        v1::ImportOrdersResponse imported;
        QVERIFY(m_shop->call(&Stub::ImportOrders, importOf("i1"), &imported).ok());
        QCOMPARE(imported.created(), 1);
    }

    std::unique_ptr<OrdersShop> m_shop;
};

void TestOrders::refusesImports_data()
{
    QTest::addColumn<QByteArray>("requestId");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("no request id") << ""_ba
                                   << ""_ba
                                   << "request_id"_ba;
    QTest::newRow("unfinished order") << "i"_ba
                                      << "state: ORDER_STATE_CREATED"_ba
                                      << "orders[0].state"_ba;
    QTest::newRow("unknown currency") << "i"_ba
                                      << R"(total { currency: "DOGE" })"_ba
                                      << "orders[0].total.currency"_ba;
    QTest::newRow("sums differ") << "i"_ba
                                 << "total { minor: 1299 }"_ba
                                 << "orders[0].total.minor"_ba;
    QTest::newRow("overflow")
        << "i"_ba
        << R"(lines { kind: LINE_KIND_FEE total { currency: "GBP" minor: 9223372036854775807 } })"_ba
        << "orders[0].lines[1].total.minor"_ba;
    QTest::newRow("NUL in a name") << "i"_ba
                                   << R"(customer_name: "a\000b")"_ba
                                   << "orders[0].customer_name"_ba;
}

void TestOrders::refusesImports()
{
    QFETCH(QByteArray, requestId);
    QFETCH(QByteArray, more);
    QFETCH(QByteArray, field);
    v1::ImportOrdersResponse response;
    const auto status = m_shop->call(
        &Stub::ImportOrders, importOf(requestId.toStdString(), more.toStdString()), &response);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY2(QByteArray::fromStdString(status.error_message()).startsWith(field),
        status.error_message().c_str());
    QVERIFY(!status.error_details().empty());
    v1::ListOrdersResponse listed;
    QVERIFY(m_shop->call(&Stub::ListOrders, v1::ListOrdersRequest(), &listed).ok());
    QCOMPARE(listed.total_size(), 0);
}

void TestOrders::importIsAnsweredOnce()
{
    import();
    v1::ImportOrdersResponse again;
    QVERIFY(m_shop->call(&Stub::ImportOrders, importOf("i1"), &again).ok());
    QCOMPARE(again.created(), 1); // The first answer's bytes.
    QVERIFY(m_shop->call(&Stub::ImportOrders, importOf("i2"), &again).ok());
    QCOMPARE(again.unchanged(), 1);
    QCOMPARE(m_shop->call(&Stub::ImportOrders, importOf("i1", "country: \"France\""), &again)
                 .error_code(),
        grpc::StatusCode::ABORTED);
}

void TestOrders::strangersSeeNothing()
{
    import();
    v1::GetMyOrderRequest request;
    request.set_id("536365");
    request.set_customer_id("17850");
    v1::Order order;
    QVERIFY(m_shop->call(&Stub::GetMyOrder, request, &order).ok());
    request.set_customer_id("12346");
    const auto stranger = m_shop->call(&Stub::GetMyOrder, request, &order);
    QCOMPARE(stranger.error_code(), grpc::StatusCode::NOT_FOUND);
    v1::ListMyOrdersRequest mine;
    v1::ListOrdersResponse listed;
    mine.set_customer_id("12346");
    QVERIFY(m_shop->call(&Stub::ListMyOrders, mine, &listed).ok());
    QCOMPARE(listed.orders_size(), 0);
    mine.set_customer_id("17850\" OR state = \"DELIVERED");
    QVERIFY(m_shop->call(&Stub::ListMyOrders, mine, &listed).ok());
    QCOMPARE(listed.orders_size(), 0);
    mine.set_customer_id("17850");
    QVERIFY(m_shop->call(&Stub::ListMyOrders, mine, &listed).ok());
    QCOMPARE(listed.orders_size(), 1);
    mine.set_customer_id("");
    QCOMPARE(m_shop->call(&Stub::ListMyOrders, mine, &listed).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
}

void TestOrders::staleEtagBringsTheCurrentOrder()
{
    import();
    v1::AnnotateOrderRequest request;
    request.set_request_id("a1");
    request.set_id("536365");
    request.set_note("first");
    v1::Order order;
    QVERIFY(m_shop->call(&Stub::AnnotateOrder, request, &order).ok());
    request.set_request_id("a2");
    request.set_etag("1");
    const auto status = m_shop->call(&Stub::AnnotateOrder, request, &order);
    QCOMPARE(status.error_code(), grpc::StatusCode::ABORTED);
    QCOMPARE(runtime::reason(runtime::fromWire(status)), std::string("STALE_ETAG"));
    QVERIFY(status.error_details().find("first") != std::string::npos);
}

void TestOrders::annotatesWhatTheMaskNames()
{
    import();
    v1::AnnotateOrderRequest request;
    request.set_request_id("a1");
    request.set_id("536365");
    request.set_note("calls back");
    request.add_tags("gift");
    request.add_tags("very urgent");
    v1::Order order;
    QVERIFY(m_shop->call(&Stub::AnnotateOrder, request, &order).ok());
    request.set_request_id("a2");
    request.set_note("not taken");
    request.clear_tags();
    request.add_tags("gift");
    request.mutable_update_mask()->add_paths("tags");
    QVERIFY(m_shop->call(&Stub::AnnotateOrder, request, &order).ok());
    QCOMPARE(order.note(), std::string("calls back"));
    QCOMPARE(order.tags_size(), 1);
    v1::ListOrdersRequest tagged;
    v1::ListOrdersResponse listed;
    tagged.set_filter("tag = gift");
    QVERIFY(m_shop->call(&Stub::ListOrders, tagged, &listed).ok());
    QCOMPARE(listed.orders_size(), 1);
    tagged.set_filter("tag = gif");
    QVERIFY(m_shop->call(&Stub::ListOrders, tagged, &listed).ok());
    QCOMPARE(listed.orders_size(), 0);
    request.set_request_id("a3");
    request.mutable_update_mask()->add_paths("total");
    QCOMPARE(m_shop->call(&Stub::AnnotateOrder, request, &order).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT);
}

void TestOrders::watchTellsOfChanges()
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    auto stream = m_shop->stub().WatchOrders(&context, v1::WatchOrdersRequest());
    v1::WatchOrdersResponse message;
    QVERIFY(stream->Read(&message)); // The link is there.
    import();
    while (message.orders().empty())
        QVERIFY(stream->Read(&message));
    QCOMPARE(message.orders(0).id(), std::string("536365"));
    QVERIFY(message.orders(0).lines().empty());
    QCOMPARE(message.changes(0).kind(), std::string("order"));
    context.TryCancel();
    stream->Finish();
}

/// Two wait for their stock; a third is told to come back, and is welcome once they are through.
void TestOrders::tooManyCheckoutsAreRefused()
{
    m_shop->end();
    m_shop->mostCheckouts = 2;
    m_shop->begin();
    m_shop->peers.fail(
        "ReserveStock", 1'000, grpc::StatusCode::UNAVAILABLE, FakePeers::When::AfterActing);
    const auto place = [this](int number) {
        const auto mark = std::to_string(number);
        m_shop->peers.addCart("cart-" + mark, "TEAPOT", 1);
        v1::Order order;
        return m_shop->call(&Stub::PlaceOrder, checkoutOf("place-" + mark, "cart-" + mark), &order);
    };
    std::vector<std::thread> buyers;
    std::atomic<int> served = 0;
    for (const int number : {1, 2})
        buyers.emplace_back([&, number] { served += place(number).ok(); });
    const bool wait = QTest::qWaitFor(
        [&] { return m_shop->peers.requestIds("ReserveStock").size() == 2; }, 3'000);
    const auto refused = place(3);
    const int servedBefore = served;
    m_shop->peers.fail("ReserveStock", 0, grpc::StatusCode::OK);
    for (auto& buyer : buyers)
        buyer.join();
    QVERIFY(wait);
    QCOMPARE(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    QCOMPARE(servedBefore, 0);
    QCOMPARE(served.load(), 2);
    QVERIFY(place(3).ok());
}

void TestOrders::unknownOrders()
{
    v1::GetOrderRequest request;
    request.set_id("'; DROP TABLE orders; --");
    v1::Order order;
    QCOMPARE(
        m_shop->call(&Stub::GetOrder, request, &order).error_code(), grpc::StatusCode::NOT_FOUND);
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("x");
    cancel.set_id("nothing");
    v1::OrderChange change;
    QCOMPARE(m_shop->call(&Stub::CancelOrder, cancel, &change).error_code(),
        grpc::StatusCode::NOT_FOUND);
}

QTEST_GUILESS_MAIN(TestOrders)
#include "tst_orders.moc"
