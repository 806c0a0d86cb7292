// SPDX-License-Identifier: GPL-3.0-or-later
// The server alone: malformed, oversized and slow clients, pipelining, draining.
#include "services/gateway/httpserver.h"
#include "tests/services/gateway/httpclient.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;
using namespace shopfleet::gateway;
using namespace shopfleet::gateway::testing;

class TestGatewayHttp : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void refuses_data();
    void refuses();
    void readsBodies();
    void answersPipelinedRequestsInOrder();
    void goesOnAfter100Continue();
    void keepsOrCloses_data();
    void keepsOrCloses();
    void dropsSlowClients_data();
    void dropsSlowClients();
    void limitsConnections();
    void sharesAPort();
    void drains();
    void refusesAddresses_data();
    void refusesAddresses();

private:
    std::unique_ptr<HttpServer> listen(const std::string& address = "127.0.0.1:0");

    std::unique_ptr<HttpServer> m_server;
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    Respond m_held; ///< The answer to /hold, for the test to give.
};

std::unique_ptr<HttpServer> TestGatewayHttp::listen(const std::string& address)
{
    HttpLimits limits;
    limits.connections = 20;
    limits.idle = std::chrono::milliseconds(300);
    limits.header = std::chrono::milliseconds(200);
    limits.body = std::chrono::milliseconds(200);
    limits.linger = std::chrono::milliseconds(50);
    auto server = HttpServer::listen(
        address,
        [this](HttpRequest request, const Respond& respond) {
            if (request.target == "/hold") {
                const std::lock_guard lock(m_mutex);
                m_held = respond;
                m_arrived.notify_all();
                return;
            }
            HttpReply reply;
            reply.body
                = request.method + " " + request.target + " " + std::to_string(request.body.size());
            respond(std::move(reply));
        },
        limits);
    return server.ok() ? *std::move(server) : nullptr;
}

void TestGatewayHttp::init()
{
    m_server = listen();
    QVERIFY(m_server);
}

void TestGatewayHttp::cleanup()
{
    m_server.reset();
    m_held = nullptr;
}

void TestGatewayHttp::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const QByteArray start("POST /x HTTP/1.1\r\nHost: a\r\n");
    QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << 400;
    QTest::newRow("TLS") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) << 400;
    QTest::newRow("HTTP/2") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 400;
    QTest::newRow("no host") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 400;
    QTest::newRow("two hosts") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") << 400;
    QTest::newRow("a whole URI") << QByteArray("GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n") << 400;
    QTest::newRow("a tunnel") << QByteArray("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n") << 400;
    QTest::newRow("a space in the target")
        << QByteArray("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") << 400;
    QTest::newRow("a space before the colon")
        << QByteArray("GET / HTTP/1.1\r\nHost : a\r\n\r\n") << 400;
    QTest::newRow("length and encoding")
        << start + QByteArray("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        << 400;
    QTest::newRow("encoding and length")
        << start + QByteArray("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n")
        << 400;
    QTest::newRow("two lengths") << start
            + QByteArray("Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde")
                                 << 400;
    QTest::newRow("two equal lengths")
        << start + QByteArray("Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd") << 400;
    QTest::newRow("a negative length") << start + QByteArray("Content-Length: -1\r\n\r\n") << 400;
    QTest::newRow("a length of letters")
        << start + QByteArray("Content-Length: 4x\r\n\r\nabcd") << 400;
    QTest::newRow("a length beyond 64 bits")
        << start + QByteArray("Content-Length: 99999999999999999999\r\n\r\n") << 400;
    QTest::newRow("gzip") << start + QByteArray("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
                          << 400;
    QTest::newRow("chunked for HTTP/1.0")
        << QByteArray("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") << 400;
    QTest::newRow("a bad chunk") << start + QByteArray("Transfer-Encoding: chunked\r\n\r\nzz\r\n")
                                 << 400;
    QTest::newRow("two tokens") << start
            + QByteArray("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n")
                                << 400;
    QTest::newRow("two keys") << start
            + QByteArray("Idempotency-Key: a\r\nidempotency-key: b\r\n\r\n")
                              << 400;
    QTest::newRow("another expectation") << start + QByteArray("Expect: a miracle\r\n\r\n") << 417;
    QTest::newRow("a header of 17 KiB")
        << start + QByteArray("X: ") + QByteArray(17 * 1024, 'x') + QByteArray("\r\n\r\n") << 431;
    QTest::newRow("a target of 17 KiB")
        << QByteArray("GET /") + QByteArray(17 * 1024, 'x') + QByteArray(" HTTP/1.1\r\n\r\n")
        << 431;
    QTest::newRow("many headers") << start + QByteArray("X: y\r\n").repeated(4000)
            + QByteArray("\r\n") << 431;
    QTest::newRow("one byte too many")
        << start + QByteArray("Content-Length: 1048577\r\n\r\n") << 413;
    QTest::newRow("too much in chunks") << start + QByteArray("Transfer-Encoding: chunked\r\n\r\n")
            + (QByteArray("80000\r\n") + QByteArray(0x80000, 'x') + QByteArray("\r\n")).repeated(3)
            + QByteArray("0\r\n\r\n") << 413;
}

void TestGatewayHttp::refuses()
{
    QFETCH(QByteArray, bytes);
    HttpClient client(m_server->address());
    client.send(bytes.toStdString());
    const auto answer = client.receive();
    QTEST(answer.status, "status");
    QCOMPARE(answer.header("connection"), "close");
    QVERIFY(client.isClosed());
    QCOMPARE(HttpClient(m_server->address()).request("GET", "/ok").status, 200);
}

void TestGatewayHttp::readsBodies()
{
    HttpClient client(m_server->address());
    QCOMPARE(client.request("POST", "/x", std::string(1024 * 1024, 'x')).body, "POST /x 1048576");
    client.send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
    QCOMPARE(client.receive().body, "POST /c 5");
    QCOMPARE(client.request("GET", "/y").body, "GET /y 0");
}

void TestGatewayHttp::answersPipelinedRequestsInOrder()
{
    HttpClient client(m_server->address());
    std::string all;
    for (int i = 0; i < 200; ++i)
        all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(all);
    for (int i = 0; i < 200; ++i)
        QCOMPARE(client.receive().body, "GET /" + std::to_string(i) + " 0");
}

void TestGatewayHttp::goesOnAfter100Continue()
{
    HttpClient client(m_server->address());
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(client.receive().status, 100);
    client.send("abc");
    QCOMPARE(client.receive().body, "POST /x 3");
}

void TestGatewayHttp::keepsOrCloses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("keeps");
    QTest::newRow("HTTP/1.1") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n") << true;
    QTest::newRow("HTTP/1.1, close")
        << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") << false;
    QTest::newRow("HTTP/1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n") << false;
}

void TestGatewayHttp::keepsOrCloses()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, keeps);
    HttpClient client(m_server->address());
    client.send(bytes.toStdString());
    QCOMPARE(client.receive().status, 200);
    if (keeps)
        QCOMPARE(client.request("GET", "/again").status, 200);
    else
        QVERIFY(client.isClosed());
}

void TestGatewayHttp::dropsSlowClients_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("says nothing") << QByteArray();
    QTest::newRow("half a header") << QByteArray("GET / HTTP/1.1\r\nHo");
    QTest::newRow("half a body") << QByteArray(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
}

void TestGatewayHttp::dropsSlowClients()
{
    QFETCH(QByteArray, bytes);
    HttpClient client(m_server->address());
    client.send(bytes.toStdString());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(client.isClosed());
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
}

void TestGatewayHttp::limitsConnections()
{
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<HttpClient>(m_server->address()));
        QCOMPARE(clients.back()->request("GET", "/").status, 200);
    }
    HttpClient late(m_server->address());
    QCOMPARE(late.receive().status, 503);
    clients.clear();
    QTRY_COMPARE(HttpClient(m_server->address()).request("GET", "/").status, 200);
}

void TestGatewayHttp::sharesAPort()
{
    const auto second = listen(m_server->address());
    QVERIFY(second);
    QCOMPARE(second->address(), m_server->address());
    m_server.reset();
    for (int i = 0; i < 10; ++i)
        QCOMPARE(HttpClient(second->address()).request("GET", "/").status, 200);
}

void TestGatewayHttp::drains()
{
    HttpClient busy(m_server->address());
    HttpClient idle(m_server->address());
    HttpClient late(m_server->address());
    QCOMPARE(idle.request("GET", "/").status, 200);
    QCOMPARE(late.request("GET", "/").status, 200);
    busy.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
    std::unique_lock lock(m_mutex);
    QVERIFY(
        m_arrived.wait_for(lock, std::chrono::seconds(2), [this] { return m_held != nullptr; }));
    lock.unlock();

    std::atomic<bool> isDrained{false};
    const std::string address = m_server->address();
    std::thread drain([&] {
        m_server->drain(std::chrono::seconds(3));
        isDrained = true;
    });
    QTRY_COMPARE(HttpClient(address).request("GET", "/").status, 0); // Nobody listens any more.
    const auto last = late.request("GET", "/last");
    QVERIFY(last.status == 0 || last.header("connection") == "close");
    QVERIFY(idle.isClosed());
    QVERIFY(!isDrained);

    HttpReply reply;
    reply.body = "done";
    m_held(std::move(reply));
    const auto answer = busy.receive();
    QCOMPARE(answer.body, "done");
    QCOMPARE(answer.header("connection"), "close");
    drain.join();
}

void TestGatewayHttp::refusesAddresses_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no port") << QByteArray("127.0.0.1");
    QTest::newRow("a name") << QByteArray("shop.example:80");
    QTest::newRow("a port too large") << QByteArray("127.0.0.1:65536");
    QTest::newRow("a port with a tail") << QByteArray("127.0.0.1:80x");
    QTest::newRow("an address that is not ours") << QByteArray("192.0.2.1:0");
}

void TestGatewayHttp::refusesAddresses()
{
    QFETCH(QByteArray, address);
    QVERIFY(!listen(address.toStdString()));
}

QTEST_GUILESS_MAIN(TestGatewayHttp)
#include "tst_gatewayhttp.moc"
