// SPDX-License-Identifier: GPL-3.0-or-later
// A service in another language is started, found, scaled, rolled out, watched and replaced like
// all others, with nothing of ours in it but the contracts.
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/recommendations/v1/recommendations.grpc.pb.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"
#include "tests/slowness.h"
#include "tests/system/realfleet.h"
#include "tests/system/shoppers.h"

#include <QJsonArray>
#include <QTcpSocket>

#include <map>
#include <set>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace orders = shopfleet::orders::v1;
namespace recommendations = shopfleet::recommendations::v1;

namespace {

constexpr const char* kService = "recommendations";

/// Asks what is bought with something, over and over, as a shop's page would.
class Askers {
public:
    Askers(std::string sku)
        : m_sku(std::move(sku))
        , m_stub(recommendations::Recommendations::NewStub(
              grpc::CreateChannel("xds:///recommendations", grpc::InsecureChannelCredentials())))
        , m_thread([this] { run(); })
    {
    }
    ~Askers() { stop(); }

    void stop()
    {
        m_stop = true;
        if (m_thread.joinable())
            m_thread.join();
    }

    std::atomic<int> good = 0, failed = 0, empty = 0;
    std::string firstError; ///< To be read after stop().

private:
    void run()
    {
        while (!m_stop) {
            grpc::ClientContext context;
            context.set_deadline(std::chrono::system_clock::now() + 3s);
            recommendations::ListBoughtTogetherRequest request;
            request.add_skus(m_sku);
            recommendations::ListBoughtTogetherResponse response;
            const auto status = m_stub->ListBoughtTogether(&context, request, &response);
            if (!status.ok() && failed == 0)
                firstError = status.error_message();
            ++(!status.ok() ? failed : response.items().empty() ? empty : good);
            std::this_thread::sleep_for(5ms);
        }
    }

    const std::string m_sku;
    std::unique_ptr<recommendations::Recommendations::Stub> m_stub;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

} // namespace

class TestForeign : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void learnsFromTheStore();
    void goesThroughWhatTheOthersDo();
    void isWatchedLikeTheOthers();
    void theStoreGoesOnWithoutIt();

private:
    QByteArray get(const QString& path);
    std::vector<orders::Order> sales();

    RealFleet m_fleet;
    std::string m_sku; ///< The one that is bought most.
    int m_requests = 0;
};

void TestForeign::initTestCase()
{
    m_fleet.gateway = u"127.0.0.1:%1"_s.arg(freePort());
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 30'000 * slowness()));
    QProcess import;
    import.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {u"import"_s, u"online-retail"_s,
            QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz"),
            u"--control"_s, QString::fromStdString(m_fleet.address())});
    QVERIFY(import.waitForFinished(60'000));
    QCOMPARE(import.exitCode(), 0);
}

QByteArray TestForeign::get(const QString& path)
{
    QTcpSocket socket;
    const auto address = m_fleet.gateway.split(u':');
    socket.connectToHost(address[0], quint16(address[1].toInt()));
    if (!socket.waitForConnected())
        return "no connection";
    socket.write("GET " + path.toUtf8() + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
    QByteArray answer;
    while (socket.waitForReadyRead(5'000))
        answer += socket.readAll();
    return answer;
}

std::vector<orders::Order> TestForeign::sales()
{
    const auto stub = orders::Orders::NewStub(
        grpc::CreateChannel("xds:///orders", grpc::InsecureChannelCredentials()));
    std::vector<orders::Order> sales;
    orders::ListOrdersRequest request;
    request.set_page_size(1'000);
    request.set_view(orders::ORDER_VIEW_FULL);
    do {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 10s);
        orders::ListOrdersResponse response;
        if (!stub->ListOrders(&context, request, &response).ok())
            return {};
        for (const auto& order : response.orders())
            if (order.kind() == orders::ORDER_KIND_SALE
                && order.state() != orders::ORDER_STATE_CANCELLED
                && order.state() != orders::ORDER_STATE_REJECTED)
                sales.push_back(order);
        request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return sales;
}

/// The import comes over the stream of orders; what it says is what the orders say.
void TestForeign::learnsFromTheStore()
{
    const auto all = sales();
    QVERIFY(all.size() > 500);
    std::map<std::string, std::set<std::string>> ordersOf;
    for (const auto& order : all) {
        std::set<std::string> skus; // The first so many of an order count.
        for (const auto& line : order.lines())
            if (line.kind() == orders::LINE_KIND_PRODUCT && skus.size() < 60)
                skus.insert(line.sku());
        for (const auto& sku : skus)
            ordersOf[sku].insert(order.id());
    }
    m_sku = std::ranges::max_element(ordersOf, {}, [](const auto& one) {
        return one.second.size();
    })->first;
    const auto learnt = [&] {
        const auto answer = get(u"/v1/recommendations?skus="_s + QString::fromStdString(m_sku));
        const auto body = QJsonDocument::fromJson(answer.mid(answer.indexOf("\r\n\r\n") + 4));
        return body.object();
    };
    QTRY_COMPARE_WITH_TIMEOUT(learnt()[u"ordersLearnt"_s].toString().toInt(),
        static_cast<int>(all.size()), 20'000 * slowness());
    const auto items = learnt()[u"items"_s].toArray();
    QCOMPARE(items.size(), 10);
    for (const auto& item : items) {
        const auto sku = item.toObject()[u"sku"_s].toString().toStdString();
        const auto together = std::ranges::count_if(ordersOf[sku],
            [&](const std::string& order) { return ordersOf[m_sku].contains(order); });
        QCOMPARE(item.toObject()[u"orders"_s].toString().toInt(), static_cast<int>(together));
    }
    const auto refused = get(u"/v1/recommendations?skus="_s + QString(65, u'x'));
    QVERIFY2(refused.startsWith("HTTP/1.1 400"), refused.constData());
    QVERIFY(refused.contains("skus[0]"));
}

void TestForeign::goesThroughWhatTheOthersDo()
{
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves(kService, 1), 10'000 * slowness());
    Askers askers(m_sku);
    QVERIFY(m_fleet.scale(kService, 3));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves(kService, 3), 30'000 * slowness());

    // Another release of the same program: with other flags.
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    v1::StartRolloutRequest request;
    request.set_request_id("rollout-" + std::to_string(++m_requests));
    auto& target = *request.add_targets();
    target.set_service(kService);
    (*target.mutable_arguments())["orders"] = "5000";
    // And where it always is, for callers who are not told: its replicas share it.
    const auto fixed = "127.0.0.1:" + std::to_string(freePort());
    (*target.mutable_arguments())["also-listen"] = fixed;
    request.mutable_watch_for()->set_seconds(1);
    v1::Rollout rollout;
    const auto status = m_fleet.control->StartRollout(&context, request, &rollout);
    QVERIFY2(status.ok(), status.error_message().c_str());
    const auto now = [&] {
        grpc::ClientContext again;
        v1::GetRolloutRequest get;
        get.set_id(rollout.id());
        v1::Rollout found;
        m_fleet.control->GetRollout(&again, get, &found);
        return found;
    };
    QTRY_VERIFY_WITH_TIMEOUT(now().has_ended_at(), 60'000 * slowness());
    QCOMPARE(now().state(), v1::ROLLOUT_STATE_SUCCEEDED);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves(kService, 3), 30'000 * slowness());
    QCOMPARE(askers.failed, 0);
    for (int i = 0; i < 20; ++i) { // Each by a connection of its own.
        grpc::ChannelArguments alone;
        alone.SetInt("grpc.use_local_subchannel_pool", 1);
        const auto stub = recommendations::Recommendations::NewStub(
            grpc::CreateCustomChannel(fixed, grpc::InsecureChannelCredentials(), alone));
        grpc::ClientContext call;
        call.set_deadline(std::chrono::system_clock::now() + 5s);
        recommendations::ListBoughtTogetherRequest asked;
        asked.add_skus(m_sku);
        recommendations::ListBoughtTogetherResponse response;
        const auto answer = stub->ListBoughtTogether(&call, asked, &response);
        QVERIFY2(answer.ok() && !response.items().empty(), answer.error_message().c_str());
    }

    const auto killed = m_fleet.kill(kService);
    QVERIFY(killed > 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves(kService, 3, killed), 30'000 * slowness());
    QVERIFY(m_fleet.scale(kService, 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves(kService, 1), 30'000 * slowness());
    askers.stop();
    qInfo("%d answers, %d empty, %d failed", askers.good.load(), askers.empty.load(),
        askers.failed.load());
    QVERIFY2(askers.failed == 0, askers.firstError.c_str());
    QCOMPARE(askers.empty, 0); // Whoever serves has learnt.
    QVERIFY(askers.good > 100);

    // A control plane that comes later knows it again.
    const auto before = m_fleet.service(kService).replicas(0).pid();
    m_fleet.killControl();
    QVERIFY(m_fleet.start());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves(kService, 1), 20'000 * slowness());
    QCOMPARE(m_fleet.service(kService).replicas(0).pid(), before);
}

void TestForeign::isWatchedLikeTheOthers()
{
    // In the middle of the answers of all others it is one of them.
    QTRY_VERIFY_WITH_TIMEOUT((get(u"/v1/recommendations?skus="_s + QString::fromStdString(m_sku)),
                                 m_fleet.service(kService).figures().has_requests()),
        20'000 * slowness());
    const auto traces = shopfleet::traces::v1::Traces::NewStub(
        grpc::CreateChannel("xds:///traces", grpc::InsecureChannelCredentials()));
    const auto found = [&] {
        get(u"/v1/recommendations?skus="_s + QString::fromStdString(m_sku));
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 5s);
        shopfleet::traces::v1::SearchTracesRequest request;
        request.set_filter("service = recommendations AND service = gateway");
        shopfleet::traces::v1::SearchTracesResponse response;
        traces->SearchTraces(&context, request, &response);
        return response;
    };
    QTRY_VERIFY_WITH_TIMEOUT(found().total_size() > 0, 20'000 * slowness());
    QCOMPARE(found().traces(0).root(), std::string("gateway: GET /v1/recommendations"));
    grpc::ClientContext context;
    v1::GetLogsRequest logs;
    logs.set_service(kService);
    v1::GetLogsResponse lines;
    QVERIFY(m_fleet.control->GetLogs(&context, logs, &lines).ok());
    QVERIFY(std::ranges::any_of(lines.lines(), [](const v1::LogLine& line) {
        return line.message().find("learnt from") != std::string::npos && line.has_at();
    }));
}

void TestForeign::theStoreGoesOnWithoutIt()
{
    Shoppers shoppers(m_fleet.gateway.toStdString(), 60);
    for (int i = 0; i < 15; ++i) {
        m_fleet.kill(kService);
        QTest::qWait(200);
    }
    const auto bought = shoppers.finish();
    QVERIFY(bought[u"requests"_s].toInt() > 100);
    QCOMPARE(bought[u"failed"_s].toInt(), 0);
    const auto refused = get(u"/v1/recommendations?skus="_s + QString::fromStdString(m_sku));
    QVERIFY2(refused.startsWith("HTTP/1.1 503") || refused.startsWith("HTTP/1.1 200"),
        refused.constData());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 60'000 * slowness());
}

QTEST_GUILESS_MAIN(TestForeign)
#include "tst_foreign.moc"
