// SPDX-License-Identifier: GPL-3.0-or-later
// New versions of the real services while shoppers buy: nobody notices, not even when the control
// plane is killed in the middle; and one that is worse goes again.
#include "tests/system/realfleet.h"
#include "tests/system/shoppers.h"

#include <filesystem>
#include <fstream>
#include <set>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestDeploys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyServiceUnderLoad();
    void controlPlaneIsKilledInEachPhase();
    void controlPlaneIsKilledWhileScaling();
    void controlPlaneIsKilledAsAPolicyDecides();
    void checkoutsThatFailAreNoticed();

private:
    int processes(const std::string& service) const;
    int scalings(const std::string& filter);
    v1::Rollout start(v1::StartRolloutRequest request);
    v1::Rollout rollout(const std::string& id);
    bool ends(const std::string& id, v1::RolloutState state, int ms);
    bool isIn(const std::string& id, v1::RolloutPhase phase);
    v1::StartRolloutRequest to(const std::string& version, const QStringList& services);
    QByteArray ctl(const QStringList& arguments);
    static void check(const QJsonObject& shopping);

    RealFleet m_fleet;
    QStringList m_services;
    int m_requests = 0;
};

void TestDeploys::initTestCase()
{
    // All replicas of the gateway share it.
    m_fleet.gateway = u"127.0.0.1:%1"_s.arg(freePort());
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    for (const auto all = m_fleet.fleet(); const auto& service : all.services())
        m_services << QString::fromStdString(service.name());
    ctl({u"import"_s, u"online-retail"_s,
        QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz")});

    const auto folder = m_fleet.path() + u"/next"_s;
    std::filesystem::create_directories(folder.toStdString());
    for (const auto& service : std::as_const(m_services))
        std::filesystem::copy(PROGRAMS "/" + service.toStdString() + "d",
            (folder + u'/' + service + u'd').toStdString());
    ctl({u"release"_s, u"next"_s, folder});
}

QByteArray TestDeploys::ctl(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        arguments + QStringList{u"--control"_s, QString::fromStdString(m_fleet.address())});
    process.waitForFinished(60'000);
    if (process.exitCode() != 0)
        qWarning("%s", process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

v1::StartRolloutRequest TestDeploys::to(const std::string& version, const QStringList& services)
{
    v1::StartRolloutRequest request;
    for (const auto& service : services) {
        auto& target = *request.add_targets();
        target.set_service(service.toStdString());
        target.set_version(version);
    }
    request.mutable_watch_for()->set_seconds(1);
    return request;
}

v1::Rollout TestDeploys::start(v1::StartRolloutRequest request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    request.set_request_id("rollout-" + std::to_string(++m_requests));
    v1::Rollout rollout;
    const auto status = m_fleet.control->StartRollout(&context, request, &rollout);
    if (!status.ok())
        qWarning("%s", status.error_message().c_str());
    return rollout;
}

v1::Rollout TestDeploys::rollout(const std::string& id)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    v1::GetRolloutRequest request;
    request.set_id(id);
    v1::Rollout rollout;
    m_fleet.control->GetRollout(&context, request, &rollout);
    return rollout;
}

bool TestDeploys::ends(const std::string& id, v1::RolloutState state, int ms)
{
    const bool ended = QTest::qWaitFor([&] { return rollout(id).has_ended_at(); }, ms);
    const auto now = rollout(id);
    if (!ended || now.state() != state)
        qWarning("%s", now.DebugString().c_str());
    return ended && now.state() == state;
}

bool TestDeploys::isIn(const std::string& id, v1::RolloutPhase phase)
{
    return QTest::qWaitFor(
        [&] {
            const auto now = rollout(id);
            return now.targets_size() > 0 && now.targets(0).phase() == phase;
        },
        20'000);
}

void TestDeploys::check(const QJsonObject& shopping)
{
    const auto requests = shopping[u"requests"_s].toInt();
    qInfo("%d requests, %d orders, %d failed", requests, shopping[u"orders_placed"_s].toInt(),
        shopping[u"failed"_s].toInt());
    QVERIFY(requests > 500);
    QVERIFY(shopping[u"orders_placed"_s].toInt() > 20);
    QCOMPARE(shopping[u"failed"_s].toInt(), 0);
}

void TestDeploys::everyServiceUnderLoad()
{
    Shoppers shoppers(m_fleet.fleet().gateway_address(), 150);
    QTest::qWait(1'000);
    const auto all = start(to("next", m_services));
    QVERIFY(ends(all.id(), v1::ROLLOUT_STATE_SUCCEEDED, 60'000));
    for (const auto fleet = m_fleet.fleet(); const auto& service : fleet.services())
        for (const auto& replica : service.replicas())
            QCOMPARE(replica.version(), "next");
    // And each on its own way back.
    for (const auto& service : std::as_const(m_services)) {
        const auto back = ctl({u"rollback"_s, service, u"--wait"_s});
        QVERIFY2(back.contains("SUCCEEDED"), back.constData());
    }
    check(shoppers.finish());
}

void TestDeploys::controlPlaneIsKilledInEachPhase()
{
    QVERIFY(m_fleet.scale("orders", 3));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 3), 10'000);
    Shoppers shoppers(m_fleet.fleet().gateway_address(), 100);
    QTest::qWait(1'000);
    auto request = to("next", {u"orders"_s});
    auto& step = *request.add_steps();
    step.set_weight(30);
    step.mutable_hold()->set_seconds(2);
    request.mutable_watch_for()->set_seconds(3);
    const auto forth = start(request).id();
    const auto killIn = [&](v1::RolloutPhase phase) {
        if (!isIn(forth, phase))
            return false;
        m_fleet.killControl();
        return m_fleet.start();
    };
    for (const auto phase :
        {v1::ROLLOUT_PHASE_CANARY, v1::ROLLOUT_PHASE_ROLLING, v1::ROLLOUT_PHASE_WATCHED})
        QVERIFY(killIn(phase));
    QVERIFY(ends(forth, v1::ROLLOUT_STATE_SUCCEEDED, 30'000));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 3), 10'000);
    std::set<std::int64_t> pids;
    for (const auto view = m_fleet.service("orders"); const auto& replica : view.replicas()) {
        QCOMPARE(replica.version(), "next");
        pids.insert(replica.pid());
    }
    QCOMPARE(pids.size(), 3U);

    // On the way back as well.
    request.mutable_targets(0)->set_version(SHOPFLEET_VERSION);
    request.mutable_steps(0)->mutable_hold()->set_seconds(600);
    const auto back = start(request).id();
    QVERIFY(isIn(back, v1::ROLLOUT_PHASE_CANARY));
    ctl({u"rollout"_s, u"abort"_s, QString::fromStdString(back)});
    m_fleet.killControl();
    QVERIFY(m_fleet.start());
    QVERIFY(ends(back, v1::ROLLOUT_STATE_ROLLED_BACK, 20'000));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 3), 10'000);
    for (const auto view = m_fleet.service("orders"); const auto& replica : view.replicas())
        QCOMPARE(replica.version(), "next");
    check(shoppers.finish());
    QVERIFY(m_fleet.scale("orders", 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 1), 10'000);
}

/// How many there really are, whatever the control plane believes.
int TestDeploys::processes(const std::string& service) const
{
    const std::string data = m_fleet.path().toStdString() + "/data/" + service;
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "cmdline", std::ios::binary);
        const std::string line(std::istreambuf_iterator<char>(file), {});
        const auto at = line.find(data);
        count += at != std::string::npos && line.find("--replica") != std::string::npos
                && (line[at + data.size()] == '\0' || line[at + data.size()] == '/')
            ? 1
            : 0;
    }
    return count;
}

int TestDeploys::scalings(const std::string& filter)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    v1::ListEventsRequest request;
    request.set_filter("kind = service.scaled AND " + filter);
    v1::ListEventsResponse response;
    m_fleet.control->ListEvents(&context, request, &response);
    return static_cast<int>(response.total_size());
}

/// At moments all over it: what was asked for is there in the end, and once.
void TestDeploys::controlPlaneIsKilledWhileScaling()
{
    Shoppers shoppers(m_fleet.fleet().gateway_address(), 200);
    QTest::qWait(1'000);
    for (const int wait : {0, 15, 60, 250}) {
        for (const int replicas : {4, 1}) {
            QVERIFY(m_fleet.scale("inventory", replicas));
            QTest::qWait(wait);
            m_fleet.killControl();
            QVERIFY(m_fleet.start());
            QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("inventory", replicas), 20'000);
            QTRY_COMPARE_WITH_TIMEOUT(processes("inventory"), replicas, 10'000);
        }
    }
    const auto shopping = shoppers.finish();
    QVERIFY(shopping[u"requests"_s].toInt() > 300);
    QCOMPARE(shopping[u"failed"_s].toInt(), 0);
}

void TestDeploys::controlPlaneIsKilledAsAPolicyDecides()
{
    ctl({u"autoscale"_s, u"cart"_s, u"--rps"_s, u"20"_s, u"--min"_s, u"1"_s, u"--max"_s, u"3"_s,
        u"--up"_s, u"1"_s, u"--down"_s, u"2"_s});
    const std::string byPolicy = "service = cart AND actor = policy";
    auto shoppers = std::make_unique<Shoppers>(m_fleet.fleet().gateway_address(), 150);
    // The first decision to grow, and the first to shrink, each with nobody there the next moment.
    QTRY_VERIFY_WITH_TIMEOUT(scalings(byPolicy) > 0, 20'000);
    m_fleet.killControl();
    QVERIFY(m_fleet.start());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("cart", 3), 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(processes("cart"), 3, 10'000);
    const int before = scalings(byPolicy);
    const auto shopping = shoppers->finish();
    QCOMPARE(shopping[u"failed"_s].toInt(), 0);
    shoppers.reset();
    QTRY_VERIFY_WITH_TIMEOUT(scalings(byPolicy) > before, 30'000);
    m_fleet.killControl();
    QVERIFY(m_fleet.start());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("cart", 1), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(processes("cart"), 1, 10'000);
    ctl({u"autoscale"_s, u"cart"_s, u"--off"_s});
}

void TestDeploys::checkoutsThatFailAreNoticed()
{
    Shoppers shoppers(m_fleet.fleet().gateway_address(), 150);
    QTest::qWait(3'000);
    auto request = to("", {u"orders"_s});
    (*request.mutable_targets(0)->mutable_arguments())["fail"] = "PlaceOrder=0.2";
    request.mutable_watch_for()->set_seconds(60);
    QElapsedTimer timer;
    timer.start();
    const auto id = start(request).id();
    QVERIFY(ends(id, v1::ROLLOUT_STATE_ROLLED_BACK, 30'000));
    const auto ended = rollout(id);
    qInfo("after %lld ms: %s", timer.elapsed(), ended.outcome().c_str());
    QVERIFY(ended.outcome().find("checkouts") != std::string::npos);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 1), 10'000);
    QCOMPARE(m_fleet.service("orders").version(), "next");
    const auto shopping = shoppers.finish();
    const auto failed = shopping[u"failed"_s].toInt();
    qInfo("%d of %d requests failed", failed, shopping[u"requests"_s].toInt());
    // A fifth of the checkouts of a few seconds, and nothing of it before or after.
    QVERIFY(failed > 0 && failed < shopping[u"requests"_s].toInt() / 20);
}

QTEST_GUILESS_MAIN(TestDeploys)
#include "tst_deploys.moc"
