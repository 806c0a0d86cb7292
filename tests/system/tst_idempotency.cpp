// SPDX-License-Identifier: GPL-3.0-or-later
// O2: a request and its repeats have one effect and one answer, at gRPC and at the gateway, at once
// and one after the other, across a restart and across a change of the writer; the same id for
// another request changes nothing; an attempt that failed does not use the id up.
#include "services/ctl/httpclient.h"
#include "tests/system/checkouts.h"
#include "tests/system/insist.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <google/protobuf/util/message_differencer.h>

#include <csignal>
#include <set>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using storeworld::call;
using storeworld::insist;
using OrdersStub = orders::v1::Orders::Stub;

class TestIdempotency : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void atOnce();
    void acrossARestart();
    void acrossAChangeOfTheWriter();
    void anotherBodyChangesNothing();
    void aFailedAttemptDoesNotUseItUp();
    void atTheGateway();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    orders::v1::PlaceOrderRequest checkout(const std::string& mark);
    std::int64_t ordersInAll();
    void killWriter();

    RealFleet m_fleet;
    StoreWorld::Channels m_channels;
    std::unique_ptr<OrdersStub> m_orders;
    std::string m_sku;
};

void TestIdempotency::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_channels = StoreWorld::open();
    m_orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    m_sku = StoreWorld::make(m_channels, 1, false).sku;
}

orders::v1::PlaceOrderRequest TestIdempotency::checkout(const std::string& mark)
{
    const auto carts = cart::v1::Cart::NewStub(m_channels["cart"]);
    const auto cart = insist(
        *carts, &cart::v1::Cart::Stub::CreateCart, checkouts::cartOf(mark + "-cart", m_sku));
    return checkouts::checkoutOf(mark, cart.id());
}

std::int64_t TestIdempotency::ordersInAll()
{
    return insist(*m_orders, &OrdersStub::ListOrders, orders::v1::ListOrdersRequest()).total_size();
}

void TestIdempotency::killWriter()
{
    const auto service = m_fleet.service("orders");
    for (const auto& replica : service.replicas())
        if (replica.is_writer())
            ::kill(static_cast<pid_t>(replica.pid()), SIGKILL);
}

void TestIdempotency::atOnce()
{
    const auto request = checkout("at-once");
    const auto before = ordersInAll();
    std::mutex mutex;
    std::set<std::string> answers;
    std::vector<std::thread> askers;
    for (int i = 0; i < 32; ++i)
        askers.emplace_back([&] {
            const auto order = insist(*m_orders, &OrdersStub::PlaceOrder, request);
            const std::lock_guard lock(mutex);
            answers.insert(order.SerializeAsString());
        });
    for (auto& asker : askers)
        asker.join();
    QCOMPARE(answers.size(), std::size_t(1)); // To the byte.
    QCOMPARE(ordersInAll(), before + 1);
}

void TestIdempotency::acrossARestart()
{
    const auto request = checkout("restart");
    const auto first = insist(*m_orders, &OrdersStub::PlaceOrder, request);
    orders::v1::HoldOrderRequest hold;
    hold.set_request_id("restart-hold");
    hold.set_id(first.id());
    const auto held = insist(*m_orders, &OrdersStub::HoldOrder, hold);
    const auto before = ordersInAll();
    killWriter();
    // To the byte what was said then, though it is on hold now.
    QCOMPARE(insist(*m_orders, &OrdersStub::PlaceOrder, request).SerializeAsString(),
        first.SerializeAsString());
    // A second hold would be refused: this is the first one's answer, as it was given.
    const auto again = insist(*m_orders, &OrdersStub::HoldOrder, hold);
    QVERIFY(google::protobuf::util::MessageDifferencer::Equals(again, held));
    QCOMPARE(ordersInAll(), before);
}

void TestIdempotency::acrossAChangeOfTheWriter()
{
    QVERIFY(m_fleet.scale("orders", 2));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 2), 20'000);
    const auto request = checkout("writer");
    const auto first = insist(*m_orders, &OrdersStub::PlaceOrder, request);
    const auto before = ordersInAll();
    killWriter(); // The other one takes over.
    QCOMPARE(insist(*m_orders, &OrdersStub::PlaceOrder, request).SerializeAsString(),
        first.SerializeAsString());
    QCOMPARE(ordersInAll(), before);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 2), 20'000);
}

void TestIdempotency::anotherBodyChangesNothing()
{
    const auto request = checkout("body");
    const auto first = insist(*m_orders, &OrdersStub::PlaceOrder, request);
    const auto before = ordersInAll();
    auto other = checkout("other-body");
    other.set_request_id(request.request_id());
    grpc::ClientContext context;
    orders::v1::Order answer;
    const auto refused = m_orders->PlaceOrder(&context, other, &answer);
    QCOMPARE(refused.error_code(), grpc::ABORTED);
    QCOMPARE(ordersInAll(), before);
    // The cart that was refused under this id is still there to be ordered.
    other.set_request_id("body-2");
    QVERIFY(insist(*m_orders, &OrdersStub::PlaceOrder, other).id() != first.id());
}

void TestIdempotency::aFailedAttemptDoesNotUseItUp()
{
    auto request = checkout("failed");
    const auto cart = request.cart_id();
    request.mutable_expected_total()->set_currency("GBP");
    request.mutable_expected_total()->set_minor(1); // Not what it costs.
    grpc::ClientContext context;
    orders::v1::Order answer;
    QCOMPARE(
        m_orders->PlaceOrder(&context, request, &answer).error_code(), grpc::FAILED_PRECONDITION);
    request.clear_expected_total();
    QVERIFY(!insist(*m_orders, &OrdersStub::PlaceOrder, request).id().empty());
}

void TestIdempotency::atTheGateway()
{
    ctl::HttpClient gateway(m_fleet.fleet().gateway_address(), std::chrono::seconds(10));
    const auto post = [&](const std::string& path, const QJsonObject& body, const std::string& key,
                          const std::string& token) {
        const auto answer = gateway.ask({"POST", path,
            QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString(), token, key});
        return answer.ok() ? *answer : ctl::HttpAnswer{-1, std::string(answer.status().message())};
    };
    const auto object = [](const ctl::HttpAnswer& answer) {
        return QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
    };
    const auto session = object(post("/v1/account:signUp",
        {{u"email"_s, u"twice@example.com"_s}, {u"name"_s, u"Ann"_s},
            {u"password"_s, u"correct horse battery"_s}, {u"country"_s, u"GB"_s}},
        "sign-up", ""));
    const auto token = session[u"accessToken"_s].toString().toStdString();
    QVERIFY(!token.empty());
    const QJsonArray items{
        QJsonObject{{u"sku"_s, QString::fromStdString(m_sku)}, {u"quantity"_s, 1}}};
    const QJsonObject wish{{u"currency"_s, u"GBP"_s}, {u"items"_s, items}};
    const auto cart = post("/v1/carts", wish, "a-cart", token);
    const auto sameCart = post("/v1/carts", wish, "a-cart", token);
    QCOMPARE(sameCart.body, cart.body); // To the byte.
    QJsonObject order{{u"cartId"_s, object(cart)[u"id"_s]}, {u"paymentToken"_s, u"tok_visa"_s},
        {u"shippingAddress"_s,
            QJsonObject{{u"name"_s, u"Ann Other"_s}, {u"line1"_s, u"1 Test Street"_s},
                {u"city"_s, u"Testham"_s}, {u"country"_s, u"GB"_s}}}};
    const auto first = post("/v1/checkout", order, "an-order", token);
    QVERIFY2(first.code == 200, first.body.c_str());
    const auto before = ordersInAll();
    killWriter();
    ctl::HttpAnswer again;
    QTRY_COMPARE_WITH_TIMEOUT(
        (again = post("/v1/checkout", order, "an-order", token)).code, 200, 10'000);
    QCOMPARE(again.body, first.body); // To the byte.
    order[u"paymentToken"_s] = u"tok_mastercard"_s;
    QCOMPARE(post("/v1/checkout", order, "an-order", token).code, 409);
    QCOMPARE(ordersInAll(), before);
}

QTEST_GUILESS_MAIN(TestIdempotency)
#include "tst_idempotency.moc"
