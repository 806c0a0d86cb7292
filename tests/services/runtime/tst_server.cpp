// SPDX-License-Identifier: GPL-3.0-or-later
// What every server of ours does, whatever its service: limits, health, metrics, traces, clear
// words about bad input.
#include "grpc/health/v1/health.grpc.pb.h"
#include "services/runtime/channels.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/testing.h"
#include "tests/services/runtime/toy.h"

#include <QtTest>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/server_builder.h>

#include <future>
#include <prometheus/text_serializer.h>

using namespace shopfleet;
using namespace std::chrono_literals;

namespace {

constexpr const char* kGet = "/shopfleet.toy.v1.Toy/GetItem";
constexpr const char* kPut = "/shopfleet.toy.v1.Toy/PutItem";

/// Sends bytes, whatever they are, as the request of a unary method.
grpc::Status send(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
    const std::string& bytes, grpc::ClientContext* context)
{
    grpc::GenericStub stub(channel);
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    std::promise<grpc::Status> answer;
    context->set_deadline(std::chrono::system_clock::now() + 5s);
    stub.UnaryCall(context, method, {}, &request, &response,
        [&](const grpc::Status& status) { answer.set_value(status); });
    return answer.get_future().get();
}

/// Answers a "search" only once it is let go.
class SlowSearches final : public toy::Handler {
public:
    using Handler::Handler;

    runtime::Unary* GetItem(runtime::Context* context, const toy::v1::GetItemRequest* request,
        toy::v1::Item* response) override
    {
        if (request->id() != "search")
            return Handler::GetItem(context, request, response);
        return runtime::browse(context, m_database, request, response,
            [this](runtime::Connection& db, const toy::v1::GetItemRequest& asked) {
                ++begun;
                gate.wait();
                return toy::getItem(db, asked.id());
            });
    }

    std::atomic<int> begun = 0;
    std::promise<void> open;
    std::shared_future<void> gate = open.get_future().share();
};

/// Asks for an item until it is told, or until `context` ends.
grpc::Status getItem(toy::v1::Toy::Stub& stub, grpc::ClientContext& context, const std::string& id)
{
    toy::v1::GetItemRequest request;
    request.set_id(id);
    toy::v1::Item item;
    return stub.GetItem(&context, request, &item);
}

} // namespace

class TestServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void badInput_data();
    void badInput();
    void unwrittenSaysSo();
    void errorsKeepTheirDetails();
    void health_data();
    void health();
    void healthFollowsTheDrain();
    void countsCalls();
    void tracesGoOn_data();
    void tracesGoOn();
    void readersLeaveRoomForTraces();
    void searchesKeepNobodyWaiting();
    void takenAddressIsNamed();
    void fixedAddressIsShared();
    void newChannelTriesAtOnce();

private:
    runtime::TestDatabase m_db{toy::kSchema};
    toy::Handler m_handler{*m_db, m_db.feed()};
    runtime::TestServer m_server{{&m_handler}, &*m_db, &m_db.feed()};
};

void TestServer::badInput_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");

    const int invalid = grpc::StatusCode::INVALID_ARGUMENT;
    QTest::newRow("truncated") << QByteArray(kGet)
                               << QByteArray("\x0a\x05"
                                             "ab")
                               << invalid << "request is not a message of the type";
    QTest::newRow("random bytes") << QByteArray(kPut) << QByteArray("\xff\xff\xff\x07\x01")
                                  << invalid << "request is not a message of the type";
    QTest::newRow("broken UTF-8") << QByteArray(kGet) << QByteArray("\x0a\x02\xc3\x28") << invalid
                                  << "GetItemRequest.id holds bytes that are not UTF-8";
    QTest::newRow("broken UTF-8, deep")
        << QByteArray(kPut) << QByteArray("\x0a\x01r\x12\x04\x12\x02\xff\xfe") << invalid
        << "Item.title holds bytes that are not UTF-8";
    QTest::newRow("over 4 MiB") << QByteArray(kGet)
                                << (QByteArray("\x0a\x80\x80\x80\x02") + QByteArray(4 << 20, 'a'))
                                << int{grpc::StatusCode::RESOURCE_EXHAUSTED} << "larger than max";
    QTest::newRow("nothing at all") << QByteArray(kPut) << QByteArray() << invalid << "request_id";
    QTest::newRow("unknown method") << QByteArray("/shopfleet.toy.v1.Toy/Nothing") << QByteArray()
                                    << int{grpc::StatusCode::UNIMPLEMENTED} << "";
    QTest::newRow("watch, truncated") << QByteArray("/shopfleet.toy.v1.Toy/WatchItems")
                                      << QByteArray("\x0a\x05"
                                                    "ab")
                                      << invalid << "request is not a message of the type";
}

void TestServer::badInput()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    QFETCH(QString, says);
    const auto before = runtime::lastChange(m_db.reader()).value();
    const auto channel = m_server.channel();
    grpc::ClientContext context;

    const auto status = send(channel, method.toStdString(), bytes.toStdString(), &context);

    const auto message = QString::fromStdString(status.error_message());
    QVERIFY2(status.error_code() == code && message.contains(says),
        qPrintable(QString::number(status.error_code()) + QLatin1Char(' ') + message));
    // It serves on, and nothing has changed.
    grpc::ClientContext next;
    QVERIFY(send(channel, "/shopfleet.toy.v1.Toy/Ping", "", &next).ok());
    QCOMPARE(runtime::lastChange(m_db.reader()).value(), before);
}

void TestServer::unwrittenSaysSo()
{
    grpc::ClientContext context;
    const auto status = send(m_server.channel(), "/shopfleet.toy.v1.Toy/Unwritten", "", &context);
    QCOMPARE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    QCOMPARE(status.error_message(), std::string("Unwritten is not there yet"));
}

void TestServer::errorsKeepTheirDetails()
{
    toy::v1::GetItemRequest request;
    request.set_id("nobody");
    grpc::ClientContext context;
    const auto status = send(m_server.channel(), kGet, request.SerializeAsString(), &context);
    QCOMPARE(status.error_code(), grpc::StatusCode::NOT_FOUND);
    const auto back = runtime::fromWire(status);
    QCOMPARE(runtime::toWire(back).error_details(), status.error_details());
    QVERIFY(!status.error_details().empty());
}

void TestServer::health_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("state");

    using grpc::health::v1::HealthCheckResponse;
    QTest::newRow("all of it") << QByteArray() << int{HealthCheckResponse::SERVING};
    QTest::newRow("the service") << QByteArray("shopfleet.toy.v1.Toy")
                                 << int{HealthCheckResponse::SERVING};
    QTest::newRow("the writer") << QByteArray("shopfleet.writer")
                                << int{HealthCheckResponse::SERVING};
    QTest::newRow("nobody") << QByteArray("nobody") << -1;
}

void TestServer::health()
{
    QFETCH(QByteArray, name);
    QFETCH(int, state);
    auto stub = grpc::health::v1::Health::NewStub(m_server.channel());
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(name.toStdString());
    grpc::health::v1::HealthCheckResponse response;
    grpc::ClientContext context;
    const auto status = stub->Check(&context, request, &response);
    if (state < 0)
        QCOMPARE(status.error_code(), grpc::StatusCode::NOT_FOUND);
    else
        QCOMPARE(int{response.status()}, state);
}

void TestServer::healthFollowsTheDrain()
{
    runtime::TestServer server({}, nullptr);
    auto stub = grpc::health::v1::Health::NewStub(server.channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    const auto stream = stub->Watch(&context, {});
    grpc::health::v1::HealthCheckResponse response;
    QVERIFY(stream->Read(&response));
    QCOMPARE(response.status(), grpc::health::v1::HealthCheckResponse::SERVING);

    std::thread drain([&] { server.server().drain(100ms, 1'000ms); });
    QVERIFY(stream->Read(&response));
    QCOMPARE(response.status(), grpc::health::v1::HealthCheckResponse::NOT_SERVING);
    QVERIFY(!stream->Read(&response));
    drain.join();
}

void TestServer::countsCalls()
{
    const auto value = [](const char* line) {
        const auto text = QString::fromStdString(
            prometheus::TextSerializer().Serialize(runtime::metrics().Collect()));
        for (const QString& each : text.split(QLatin1Char('\n')))
            if (each.startsWith(QLatin1String(line)))
                return each.section(QLatin1Char(' '), -1).toDouble();
        return 0.0;
    };
    constexpr const char* kCounter
        = "grpc_server_handled_total{grpc_service=\"shopfleet.toy.v1.Toy\",grpc_method=\"GetItem\","
          "grpc_code=\"NOT_FOUND\"}";
    constexpr const char* kCount = "grpc_server_handling_seconds_count{grpc_service=\"shopfleet."
                                   "toy.v1.Toy\",grpc_method=\"GetItem\"}";
    const auto labelled = [&](const char* line) {
        // The library sorts labels by name.
        QString sorted = QString::fromLatin1(line);
        sorted.replace(QLatin1String("grpc_service=\"shopfleet.toy.v1.Toy\",grpc_method="
                                     "\"GetItem\",grpc_code=\"NOT_FOUND\""),
            QLatin1String("grpc_code=\"NOT_FOUND\",grpc_method=\"GetItem\",grpc_service="
                          "\"shopfleet.toy.v1.Toy\""));
        sorted.replace(
            QLatin1String("{grpc_service=\"shopfleet.toy.v1.Toy\",grpc_method=\"GetItem\"}"),
            QLatin1String("{grpc_method=\"GetItem\",grpc_service=\"shopfleet.toy.v1.Toy\"}"));
        return std::max(value(line), value(sorted.toLatin1().constData()));
    };
    const double counted = labelled(kCounter);
    const double timed = labelled(kCount);
    const auto channel = m_server.channel();
    for (int i = 0; i < 3; ++i) {
        grpc::ClientContext context;
        QVERIFY(!send(channel, kGet, "", &context).ok());
    }
    QCOMPARE(labelled(kCounter) - counted, 3.0);
    QCOMPARE(labelled(kCount) - timed, 3.0);
}

void TestServer::tracesGoOn_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("trace");

    QTest::newRow("good") << QByteArray("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                          << QByteArray("0af7651916cd43dd8448eb211c80319c");
    QTest::newRow("all zeros") << QByteArray(
        "00-00000000000000000000000000000000-b7ad6b7169203331-01")
                               << QByteArray();
    QTest::newRow("short") << QByteArray("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")
                           << QByteArray();
    QTest::newRow("upper case") << QByteArray(
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01")
                                << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void TestServer::tracesGoOn()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, trace);
    const auto parsed = runtime::parseTrace(header.toStdString());
    QCOMPARE(QByteArray::fromStdString(parsed.traceId), trace);
    if (!trace.isEmpty())
        QCOMPARE(QByteArray::fromStdString(parsed.header()), header);
    const auto fresh = runtime::newTrace();
    QCOMPARE(runtime::parseTrace(fresh.header()).traceId, fresh.traceId);
}

/// However many look around in a second, what somebody changes is kept whole.
void TestServer::readersLeaveRoomForTraces()
{
    int read = 0;
    for (int i = 0; i < 500; ++i)
        read += runtime::newTrace({}, runtime::Purpose::Read).sampled ? 1 : 0;
    QVERIFY(read < 500); // The budget of reads is used up, or was twice.
    QVERIFY(runtime::newTrace().sampled);
}

/// However many search: who asks for one thing is answered, and beyond a bound is told to wait.
void TestServer::searchesKeepNobodyWaiting()
{
    SlowSearches handler(*m_db, m_db.feed());
    runtime::TestServer server({&handler}, &*m_db, &m_db.feed());
    const auto letGo = qScopeGuard([&] { handler.open.set_value(); }); // Whatever fails below.
    const auto stub = toy::v1::Toy::NewStub(server.channel());
    constexpr int kSearches = 700;
    std::vector<grpc::ClientContext> contexts(kSearches);
    std::vector<toy::v1::Item> items(kSearches);
    toy::v1::GetItemRequest search;
    search.set_id("search");
    std::atomic<int> refused = 0, over = 0;
    for (int i = 0; i < kSearches; ++i) {
        auto& context = contexts[static_cast<std::size_t>(i)];
        context.set_deadline(std::chrono::system_clock::now() + 60s);
        stub->async()->GetItem(&context, &search, &items[static_cast<std::size_t>(i)],
            [&](const grpc::Status& status) {
                refused += status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
                ++over;
            });
    }
    QTRY_VERIFY(handler.begun >= 2);
    QTRY_VERIFY(refused > 0); // At once, not after their patience.
    for (int i = 0; i < 20; ++i) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 5s);
        QCOMPARE(getItem(*stub, context, "nothing").error_code(), grpc::StatusCode::NOT_FOUND);
    }
    for (auto& context : contexts)
        context.TryCancel();
    QTRY_COMPARE_WITH_TIMEOUT(over.load(), kSearches, 20'000);
}

void TestServer::takenAddressIsNamed()
{
    const auto again = runtime::Server::start({m_server.address(), {}});
    QVERIFY(!again.ok());
    QVERIFY(std::string(again.status().message()).find(m_server.address()) != std::string::npos);
}

/// Who takes over is at the same address before the one that goes has gone.
void TestServer::fixedAddressIsShared()
{
    auto was = runtime::Server::start({});
    QVERIFY(was.ok());
    const std::string fixed = (*was)->address();
    QVERIFY(!runtime::Server::start({"127.0.0.1:0", {}, nullptr, fixed}).ok()); // Not shared.
    was->reset();
    toy::Handler toy(*m_db, m_db.feed());
    const auto start = [&] {
        return runtime::Server::start({"127.0.0.1:0", {&toy}, nullptr, fixed});
    };
    const auto ping = [&] {
        grpc::ClientContext context;
        const auto channel = grpc::CreateChannel(fixed, grpc::InsecureChannelCredentials());
        return send(channel, "/shopfleet.toy.v1.Toy/Ping", "", &context);
    };
    auto first = start();
    QVERIFY2(first.ok(), std::string(first.status().message()).c_str());
    QVERIFY(ping().ok());
    auto second = start();
    QVERIFY2(second.ok(), std::string(second.status().message()).c_str());
    QVERIFY((*first)->address() != (*second)->address());
    first->reset();
    for (int i = 0; i < 20; ++i)
        QVERIFY(ping().ok());
    const auto third = runtime::Server::start({fixed, {}});
    QVERIFY(!third.ok());
    QVERIFY(std::string(third.status().message()).find("--listen " + fixed) != std::string::npos);
}

/// A port that failed once may be another server's a moment later.
void TestServer::newChannelTriesAtOnce()
{
    const auto ping = [](const std::shared_ptr<grpc::Channel>& channel) {
        grpc::ClientContext context;
        return send(channel, "/shopfleet.toy.v1.Toy/Ping", "", &context);
    };
    const auto serve = [](toy::Handler& handler, int* port) {
        grpc::ServerBuilder builder;
        builder.AddListeningPort(
            "127.0.0.1:" + std::to_string(*port), grpc::InsecureServerCredentials(), port);
        builder.RegisterService(&handler);
        return builder.BuildAndStart();
    };
    int port = 0;
    toy::Handler first(*m_db, m_db.feed());
    serve(first, &port)->Shutdown();
    const std::string target = "127.0.0.1:" + std::to_string(port);
    const auto old = runtime::makeChannel(target, "toy");
    QCOMPARE(ping(old).error_code(), grpc::StatusCode::UNAVAILABLE);

    toy::Handler second(*m_db, m_db.feed());
    const auto server = serve(second, &port);
    QVERIFY(server);
    const grpc::Status status = ping(runtime::makeChannel(target, "toy"));
    server->Shutdown();

    QVERIFY2(status.ok(), status.error_message().c_str());
}

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
