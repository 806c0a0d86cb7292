// SPDX-License-Identifier: GPL-3.0-or-later
// What the fleet has to survive: each service's sudden death, its control plane's, and scaling
// under load.
#include "tests/system/realfleet.h"

#include <arpa/inet.h>
#include <csignal>
#include <filesystem>
#include <netinet/in.h>
#include <set>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace std::chrono_literals;

class TestSurvival : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void onlyReplicaDies_data();
    void onlyReplicaDies();
    void oneOfTwoDies();
    void frozenReplica();
    void toldToStopByAStranger();
    void outOfDescriptors();
    void scalesUnderLoad();
    void controlPlaneDies();
    void secondControlPlaneIsRefused();
    void stopsEverything();

private:
    RealFleet m_fleet;
};

void TestSurvival::initTestCase()
{
    QElapsedTimer timer;
    timer.start();
    QVERIFY(m_fleet.start());
    const bool all = QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000);
    QVERIFY2(all, m_fleet.fleet().ShortDebugString().c_str());
    qInfo("whole fleet up after %lld ms", timer.elapsed());
}

void TestSurvival::onlyReplicaDies_data()
{
    QTest::addColumn<QByteArray>("service");
    for (const auto* service :
        {"accounts", "inventory", "cart", "orders", "payments", "deliveries", "gateway"})
        QTest::newRow(service) << QByteArray(service);
}

void TestSurvival::onlyReplicaDies()
{
    QFETCH(QByteArray, service);
    const auto name = service.toStdString();
    Reads reads(name);
    QTRY_VERIFY(reads.good > 10);
    const auto pid = m_fleet.service(name).replicas(0).pid();
    QElapsedTimer timer;
    timer.start();
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    QTRY_VERIFY(m_fleet.serves(name, 1, pid));
    const int before = reads.good;
    QTRY_VERIFY(reads.good > before);
    qInfo("%s serves again after %lld ms, %d reads failed", service.constData(), timer.elapsed(),
        reads.failed.load());
    QVERIFY(timer.elapsed() < 2'000);
}

void TestSurvival::oneOfTwoDies()
{
    QVERIFY(m_fleet.scale("inventory", 2));
    QTRY_VERIFY(m_fleet.serves("inventory", 2));
    Reads reads("inventory");
    QTRY_VERIFY(reads.good > 50);
    for (const int index : {0, 1}) {
        const auto pid = m_fleet.service("inventory").replicas(index).pid();
        ::kill(static_cast<pid_t>(pid), SIGKILL);
        QTRY_VERIFY(m_fleet.serves("inventory", 2, pid));
        const int before = reads.good;
        QTRY_VERIFY(reads.good > before + 50);
    }
    QVERIFY2(reads.failed == 0, reads.firstError.c_str());
}

void TestSurvival::frozenReplica()
{
    QTRY_VERIFY(m_fleet.serves("inventory", 2));
    const auto view = m_fleet.service("inventory");
    const auto& frozen = view.replicas(view.replicas(0).is_writer() ? 1 : 0);
    ::kill(static_cast<pid_t>(frozen.pid()), SIGSTOP);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.service("inventory").state() == v1::STATE_DEGRADED, 1'500);
    // Whoever comes now does not meet it.
    Reads reads("inventory");
    QTRY_VERIFY(reads.good > 50);
    QVERIFY2(reads.failed == 0, reads.firstError.c_str());
    QTRY_VERIFY(m_fleet.serves("inventory", 2));
}

/// F2: SIGTERM without the control plane's drain, nine times, as an administrator's kill does.
void TestSurvival::toldToStopByAStranger()
{
    QVERIFY(m_fleet.scale("inventory", 2));
    QTRY_VERIFY(m_fleet.serves("inventory", 2));
    Reads reads("inventory");
    QTRY_VERIFY(reads.good > 50);
    for (int i = 0; i < 9; ++i) {
        const auto pid = m_fleet.service("inventory").replicas(i % 2).pid();
        ::kill(static_cast<pid_t>(pid), SIGTERM);
        QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("inventory", 2, pid), 15'000);
        QTest::qWait(1'100); // Who ends before a second is over is taken for a crash loop.
    }
    qInfo("%d of %d reads failed", reads.failed.load(), reads.good + reads.failed);
    QVERIFY2(reads.failed <= 2, reads.firstError.c_str());
}

/// F17: no descriptor is left, so no new connection gets in: gRPC's listener of 1.51 never comes
/// back from that. The probe, which is a new connection each time, notices, the control plane sees
/// why, and the replica is started anew while the strangers still hold their connections.
void TestSurvival::outOfDescriptors()
{
    QVERIFY(m_fleet.scale("inventory", 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("inventory", 1), 15'000);
    const auto replica = m_fleet.service("inventory").replicas(0);
    const auto pid = static_cast<pid_t>(replica.pid());
    namespace fs = std::filesystem;
    const auto open = std::distance(
        fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd"), fs::directory_iterator());
    const rlimit few{static_cast<rlim_t>(open + 4), static_cast<rlim_t>(open + 4)};
    QCOMPARE(::prlimit(pid, RLIMIT_NOFILE, &few, nullptr), 0);

    std::vector<int> strangers;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 64; ++i) {
        const int stranger = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(replica.port()));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ::connect(stranger, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        strangers.push_back(stranger);
    }
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("inventory", 1, pid), 10'000);
    qInfo("serves again after %lld ms", timer.elapsed());
    Reads reads("inventory");
    QTRY_VERIFY(reads.good > 50);
    QVERIFY2(reads.failed == 0, reads.firstError.c_str());
    for (const int stranger : strangers)
        ::close(stranger);
}

void TestSurvival::scalesUnderLoad()
{
    QVERIFY(m_fleet.scale("inventory", 1));
    QTRY_VERIFY(m_fleet.serves("inventory", 1));
    Reads reads("inventory");
    QTRY_VERIFY(reads.good > 50);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(m_fleet.scale("inventory", 4));
    QTRY_VERIFY(m_fleet.serves("inventory", 4));
    qInfo("four replicas serve after %lld ms", timer.elapsed());
    QVERIFY(m_fleet.scale("inventory", 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("inventory", 1), 15'000);
    const int before = reads.good;
    QTRY_VERIFY(reads.good > before + 50);
    QVERIFY2(reads.failed == 0, reads.firstError.c_str());
}

void TestSurvival::controlPlaneDies()
{
    std::set<std::int64_t> before;
    const auto running = m_fleet.fleet();
    for (const auto& service : running.services())
        before.insert(service.replicas(0).pid());
    Reads reads("orders");
    QTRY_VERIFY(reads.good > 10);
    m_fleet.killControl();
    int count = reads.good;
    QTRY_VERIFY(reads.good > count + 50);
    QVERIFY(m_fleet.start());
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 10'000);
    std::set<std::int64_t> after;
    const auto fleet = m_fleet.fleet();
    for (const auto& service : fleet.services()) {
        QCOMPARE(service.replicas_size(), 1);
        QVERIFY(service.replicas(0).adopted());
        after.insert(service.replicas(0).pid());
    }
    QCOMPARE(after, before);
    count = reads.good;
    QTRY_VERIFY(reads.good > count + 50);
    QVERIFY2(reads.failed == 0, reads.firstError.c_str());
    // It looks after what it adopted.
    const auto pid = m_fleet.service("cart").replicas(0).pid();
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    QTRY_VERIFY(m_fleet.serves("cart", 1, pid));
}

void TestSurvival::secondControlPlaneIsRefused()
{
    QProcess second;
    second.start(QStringLiteral(PROGRAMS "/controld"),
        {QStringLiteral("--fleet"), QStringLiteral(SOURCE_ROOT "/resources/fleet.yaml"),
            QStringLiteral("--data"), QString::fromStdString(m_fleet.fleet().data_dir()),
            QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
    QVERIFY(second.waitForFinished());
    QCOMPARE(second.exitCode(), 1);
    QVERIFY(second.readAllStandardError().contains("another control plane"));
}

void TestSurvival::stopsEverything()
{
    std::vector<pid_t> pids;
    const auto fleet = m_fleet.fleet();
    for (const auto& service : fleet.services()) {
        for (const auto& replica : service.replicas())
            pids.push_back(static_cast<pid_t>(replica.pid()));
    }
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(m_fleet.stopControl(), 0);
    qInfo("stopped after %lld ms", timer.elapsed());
    for (const auto pid : pids)
        QTRY_VERIFY(::kill(pid, 0) != 0); // Those that were adopted are the system's to bury.
}

QTEST_GUILESS_MAIN(TestSurvival)
#include "tst_survival.moc"
