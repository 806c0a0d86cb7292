// SPDX-License-Identifier: GPL-3.0-or-later
// Real processes: toyd, the smallest of services.
#include "services/control/localruntime.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>

using namespace shopfleet::control;
using namespace std::chrono_literals;

namespace {

struct Seen final : Runtime::Observer {
    void onAnnounced(const std::string& id, const Announcement& announcement) override
    {
        announced[id] = announcement;
    }
    void onExited(const std::string& id, const std::string& how, bool) override
    {
        exited[id] = how;
    }

    std::map<std::string, Announcement> announced;
    std::map<std::string, std::string> exited;
};

} // namespace

class TestLocalRuntime : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void startsAndAnnounces();
    void saysHowItEnded_data();
    void saysHowItEnded();
    void missingProgram();
    void nothingIsStartedTwice();
    void nextOneAdopts();
    void pidOfSomebodyElseIsNotAdopted();
    void stopIsAskedFirstAndThenForced();
    void outlivesItsControlPlane();
    void secretsOfOursAreNotPassedOn();

private:
    std::unique_ptr<LocalRuntime> make();
    static ReplicaSpec toy(const std::string& id, std::vector<std::string> arguments = {});
    bool until(const std::function<bool()>& condition);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<EventLoop> m_loop;
    std::unique_ptr<LocalRuntime> m_runtime;
    Seen m_seen;
};

void TestLocalRuntime::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_loop = std::make_unique<EventLoop>();
    m_seen = Seen();
    m_runtime = make();
}

void TestLocalRuntime::cleanup()
{
    for (const auto* id : {"toy-1", "toy-2"})
        m_runtime->kill(id);
    until([&] { return !m_runtime->running("toy-1") && !m_runtime->running("toy-2"); });
    m_runtime.reset();
}

std::unique_ptr<LocalRuntime> TestLocalRuntime::make()
{
    const auto path = m_folder->path().toStdString();
    for (const auto* folder : {"/run", "/logs"})
        std::filesystem::create_directories(path + folder);
    auto runtime = std::make_unique<LocalRuntime>(
        *m_loop, LocalRuntime::Folders{path + "/run", path + "/logs", path, PROGRAMS});
    runtime->setObserver(&m_seen);
    return runtime;
}

ReplicaSpec TestLocalRuntime::toy(const std::string& id, std::vector<std::string> arguments)
{
    return {id, "toy", "toyd", std::move(arguments), {{"SHOPFLEET_CONTROL", "x:1"}}};
}

bool TestLocalRuntime::until(const std::function<bool()>& condition)
{
    const auto end = EventLoop::Clock::now() + 5s;
    bool held = false;
    std::function<void()> check = [&] {
        held = condition();
        if (held || EventLoop::Clock::now() > end)
            m_loop->stop();
        else
            m_loop->after(2ms, check);
    };
    m_loop->after(0ms, check);
    m_loop->run();
    return held;
}

void TestLocalRuntime::startsAndAnnounces()
{
    QVERIFY(m_runtime->start(toy("toy-1")).ok());
    QVERIFY(until([&] { return m_seen.announced.contains("toy-1"); }));
    QVERIFY(m_seen.announced["toy-1"].address.starts_with("127.0.0.1:"));
    const auto usage = m_runtime->usage("toy-1");
    QVERIFY(usage && usage->residentBytes > 1'000'000 && !usage->stopped);
    const auto age = std::chrono::system_clock::now() - m_runtime->running("toy-1")->startedAt;
    QVERIFY(age > -1s && age < 10s);
    ::kill(m_runtime->running("toy-1")->pid, SIGSTOP);
    QVERIFY(until([&] { return m_runtime->usage("toy-1")->stopped; }));
}

void TestLocalRuntime::saysHowItEnded_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("signal");
    QTest::addColumn<QByteArray>("how");

    QTest::newRow("exit code") << 3 << 0 << QByteArray("exit code 3");
    QTest::newRow("well") << 0 << 0 << QByteArray("exit code 0");
    QTest::newRow("killed") << -1 << SIGKILL << QByteArray("signal 9 (Killed)");
    QTest::newRow("crashed") << -1 << SIGABRT << QByteArray("signal 6 (Aborted)");
}

void TestLocalRuntime::saysHowItEnded()
{
    QFETCH(int, code);
    QFETCH(int, signal);
    const auto arguments = code < 0 ? std::vector<std::string>()
                                    : std::vector<std::string>{"--exit", std::to_string(code)};
    QVERIFY(m_runtime->start(toy("toy-1", arguments)).ok());
    if (signal != 0) {
        QVERIFY(until([&] { return m_seen.announced.contains("toy-1"); }));
        ::kill(m_runtime->running("toy-1")->pid, signal);
    }
    QVERIFY(until([&] { return m_seen.exited.contains("toy-1"); }));
    QTEST(QByteArray(m_seen.exited["toy-1"].c_str()), "how");
    QVERIFY(!m_runtime->running("toy-1"));
}

void TestLocalRuntime::missingProgram()
{
    auto spec = toy("toy-1");
    spec.program = "no-such-program";
    const auto status = m_runtime->start(spec);
    QVERIFY(absl::IsNotFound(status));
    QVERIFY(std::string(status.message()).find("no-such-program") != std::string::npos);
    QVERIFY2(m_runtime->start(toy("toy-1")).ok(), "a failed start must not keep the lock");
}

void TestLocalRuntime::nothingIsStartedTwice()
{
    QVERIFY(m_runtime->start(toy("toy-1")).ok());
    QVERIFY(!m_runtime->start(toy("toy-1")).ok());
    // Another control plane that knows nothing of it, even before the program has begun.
    const auto other = make();
    const auto status = other->start(toy("toy-1"));
    QCOMPARE(status.code(), absl::StatusCode::kFailedPrecondition);
    QVERIFY(other->start(toy("toy-2")).ok());
    other->kill("toy-2");
    QVERIFY(until([&] { return !other->running("toy-2"); }));
}

void TestLocalRuntime::nextOneAdopts()
{
    auto spec = toy("toy-1");
    spec.revision = "1.2+5d41402a";
    QVERIFY(m_runtime->start(spec).ok());
    QVERIFY(until([&] { return m_seen.announced.contains("toy-1"); }));
    const auto pid = m_runtime->running("toy-1")->pid;
    m_seen.announced.clear();

    m_runtime = make();
    const auto adopted = m_runtime->adopt();
    QCOMPARE(adopted.size(), 1U);
    QCOMPARE(adopted[0].id, "toy-1");
    QCOMPARE(adopted[0].pid, pid);
    QCOMPARE(adopted[0].revision, "1.2+5d41402a");
    QVERIFY(until([&] { return m_seen.announced.contains("toy-1"); }));
    ::kill(pid, SIGKILL);
    QVERIFY(until([&] { return m_seen.exited.contains("toy-1"); }));
    QVERIFY(m_runtime->start(toy("toy-1")).ok());
}

void TestLocalRuntime::pidOfSomebodyElseIsNotAdopted()
{
    // Left by a process that has ended; its number belongs to us now.
    std::ofstream((m_folder->path() + QStringLiteral("/run/toy-1.lock")).toStdString())
        << getpid() << "\n";
    QVERIFY(m_runtime->adopt().empty());
}

void TestLocalRuntime::stopIsAskedFirstAndThenForced()
{
    QVERIFY(m_runtime->start(toy("toy-1")).ok());
    QVERIFY(m_runtime->start(toy("toy-2")).ok());
    QVERIFY(until([&] { return m_seen.announced.size() == 2; }));
    m_runtime->stop("toy-1", 5s);
    QVERIFY(until([&] { return m_seen.exited.contains("toy-1"); }));
    QCOMPARE(m_seen.exited["toy-1"], "exit code 0");
    ::kill(m_runtime->running("toy-2")->pid, SIGSTOP); // It cannot do what it is asked.
    m_runtime->stop("toy-2", 0ms);
    QVERIFY(until([&] { return m_seen.exited.contains("toy-2"); }));
    QCOMPARE(m_seen.exited["toy-2"], "signal 9 (Killed)");
}

void TestLocalRuntime::outlivesItsControlPlane()
{
    QVERIFY(m_runtime->start(toy("toy-1")).ok());
    QVERIFY(until([&] { return m_seen.announced.contains("toy-1"); }));
    const auto pid = m_runtime->running("toy-1")->pid;
    m_runtime.reset();
    QCOMPARE(::kill(pid, 0), 0);
    QVERIFY2(getsid(pid) == pid, "a session of its own: our terminal's Ctrl-C does not reach it");
    m_runtime = make();
    QCOMPARE(m_runtime->adopt().size(), 1U);
}

void TestLocalRuntime::secretsOfOursAreNotPassedOn()
{
    qputenv("SHOPFLEET_LISTEN", "127.0.0.1:1");
    QVERIFY(m_runtime->start(toy("toy-1")).ok());
    QVERIFY(until([&] { return m_seen.announced.contains("toy-1"); }));
    std::ifstream file("/proc/" + std::to_string(m_runtime->running("toy-1")->pid) + "/environ");
    const std::string environment(std::istreambuf_iterator<char>(file), {});
    QVERIFY(environment.find("SHOPFLEET_CONTROL=x:1") != std::string::npos);
    QVERIFY(environment.find("SHOPFLEET_LISTEN") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestLocalRuntime)
#include "tst_localruntime.moc"
