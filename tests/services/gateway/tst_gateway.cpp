// SPDX-License-Identifier: GPL-3.0-or-later
// The whole gateway before a store of fakes: what goes in as HTTP, what the services see, what
// comes out.
#include "tests/services/gateway/fixture.h"
#include "tests/services/gateway/httpclient.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::gateway;
using namespace shopfleet::gateway::testing;
using nlohmann::json;

class TestGateway : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void readsAProduct();
    void listsProducts();
    void addsToACart();
    void takesIdsFromThePath();
    void buys();
    void needsAToken_data();
    void needsAToken();
    void callerCannotBeSpoofed_data();
    void callerCannotBeSpoofed();
    void refuses_data();
    void refuses();
    void tellsTheProblem();
    void keepsInternalsInside();
    void retries_data();
    void retries();
    void survivesARestart();
    void givesUpInTime();
    void passesTheTraceOn();
    void describesItself();
    void counts();

private:
    Answer get(const std::string& target, const HttpClient::Headers& headers = {});
    Answer post(const std::string& target, const std::string& body,
        const HttpClient::Headers& headers = {});
    HttpClient::Headers signedIn() const;

    std::unique_ptr<Fixture> m_fixture;
    std::unique_ptr<HttpClient> m_client;
};

void TestGateway::init()
{
    m_fixture = std::make_unique<Fixture>(HttpLimits{},
        Gateway::Settings{std::chrono::milliseconds(1000), std::chrono::milliseconds(2000)});
    m_client = std::make_unique<HttpClient>(m_fixture->address());
}

void TestGateway::cleanup()
{
    m_client.reset();
    m_fixture.reset();
}

Answer TestGateway::get(const std::string& target, const HttpClient::Headers& headers)
{
    return m_client->request("GET", target, {}, headers);
}

Answer TestGateway::post(
    const std::string& target, const std::string& body, const HttpClient::Headers& headers)
{
    return m_client->request("POST", target, body, headers);
}

HttpClient::Headers TestGateway::signedIn() const
{
    return {{"Authorization", "Bearer " + m_fixture->store().signer().token("c1")}};
}

void TestGateway::readsAProduct()
{
    const auto answer = get("/v1/products/85123A");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("content-type"), "application/json");
    const json product = answer.json();
    QCOMPARE(product["id"].get<std::string>(), "85123A");
    QCOMPARE(product["state"].get<std::string>(), "PRODUCT_STATE_ACTIVE");
    QCOMPARE(product["variants"][0]["price"]["minor"].get<std::string>(), "255");
    QCOMPARE(product["createdAt"].get<std::string>(), "2010-12-01T08:26:00Z");
    QVERIFY(!answer.headers.contains("idempotency-key"));

    QCOMPARE(get("/v1/products/garbage").json()["title"].get<std::string>(), "a\"b\\c\n");
    const auto head = m_client->request("HEAD", "/v1/products/85123A");
    QCOMPARE(head.status, 200);
    QCOMPARE(head.header("content-length"), std::to_string(answer.body.size()));
    QCOMPARE(get("/v1/products/a%2Fb%20%C3%BC").json()["id"].get<std::string>(), "a/b ü");
}

void TestGateway::listsProducts()
{
    const auto answer = get("/v1/products?pageSize=20&filter=price+%3E+100&order_by=title&skip=3");
    QCOMPARE(answer.status, 200);
    const auto& seen = m_fixture->store().seen().listProducts;
    QCOMPARE(seen.page_size(), 20);
    QCOMPARE(seen.filter(), "price > 100");
    QCOMPARE(seen.order_by(), "title");
    QCOMPARE(seen.skip(), 3);
    QCOMPARE(answer.json()["products"].size(), 1U);
    QCOMPARE(answer.json()["nextPageToken"].get<std::string>(), "next");
}

void TestGateway::addsToACart()
{
    const auto answer = post("/v1/carts/secret/items", R"({"sku":"85123A","quantity":2})",
        {{"Idempotency-Key", "key-1"}});
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.header("idempotency-key"), "key-1");
    QCOMPARE(answer.header("cache-control"), "no-store");
    const auto& seen = m_fixture->store().seen().addItem;
    QCOMPARE(seen.request_id(), "key-1");
    QCOMPARE(seen.cart_id(), "secret");
    QCOMPARE(seen.quantity(), 2);
    QCOMPARE(answer.json()["items"][0]["quantity"].get<std::string>(), "2");

    // Without a key the gateway makes one and says which.
    const auto other = post("/v1/carts/secret/items", R"({"sku":"85123A","quantity":2})");
    QCOMPARE(other.header("idempotency-key").size(), 32U);
    QCOMPARE(other.header("idempotency-key"), seen.request_id());
}

void TestGateway::takesIdsFromThePath()
{
    QCOMPARE(
        m_client->request("PUT", "/v1/carts/c9/items/a%3Ab", R"({"quantity":"0"})").status, 200);
    QCOMPARE(m_fixture->store().seen().setItem.sku(), "a:b");

    const auto same = m_client->request("PUT", "/v1/carts/c9/items/s", R"({"cartId":"c9"})");
    QCOMPARE(same.status, 200);
    const auto other = m_client->request("PUT", "/v1/carts/c9/items/s", R"({"cartId":"c8"})");
    QCOMPARE(other.status, 400);
    QCOMPARE(other.json()["errors"][0]["field"].get<std::string>(), "cartId");
}

void TestGateway::buys()
{
    const auto wrong = post("/v1/account:signIn", R"({"email":"a@b.c","password":"guess"})");
    QCOMPARE(wrong.status, 401);
    const auto session
        = post("/v1/account:signIn", R"({"email":"a@b.c","password":"correct horse"})");
    QCOMPARE(session.status, 200);
    const std::string token = session.json()["accessToken"].get<std::string>();
    const HttpClient::Headers headers{{"Authorization", "Bearer " + token}};

    const auto order = post("/v1/checkout",
        R"({"cartId":"k","paymentToken":"tok_visa","shippingAddress":{"postalCode":"E1"}})",
        headers);
    QCOMPARE(order.status, 200);
    QCOMPARE(order.json()["state"].get<std::string>(), "ORDER_STATE_CONFIRMED");
    QCOMPARE(m_fixture->store().seen().placeOrder.customer_id(), "c1");

    const auto mine = get("/v1/account/orders?pageSize=5", headers);
    QCOMPARE(mine.status, 200);
    QCOMPARE(mine.json()["orders"].size(), 1U);
    QCOMPARE(mine.json()["orders"][0]["id"].get<std::string>(), "o1");

    // Somebody else's are somebody else's.
    const HttpClient::Headers other{
        {"Authorization", "bearer " + m_fixture->store().signer().token("c2")}};
    QCOMPARE(get("/v1/account/orders", other).json()["orders"].size(), 0U);
}

void TestGateway::needsAToken_data()
{
    QTest::addColumn<QByteArray>("authorization");
    const Signer stranger;
    QTest::newRow("none") << QByteArray();
    QTest::newRow("another scheme") << QByteArray("Basic YTpi");
    QTest::newRow("an empty one") << QByteArray("Bearer ");
    QTest::newRow("nonsense") << QByteArray("Bearer nonsense");
    QTest::newRow("alg none") << QByteArray::fromStdString("Bearer "
        + base64Url(R"({"alg":"none","kid":"k1"})") + "." + base64Url(claims("c1")) + ".");
    QTest::newRow("somebody else's key")
        << QByteArray::fromStdString("Bearer " + stranger.token("c1"));
    QTest::newRow("an unknown key")
        << QByteArray::fromStdString("Bearer " + stranger.token("c1", "k7"));
    QTest::newRow("expired") << QByteArray();
    QTest::newRow("another audience") << QByteArray();
    QTest::newRow("truncated") << QByteArray();
}

void TestGateway::needsAToken()
{
    QFETCH(QByteArray, authorization);
    const Signer& signer = m_fixture->store().signer();
    const char kHeader[] = R"({"alg":"EdDSA","typ":"JWT","kid":"k1"})";
    const QByteArray name = QTest::currentDataTag();
    std::string value = authorization.toStdString();
    if (name == "expired")
        value = "Bearer " + signer.sign(kHeader, claims("c1", -1));
    else if (name == "another audience")
        value = "Bearer " + signer.sign(kHeader, claims("c1", 600, R"("other")"));
    else if (name == "truncated")
        value = "Bearer " + signer.token("c1").substr(0, 60);

    HttpClient::Headers headers;
    if (!value.empty())
        headers.emplace_back("Authorization", value);
    const auto answer = get("/v1/account/orders", headers);

    QCOMPARE(answer.status, 401);
    QVERIFY(answer.header("www-authenticate").starts_with("Bearer"));
    QCOMPARE(answer.json()["code"].get<std::string>(), "UNAUTHENTICATED");
    // The same client with a good token is let in.
    QCOMPARE(get("/v1/account/orders", signedIn()).status, 200);
}

void TestGateway::callerCannotBeSpoofed_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("JSON name") << QByteArray(R"({"customerId":"victim"})");
    QTest::newRow("proto name") << QByteArray(R"({"customer_id":"victim"})");
    QTest::newRow("the caller's own") << QByteArray(R"({"customerId":"c1"})");
    QTest::newRow("escaped") << QByteArray(R"({"customer\u0049d":"victim"})");
}

void TestGateway::callerCannotBeSpoofed()
{
    QFETCH(QByteArray, body);
    const auto answer = post("/v1/checkout", body.toStdString(), signedIn());
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.json()["errors"][0]["field"].get<std::string>(), "customerId");
    QCOMPARE(get("/v1/account/orders?customerId=victim", signedIn()).status, 400);
    QVERIFY(m_fixture->store().seen().placeOrder.customer_id().empty());
}

void TestGateway::refuses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray type("application/json");
    QTest::newRow("nothing there")
        << QByteArray("GET") << QByteArray("/v1/nothing") << type << QByteArray() << 404;
    QTest::newRow("the root") << QByteArray("GET") << QByteArray("/") << type << QByteArray()
                              << 404;
    QTest::newRow("another method")
        << QByteArray("DELETE") << QByteArray("/v1/products/1") << type << QByteArray() << 405;
    QTest::newRow("a made-up method")
        << QByteArray("BREW") << QByteArray("/v1/products/1") << type << QByteArray() << 405;
    QTest::newRow("staff's") << QByteArray("GET") << QByteArray("/v1/orders") << type
                             << QByteArray() << 403;
    QTest::newRow("staff's verb") << QByteArray("POST") << QByteArray("/v1/orders/1:cancel") << type
                                  << QByteArray("{}") << 403;
    QTest::newRow("a service's own method")
        << QByteArray("POST") << QByteArray("/shopfleet.orders.v1.Orders/ImportOrders") << type
        << QByteArray("{}") << 404;
    QTest::newRow("a form") << QByteArray("POST") << QByteArray("/v1/carts")
                            << QByteArray("application/x-www-form-urlencoded") << QByteArray("a=b")
                            << 415;
    QTest::newRow("no type") << QByteArray("POST") << QByteArray("/v1/carts") << QByteArray()
                             << QByteArray("{}") << 415;
    QTest::newRow("another charset")
        << QByteArray("POST") << QByteArray("/v1/carts")
        << QByteArray("application/json; charset=latin1") << QByteArray("{}") << 415;
    QTest::newRow("malformed JSON")
        << QByteArray("POST") << QByteArray("/v1/carts") << type << QByteArray("{") << 400;
    QTest::newRow("broken UTF-8") << QByteArray("POST") << QByteArray("/v1/carts") << type
                                  << QByteArray("{\"currency\":\"\xFF\"}") << 400;
    QTest::newRow("an unknown field") << QByteArray("POST") << QByteArray("/v1/carts") << type
                                      << QByteArray("{\"colour\":1}") << 400;
    QTest::newRow("a body on a read")
        << QByteArray("GET") << QByteArray("/v1/products") << type << QByteArray("{}") << 400;
    QTest::newRow("an unknown parameter")
        << QByteArray("GET") << QByteArray("/v1/products?x=1") << type << QByteArray() << 400;
    QTest::newRow("a broken escape")
        << QByteArray("GET") << QByteArray("/v1/products/%") << type << QByteArray() << 400;
    QTest::newRow("writing the description")
        << QByteArray("POST") << QByteArray("/v1/openapi.json") << type << QByteArray("{}") << 405;
    QTest::newRow("not built") << QByteArray("GET") << QByteArray("/v1/categories") << type
                               << QByteArray() << 501;
}

void TestGateway::refuses()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    std::string text
        = method.toStdString() + " " + target.toStdString() + " HTTP/1.1\r\nHost: x\r\n";
    if (!type.isEmpty())
        text += "Content-Type: " + type.toStdString() + "\r\n";
    m_client->send(
        text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body.toStdString());
    const auto answer = m_client->receive();

    QTEST(answer.status, "status");
    QCOMPARE(answer.header("content-type"), "application/problem+json");
    QCOMPARE(answer.json()["status"].get<int>(), answer.status);
    QCOMPARE(answer.headers.contains("allow"), answer.status == 405);
    QCOMPARE(get("/v1/products/1").status, 200); // The connection is as good as before.
}

void TestGateway::tellsTheProblem()
{
    const auto quantity = post("/v1/carts/c/items", R"({"sku":"1","quantity":-1})");
    QCOMPARE(quantity.status, 400);
    QCOMPARE(quantity.json()["errors"][0]["field"].get<std::string>(), "quantity");
    QCOMPARE(
        quantity.json()["errors"][0]["description"].get<std::string>(), "must be 1 to 1,000,000");

    const auto address = post("/v1/checkout", R"({"cartId":"k"})", signedIn());
    QCOMPARE(address.status, 400);
    QCOMPARE(address.json()["errors"][0]["field"].get<std::string>(), "shippingAddress.postalCode");

    const auto missing = get("/v1/products/missing");
    QCOMPARE(missing.status, 404);
    QCOMPARE(missing.json()["detail"].get<std::string>(), "there is no such product");
    QCOMPARE(
        missing.header("traceparent").substr(3, 32), missing.json()["traceId"].get<std::string>());
}

void TestGateway::keepsInternalsInside()
{
    const auto answer = get("/v1/products/boom");
    QCOMPARE(answer.status, 500);
    QCOMPARE(answer.body.find("inventory.db"), std::string::npos);
    QCOMPARE(answer.json()["code"].get<std::string>(), "INTERNAL");
}

void TestGateway::retries_data()
{
    QTest::addColumn<bool>("isWrite");
    QTest::addColumn<int>("code");
    QTest::newRow("a read") << false << int(grpc::StatusCode::UNAVAILABLE);
    QTest::newRow("a write, under its request id") << true << int(grpc::StatusCode::UNAVAILABLE);
    QTest::newRow("a read that a stopping server cut off")
        << false << int(grpc::StatusCode::CANCELLED);
}

void TestGateway::retries()
{
    QFETCH(bool, isWrite);
    QFETCH(int, code);
    auto& seen = m_fixture->store().seen();
    seen.failure = static_cast<grpc::StatusCode>(code);
    seen.failuresLeft = 3;
    const auto answer = isWrite
        ? post("/v1/carts/c/items", R"({"sku":"1","quantity":1})", {{"Idempotency-Key", "once"}})
        : get("/v1/products/1");
    QCOMPARE(answer.status, 200);
    QCOMPARE(seen.calls.load(), 4);
    if (isWrite)
        QCOMPARE(seen.addItem.request_id(), "once");
}

void TestGateway::survivesARestart()
{
    QCOMPARE(get("/v1/products/1").status, 200);
    m_fixture->store().stop();
    std::thread later([this] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        m_fixture->store().start();
    });
    const auto answer = get("/v1/products/1");
    later.join();
    QCOMPARE(answer.status, 200);
}

void TestGateway::givesUpInTime()
{
    QElapsedTimer timer;
    timer.start();
    const auto slow = get("/v1/products/slow");
    QCOMPARE(slow.status, 504);
    m_fixture->store().stop();
    const auto away = get("/v1/products/1");
    QCOMPARE(away.status, 503);
    QVERIFY(!away.header("retry-after").empty());
    QCOMPARE(away.body.find("127.0.0.1"), std::string::npos);
    QVERIFY2(timer.elapsed() < 2900, qPrintable(QString::number(timer.elapsed())));
}

void TestGateway::passesTheTraceOn()
{
    const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const auto answer
        = get("/v1/products/1", {{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"}});
    QCOMPARE(answer.header("traceparent").substr(3, 32), trace);
    QCOMPARE(m_fixture->store().seen().traceparent, answer.header("traceparent"));
    QVERIFY(answer.header("traceparent").find("00f067aa0ba902b7") == std::string::npos);

    const auto bad = get(
        "/v1/products/1", {{"traceparent", "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"}});
    QVERIFY(bad.header("traceparent").substr(3, 32) != std::string(32, '0'));
    QCOMPARE(m_fixture->log().front().traceId, trace);
}

void TestGateway::describesItself()
{
    const auto answer = get("/v1/openapi.json");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.json()["paths"].contains("/v1/checkout"));
    QCOMPARE(get("/healthz").status, 200);
}

void TestGateway::counts()
{
    get("/v1/products/1");
    get("/v1/products/missing");
    get("/v1/made-up");
    post("/v1/carts/secret-cart/items", R"({"sku":"1","quantity":1})");
    const std::string metrics = m_fixture->metrics();
    const auto has = [&](const char* line) { return metrics.find(line) != std::string::npos; };
    QVERIFY(has(R"(http_requests_total{code="200",method="GET",route="/v1/products/{id}"} 1)"));
    QVERIFY(has(R"(http_requests_total{code="404",method="GET",route="/v1/products/{id}"} 1)"));
    QVERIFY(has(R"(http_requests_total{code="404",method="GET",route="unmatched"} 1)"));
    QVERIFY(
        has(R"(http_request_duration_seconds_count{method="GET",route="/v1/products/{id}"} 2)"));
    QVERIFY(has("http_requests_in_flight 0"));
    for (const Access& access : m_fixture->log())
        QVERIFY(access.route.find("secret-cart") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestGateway)
#include "tst_gateway.moc"
