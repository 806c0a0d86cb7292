// SPDX-License-Identifier: GPL-3.0-or-later
// The service in Python keeps to the contract of all services, and says what is bought together.
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/recommendations/v1/recommendations.grpc.pb.h"
#include "tests/slowness.h"

#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <csignal>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

using namespace Qt::StringLiterals;
namespace v1 = shopfleet::recommendations::v1;
namespace orders = shopfleet::orders::v1;
namespace otlp = opentelemetry::proto::collector::trace::v1;

namespace {

/// Orders that a test makes up, and those that it adds later come over the stream.
class FakeOrders final : public orders::Orders::Service {
public:
    void add(const std::string& id, const std::vector<std::string>& skus,
        orders::OrderState state = orders::ORDER_STATE_CONFIRMED)
    {
        const std::lock_guard lock(m_mutex);
        const auto known = std::ranges::find(m_orders, id, &orders::Order::id);
        auto& order = known == m_orders.end() ? m_orders.emplace_back() : *known;
        order.set_id(id);
        order.set_kind(orders::ORDER_KIND_SALE);
        order.set_state(state);
        order.clear_lines();
        for (const auto& sku : skus) {
            auto& line = *order.add_lines();
            line.set_kind(orders::LINE_KIND_PRODUCT);
            line.set_sku(sku);
        }
        m_changes.push_back(id);
    }

    grpc::Status ListOrders(grpc::ServerContext*, const orders::ListOrdersRequest* request,
        orders::ListOrdersResponse* response) override
    {
        const std::lock_guard lock(m_mutex);
        for (auto order = m_orders.rbegin(); order != m_orders.rend(); ++order)
            if (request->filter().empty()
                || request->filter().find('"' + order->id() + '"') != std::string::npos)
                *response->add_orders() = *order;
        return grpc::Status::OK;
    }

    grpc::Status WatchOrders(grpc::ServerContext* context,
        const orders::WatchOrdersRequest* request,
        grpc::ServerWriter<orders::WatchOrdersResponse>* writer) override
    {
        std::size_t at = 0;
        {
            const std::lock_guard lock(m_mutex);
            at = request->resume_token().empty() ? m_changes.size()
                                                 : std::stoul(request->resume_token());
        }
        while (!context->IsCancelled()) {
            orders::WatchOrdersResponse response;
            {
                const std::lock_guard lock(m_mutex);
                for (; at < m_changes.size(); ++at) {
                    auto& order = *response.add_orders();
                    order = *std::ranges::find(m_orders, m_changes[at], &orders::Order::id);
                    order.clear_lines(); // As in a list.
                }
            }
            response.set_resume_token(std::to_string(at));
            if (!writer->Write(response))
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return grpc::Status::OK;
    }

private:
    std::mutex m_mutex;
    std::vector<orders::Order> m_orders;
    std::vector<std::string> m_changes;
};

class FakeTraces final : public otlp::TraceService::Service {
public:
    grpc::Status Export(grpc::ServerContext*, const otlp::ExportTraceServiceRequest* request,
        otlp::ExportTraceServiceResponse*) override
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& group : request->resource_spans())
            for (const auto& scope : group.scope_spans())
                for (const auto& span : scope.spans())
                    m_spans.push_back(span);
        return grpc::Status::OK;
    }

    std::vector<otlp::Span> spans()
    {
        const std::lock_guard lock(m_mutex);
        return m_spans;
    }

private:
    std::mutex m_mutex;
    std::vector<otlp::Span> m_spans;
};

/// Fakes on a port of their own.
struct Peer {
    explicit Peer(grpc::Service& service)
    {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
        builder.RegisterService(&service);
        server = builder.BuildAndStart();
    }
    ~Peer() { server->Shutdown(std::chrono::system_clock::now()); }

    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

} // namespace

class TestRecommendations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void saysWhatIsBoughtTogether();
    void learnsFromNewOrders();
    void forgetsWhatWasUndone();
    void refuses_data();
    void refuses();
    void brokenBytesAreTheCallersFault();
    void isCounted();
    void isTraced();
    void refusesBadFlags_data();
    void refusesBadFlags();
    void goesOnWithoutOrders();
    void drains();

private:
    static constexpr int kPatienceMs = 20'000;

    void start(QProcess& process, const QString& announcement, int ordersPort,
        const QStringList& more = {});
    std::unique_ptr<v1::Recommendations::Stub> stubOf(const QString& announcement);
    v1::ListBoughtTogetherResponse ask(const std::vector<std::string>& skus, int size = 0);
    QStringList skus(const std::vector<std::string>& asked);

    QTemporaryDir m_folder;
    FakeOrders m_orders;
    FakeTraces m_traces;
    std::unique_ptr<Peer> m_ordersPeer, m_tracesPeer;
    QProcess m_process;
    std::shared_ptr<grpc::Channel> m_channel;
    std::unique_ptr<v1::Recommendations::Stub> m_stub;
    std::string m_metrics;
    grpc::Status m_status;
    std::string m_traceparent;
};

void TestRecommendations::start(
    QProcess& process, const QString& announcement, int ordersPort, const QStringList& more)
{
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(PROGRAMS "/recommendationsd"),
        QStringList{u"--listen"_s, u"127.0.0.1:0"_s, u"--metrics"_s, u"127.0.0.1:0"_s,
            u"--announce"_s, announcement, u"--replica"_s, u"recommendations-1"_s, u"--peer"_s,
            u"orders=ipv4:127.0.0.1:%1"_s.arg(ordersPort), u"--peer"_s,
            u"traces=ipv4:127.0.0.1:%1"_s.arg(m_tracesPeer->port)}
            + more);
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(announcement), kPatienceMs * slowness());
}

std::unique_ptr<v1::Recommendations::Stub> TestRecommendations::stubOf(const QString& announcement)
{
    std::ifstream file(announcement.toStdString());
    const auto facts = nlohmann::json::parse(file);
    m_metrics = facts["metrics"].get<std::string>();
    m_channel = grpc::CreateChannel(
        facts["address"].get<std::string>(), grpc::InsecureChannelCredentials());
    return v1::Recommendations::NewStub(m_channel);
}

void TestRecommendations::initTestCase()
{
    // Tea with milk three times of four, milk with bread once, a kettle alone.
    m_orders.add("1", {"tea", "milk"});
    m_orders.add("2", {"tea", "milk", "sugar"});
    m_orders.add("3", {"tea", "milk", "sugar"});
    m_orders.add("4", {"tea", "sugar"});
    m_orders.add("5", {"milk", "bread"});
    m_orders.add("6", {"kettle"});
    m_orders.add("7", {"tea", "kettle"}, orders::ORDER_STATE_REJECTED);
    m_orders.add("8", {"tea", "kettle"}, orders::ORDER_STATE_CANCELLED);
    m_ordersPeer = std::make_unique<Peer>(m_orders);
    m_tracesPeer = std::make_unique<Peer>(m_traces);
    const auto announcement = m_folder.filePath(u"first.json"_s);
    start(m_process, announcement, m_ordersPeer->port);
    m_stub = stubOf(announcement);
    const auto health = grpc::health::v1::Health::NewStub(m_channel);
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            grpc::ClientContext context;
            grpc::health::v1::HealthCheckResponse response;
            return health->Check(&context, {}, &response).ok()
                && response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
        }(),
        kPatienceMs * slowness());
}

void TestRecommendations::cleanupTestCase()
{
    m_process.kill();
    m_process.waitForFinished();
}

v1::ListBoughtTogetherResponse TestRecommendations::ask(
    const std::vector<std::string>& skus, int size)
{
    v1::ListBoughtTogetherRequest request;
    request.mutable_skus()->Assign(skus.begin(), skus.end());
    request.set_page_size(size);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (!m_traceparent.empty())
        context.AddMetadata("traceparent", m_traceparent);
    v1::ListBoughtTogetherResponse response;
    m_status = m_stub->ListBoughtTogether(&context, request, &response);
    return response;
}

QStringList TestRecommendations::skus(const std::vector<std::string>& asked)
{
    QStringList found;
    for (const auto response = ask(asked); const auto& item : response.items())
        found << QString::fromStdString(item.sku());
    return found;
}

void TestRecommendations::saysWhatIsBoughtTogether()
{
    const auto answer = ask({"tea"});
    QVERIFY2(m_status.ok(), m_status.error_message().c_str());
    QCOMPARE(answer.orders_learnt(), 6); // Without what was rejected or cancelled.
    QVERIFY(answer.has_learnt_until());
    QCOMPARE(answer.items_size(), 2);
    // Both three times with it; sugar is never without it.
    QCOMPARE(answer.items(0).sku(), std::string("sugar"));
    QCOMPARE(answer.items(0).orders(), 3);
    QVERIFY(qAbs(answer.items(0).score() - 3 / std::sqrt(4.0 * 3)) < 1e-9);
    QCOMPARE(answer.items(1).sku(), std::string("milk"));
    QVERIFY(qAbs(answer.items(1).score() - 3 / std::sqrt(4.0 * 4)) < 1e-9);
    // Of a cart: what is in it is not recommended; once together is chance.
    QCOMPARE(skus({"tea", "milk"}), QStringList{u"sugar"_s});
    QCOMPARE(skus({"bread"}), QStringList());
    QCOMPARE(skus({"nothing of the kind"}), QStringList());
    QCOMPARE(ask({"tea"}, 1).items_size(), 1);
}

void TestRecommendations::learnsFromNewOrders()
{
    m_orders.add("20", {"kettle", "mug"});
    m_orders.add("21", {"kettle", "mug"});
    QTRY_COMPARE_WITH_TIMEOUT(skus({"kettle"}), QStringList{u"mug"_s}, kPatienceMs * slowness());
}

void TestRecommendations::forgetsWhatWasUndone()
{
    m_orders.add("30", {"cup", "saucer"});
    m_orders.add("31", {"cup", "saucer"});
    QTRY_COMPARE_WITH_TIMEOUT(skus({"cup"}), QStringList{u"saucer"_s}, kPatienceMs * slowness());
    m_orders.add("31", {"cup", "saucer"}, orders::ORDER_STATE_CANCELLED);
    QTRY_COMPARE_WITH_TIMEOUT(skus({"cup"}), QStringList(), kPatienceMs * slowness());
}

void TestRecommendations::refuses_data()
{
    QTest::addColumn<QStringList>("asked");
    QTest::addColumn<int>("size");
    QTest::addColumn<QString>("field");
    QTest::newRow("nothing") << QStringList() << 0 << "skus";
    QTest::newRow("too many") << QStringList(51, u"tea"_s) << 0 << "skus";
    QTest::newRow("an empty one") << QStringList{u"tea"_s, u""_s} << 0 << "skus[1]";
    QTest::newRow("a long one") << QStringList{QString(65, u'x')} << 0 << "skus[0]";
    QTest::newRow("less than nothing") << QStringList{u"tea"_s} << -1 << "page_size";
    QTest::newRow("more than there may be") << QStringList{u"tea"_s} << 101 << "page_size";
}

void TestRecommendations::refuses()
{
    QFETCH(QStringList, asked);
    QFETCH(int, size);
    QFETCH(QString, field);
    std::vector<std::string> given;
    for (const auto& sku : asked)
        given.push_back(sku.toStdString());
    ask(given, size);
    QCOMPARE(m_status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    google::rpc::Status status;
    QVERIFY(status.ParseFromString(m_status.error_details()));
    google::rpc::BadRequest detail;
    QVERIFY(status.details_size() == 1 && status.details(0).UnpackTo(&detail));
    QCOMPARE(QString::fromStdString(detail.field_violations(0).field()), field);
}

void TestRecommendations::brokenBytesAreTheCallersFault()
{
    grpc::GenericStub stub(m_channel);
    for (const std::string bytes : {"\x0a\x02\xff\xfe", "\x0a\x7f", "no message at all"}) {
        grpc::ClientContext context;
        grpc::CompletionQueue queue;
        const grpc::Slice slice(bytes);
        const auto call = stub.PrepareUnaryCall(&context,
            "/shopfleet.recommendations.v1.Recommendations/ListBoughtTogether",
            grpc::ByteBuffer(&slice, 1), &queue);
        call->StartCall();
        grpc::ByteBuffer response;
        grpc::Status status;
        call->Finish(&response, &status, this);
        void* tag = nullptr;
        bool ok = false;
        QVERIFY(queue.Next(&tag, &ok));
        QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    }
}

void TestRecommendations::isCounted()
{
    ask({"tea"});
    const auto colon = m_metrics.rfind(':');
    QTcpSocket socket;
    socket.connectToHost(QString::fromStdString(m_metrics.substr(0, colon)),
        quint16(std::stoi(m_metrics.substr(colon + 1))));
    QVERIFY(socket.waitForConnected());
    socket.write("GET /metrics HTTP/1.0\r\n\r\n");
    QByteArray body;
    while (socket.waitForReadyRead(2'000))
        body += socket.readAll();
    const QByteArray labels = "grpc_method=\"ListBoughtTogether\",grpc_service="
                              "\"shopfleet.recommendations.v1.Recommendations\"";
    QVERIFY2(body.contains("grpc_server_handled_total{grpc_code=\"OK\"," + labels + "}"),
        body.constData());
    QVERIFY(body.contains("grpc_code=\"INVALID_ARGUMENT\""));
    QVERIFY(body.contains("grpc_server_handling_seconds_bucket{"));
    QVERIFY(body.contains("grpc_server_in_flight{"));
}

void TestRecommendations::isTraced()
{
    m_traceparent = "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01";
    ask({"tea"});
    m_traceparent.clear();
    QTRY_VERIFY_WITH_TIMEOUT(!m_traces.spans().empty(), kPatienceMs * slowness());
    const auto spans = m_traces.spans();
    QCOMPARE(spans.size(), 1U); // What nobody asked to be kept is not sent.
    QCOMPARE(QByteArray::fromStdString(spans[0].trace_id()).toHex(),
        QByteArray("0102030405060708090a0b0c0d0e0f10"));
    QCOMPARE(QByteArray::fromStdString(spans[0].parent_span_id()).toHex(),
        QByteArray("1112131415161718"));
    QCOMPARE(spans[0].kind(), otlp::Span::SPAN_KIND_SERVER);
}

void TestRecommendations::refusesBadFlags_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("unknown") << QStringList{u"--lisen"_s, u"x"_s} << 2 << QByteArray("--lisen");
    QTest::newRow("half a flag") << QStringList{u"--lis"_s, u"x"_s} << 2 << QByteArray("--lis");
    QTest::newRow("no port") << QStringList{u"--listen"_s, u"here"_s} << 2
                             << QByteArray("--listen");
    QTest::newRow("level") << QStringList{u"--log-level"_s, u"loud"_s} << 2
                           << QByteArray("--log-level");
    QTest::newRow("peer") << QStringList{u"--peer"_s, u"orders="_s} << 2 << QByteArray("--peer");
    QTest::newRow("share") << QStringList{u"--fail"_s, u"*=2"_s} << 2 << QByteArray("--fail");
    QTest::newRow("target") << QStringList{u"--target"_s, u"xds:///"_s} << 2
                            << QByteArray("--target");
    QTest::newRow("help") << QStringList{u"--help"_s} << 0 << QByteArray("--announce");
    QTest::newRow("version") << QStringList{u"--version"_s} << 0 << QByteArray("0.");
}

void TestRecommendations::refusesBadFlags()
{
    QFETCH(QStringList, flags);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(PROGRAMS "/recommendationsd"), flags);
    QVERIFY(process.waitForFinished(kPatienceMs * slowness()));
    QCOMPARE(process.exitCode(), code);
    const auto output = process.readAll();
    QVERIFY2(output.contains(says), output.constData());
    QVERIFY(!output.contains("Traceback"));
}

/// It serves with what it has learnt, which is nothing, and says so; once there are orders it
/// learns.
void TestRecommendations::goesOnWithoutOrders()
{
    auto orders = std::make_unique<Peer>(m_orders);
    const int port = orders->port;
    orders.reset();
    QProcess process;
    const auto announcement = m_folder.filePath(u"second.json"_s);
    start(process, announcement, port);
    const auto before = std::exchange(m_stub, stubOf(announcement));
    const auto answer = ask({"tea"});
    QVERIFY2(m_status.ok(), m_status.error_message().c_str());
    QCOMPARE(answer.orders_learnt(), 0);
    QVERIFY(!answer.has_learnt_until());

    grpc::ServerBuilder builder;
    builder.AddListeningPort(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials());
    builder.RegisterService(&m_orders);
    const auto server = builder.BuildAndStart();
    QVERIFY(server);
    QTRY_VERIFY_WITH_TIMEOUT(ask({"tea"}).orders_learnt() > 0, kPatienceMs * slowness());
    process.kill();
    process.waitForFinished();
    server->Shutdown(std::chrono::system_clock::now());
}

void TestRecommendations::drains()
{
    QProcess process;
    const auto announcement = m_folder.filePath(u"third.json"_s);
    start(process, announcement, m_ordersPeer->port);
    process.terminate();
    QVERIFY(process.waitForFinished(kPatienceMs * slowness()));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    for (const auto& line : process.readAllStandardOutput().split('\n'))
        QVERIFY(line.isEmpty() || nlohmann::json::parse(line.toStdString()).contains("msg"));
}

QTEST_GUILESS_MAIN(TestRecommendations)
#include "tst_recommendations.moc"
