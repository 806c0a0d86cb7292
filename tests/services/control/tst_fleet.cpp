// SPDX-License-Identifier: GPL-3.0-or-later
// The reconcile loop on its own: replicas and probes are made up here.
#include "tests/services/control/fakes.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace shopfleet::control;
using namespace std::chrono_literals;

class TestFleet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void startsWhatIsDesired();
    void firstDeathIsRepairedAtOnce();
    void crashLoopBacksOff();
    void missingProgramIsDownAndSaysWhy();
    void scalesUpAndDown();
    void writerGoesLast();
    void refusesToScale_data();
    void refusesToScale();
    void sickReplicaLeavesTheBalance();
    void lastOneStaysThoughSick();
    void sickWriterStillWrites();
    void asksAnewWhenTheWriterIsGone();
    void frozenOneIsTakenOutAndReplaced();
    void exhaustedOneIsReplacedOnceItIsSilent();
    void noWriterIsDegraded();
    void restartOfTheOnlyOneStartsAnotherFirst();
    void restartOfOneOfTwoKeepsItsName();
    void adoptsInsteadOfStarting();
    void clientsWaitUntilTheAdoptedHaveAnswered();
    void closesTheDoorsFirst();

private:
    void begin(int replicas, bool database = true);
    bool until(const std::function<bool()>& condition) { return runUntil(*m_loop, condition); }
    void serve(const std::string& id);
    v1::Service service() { return *m_fleet->service("orders"); }
    v1::Replica replica(const std::string& id);
    std::set<std::string> balanced();
    absl::Status scale(int replicas);

    std::unique_ptr<EventLoop> m_loop;
    std::unique_ptr<FakeRuntime> m_runtime;
    std::unique_ptr<FakeProbes> m_probes;
    std::unique_ptr<Seen> m_seen;
    std::unique_ptr<Fleet> m_fleet;
};

void TestFleet::init()
{
    m_fleet.reset();
    m_loop = std::make_unique<EventLoop>();
    m_runtime = std::make_unique<FakeRuntime>();
    m_probes = std::make_unique<FakeProbes>();
    m_seen = std::make_unique<Seen>();
    m_fleet = std::make_unique<Fleet>(*m_loop, *m_runtime, *m_probes, *m_seen);
}

void TestFleet::begin(int replicas, bool database)
{
    ServiceSpec spec;
    spec.name = "orders";
    spec.program = "ordersd";
    spec.max = 4;
    spec.database = database;
    m_fleet->addService(spec, replicas, {"1", {}, {}});
    m_fleet->adopt();
    m_fleet->begin();
}

void TestFleet::serve(const std::string& id)
{
    m_runtime->announce(id);
    m_probes->observer->onProbed(id, "");
}

v1::Replica TestFleet::replica(const std::string& id)
{
    const auto view = service();
    const auto found = std::ranges::find(view.replicas(), id, &v1::Replica::id);
    return found == view.replicas().end() ? v1::Replica() : *found;
}

std::set<std::string> TestFleet::balanced()
{
    std::set<std::string> ids;
    const auto view = service();
    for (const auto& endpoint : m_seen->endpoints.at(0).endpoints) {
        for (const auto& each : view.replicas()) {
            if (each.address() == endpoint.address && !endpoint.leaving)
                ids.insert(each.id());
        }
    }
    return ids;
}

absl::Status TestFleet::scale(int replicas)
{
    v1::ScaleServiceRequest request;
    request.set_service("orders");
    request.set_replicas(replicas);
    return m_fleet->scale(request, {"staff:test", "a test"});
}

void TestFleet::startsWhatIsDesired()
{
    begin(2);
    QCOMPARE(m_runtime->starts, 2);
    QCOMPARE(service().state(), v1::STATE_STARTING);
    serve("orders-1");
    m_probes->observer->onWriter("orders-1", true);
    serve("orders-2");
    QCOMPARE(service().state(), v1::STATE_HEALTHY);
    QVERIFY(until([&] { return balanced() == std::set<std::string>{"orders-1", "orders-2"}; }));
    QVERIFY(m_seen->endpoints.at(0).endpoints.at(0).writer);
}

void TestFleet::firstDeathIsRepairedAtOnce()
{
    begin(1);
    serve("orders-1");
    m_runtime->exit("orders-1");
    QCOMPARE(m_runtime->starts, 2);
    QCOMPARE(replica("orders-1").restarts(), 1);
    QCOMPARE(replica("orders-1").last_exit(), "signal 9 (Killed)");
    QVERIFY(!m_probes->probed.contains("orders-1"));
    QVERIFY(until([&] { return balanced().empty(); }));
    serve("orders-1");
    QVERIFY(until([&] { return balanced().size() == 1; }));
}

void TestFleet::crashLoopBacksOff()
{
    begin(1);
    m_runtime->exit("orders-1"); // Without ever having served.
    QCOMPARE(m_runtime->starts, 2);
    m_runtime->exit("orders-1");
    QCOMPARE(m_runtime->starts, 2);
    QCOMPARE(service().state(), v1::STATE_DOWN);
    QVERIFY2(replica("orders-1")
                 .reason()
                 .starts_with("crash loop: signal 9 (Killed), next start in 0.4 s"),
        replica("orders-1").reason().c_str());
    QVERIFY(replica("orders-1").has_next_start_at());
    QVERIFY(until([&] { return m_runtime->starts == 3; }));
    m_runtime->exit("orders-1");
    QVERIFY(replica("orders-1").reason().find("0.8 s") != std::string::npos);
}

void TestFleet::missingProgramIsDownAndSaysWhy()
{
    m_runtime->missing = true;
    begin(1);
    QCOMPARE(service().state(), v1::STATE_DOWN);
    QVERIFY(service().reason().starts_with("cannot run it"));
    m_runtime->missing = false;
    QVERIFY(until([&] { return replica("orders-1").pid() != 0; }));
}

void TestFleet::scalesUpAndDown()
{
    begin(1);
    serve("orders-1");
    m_probes->observer->onWriter("orders-1", true);
    QVERIFY(scale(3).ok());
    QCOMPARE(m_seen->desired, 3);
    QCOMPARE(service().replicas_size(), 3);
    serve("orders-2");
    serve("orders-3");
    QVERIFY(until([&] { return balanced().size() == 3; }));

    QVERIFY(scale(2).ok());
    QCOMPARE(replica("orders-3").state(), v1::STATE_DRAINING);
    // First out of the balance, and only then told to stop.
    QVERIFY(until([&] { return balanced() == std::set<std::string>{"orders-1", "orders-2"}; }));
    QVERIFY(m_runtime->stopped.empty());
    QVERIFY(until([&] { return m_runtime->stopped.size() == 1; }));
    m_runtime->exit("orders-3");
    QCOMPARE(service().replicas_size(), 2);
    QCOMPARE(service().state(), v1::STATE_HEALTHY);
    const auto scaled = std::ranges::find(m_seen->events, "service.scaled", &v1::Event::kind);
    QCOMPARE(scaled->actor().id(), "staff:test");
    QCOMPARE(scaled->reason(), "a test");
}

void TestFleet::writerGoesLast()
{
    begin(3);
    for (const auto* id : {"orders-1", "orders-2", "orders-3"})
        serve(id);
    m_probes->observer->onWriter("orders-3", true);
    QVERIFY(scale(1).ok());
    QCOMPARE(replica("orders-3").state(), v1::STATE_HEALTHY);
    QCOMPARE(replica("orders-1").state(), v1::STATE_DRAINING);
    QCOMPARE(replica("orders-2").state(), v1::STATE_DRAINING);
}

void TestFleet::refusesToScale_data()
{
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<int>("replicas");
    QTest::addColumn<QByteArray>("etag");
    QTest::addColumn<int>("code");

    const auto row = [](const char* name, const char* service, int replicas, const char* etag,
                         absl::StatusCode code) {
        QTest::newRow(name) << QByteArray(service) << replicas << QByteArray(etag)
                            << static_cast<int>(code);
    };
    row("unknown service", "cart", 1, "", absl::StatusCode::kNotFound);
    row("below min", "orders", 0, "", absl::StatusCode::kInvalidArgument);
    row("negative", "orders", -1, "", absl::StatusCode::kInvalidArgument);
    row("above max", "orders", 5, "", absl::StatusCode::kInvalidArgument);
    row("stale etag", "orders", 2, "7", absl::StatusCode::kAborted);
    row("good etag", "orders", 2, "0", absl::StatusCode::kOk);
}

void TestFleet::refusesToScale()
{
    QFETCH(QByteArray, service);
    QFETCH(int, replicas);
    QFETCH(QByteArray, etag);
    begin(1);
    v1::ScaleServiceRequest request;
    request.set_service(service.toStdString());
    request.set_replicas(replicas);
    request.set_etag(etag.toStdString());
    const auto status = m_fleet->scale(request, {});
    QTEST(static_cast<int>(status.code()), "code");
    QCOMPARE(m_fleet->service("orders")->desired_replicas(), status.ok() ? replicas : 1);
}

void TestFleet::sickReplicaLeavesTheBalance()
{
    begin(2);
    serve("orders-1");
    serve("orders-2");
    m_probes->observer->onWriter("orders-1", true);
    QVERIFY(until([&] { return balanced().size() == 2; }));
    m_probes->observer->onProbed("orders-2", "no answer");
    QCOMPARE(replica("orders-2").state(), v1::STATE_DEGRADED);
    QCOMPARE(service().state(), v1::STATE_DEGRADED);
    QVERIFY(until([&] { return balanced() == std::set<std::string>{"orders-1"}; }));
    m_probes->observer->onProbed("orders-2", "");
    QVERIFY(until([&] { return balanced().size() == 2; }));
    QCOMPARE(service().state(), v1::STATE_HEALTHY);
}

void TestFleet::lastOneStaysThoughSick()
{
    begin(1);
    serve("orders-1");
    m_probes->observer->onProbed("orders-1", "no answer");
    QVERIFY(until([&] { return balanced().size() == 1; }));
    QCOMPARE(service().state(), v1::STATE_DEGRADED);
}

/// It holds the lock: without it nobody could write at all. Reads go elsewhere.
void TestFleet::sickWriterStillWrites()
{
    begin(2);
    serve("orders-1");
    serve("orders-2");
    m_probes->observer->onWriter("orders-1", true);
    QVERIFY(until([&] { return balanced().size() == 2; }));
    m_probes->observer->onProbed("orders-1", "no answer");
    QVERIFY(until([&] { return balanced() == std::set<std::string>{"orders-2"}; }));
    const auto& endpoints = m_seen->endpoints.at(0).endpoints;
    const auto writer = std::ranges::find(endpoints, true, &Endpoint::writer);
    QVERIFY(writer != endpoints.end());
    QCOMPARE(writer->address, replica("orders-1").address());
    QVERIFY(writer->leaving); // For writes alone.
    // Frozen it does not even do that.
    m_runtime->frozen.insert("orders-1");
    QVERIFY(until([&] { return m_seen->endpoints.at(0).endpoints.size() == 1; }));
}

/// Two writers in a row, and the first one's word comes last.
void TestFleet::asksAnewWhenTheWriterIsGone()
{
    begin(3);
    for (const auto* id : {"orders-1", "orders-2", "orders-3"})
        serve(id);
    m_probes->observer->onWriter("orders-2", true);
    m_probes->observer->onWriter("orders-1", true); // Was before, and is about to be gone.
    const int before = m_probes->begun["orders-2"];
    m_runtime->exit("orders-1");
    QCOMPARE(m_probes->begun["orders-2"], before + 1);
    QVERIFY(m_probes->begun["orders-3"] > 1);
    m_probes->observer->onWriter("orders-2", true); // As it is asked.
    QVERIFY(replica("orders-2").is_writer());
    // The end of one that does not write is nobody's business.
    const int after = m_probes->begun["orders-2"];
    m_runtime->exit("orders-3");
    QCOMPARE(m_probes->begun["orders-2"], after);
}

void TestFleet::frozenOneIsTakenOutAndReplaced()
{
    begin(2);
    serve("orders-1");
    serve("orders-2");
    QVERIFY(until([&] { return balanced().size() == 2; }));
    m_runtime->frozen.insert("orders-1");
    QVERIFY(until([&] { return balanced() == std::set<std::string>{"orders-2"}; }));
    QVERIFY(until([&] { return m_runtime->killed.contains("orders-1"); }));
}

void TestFleet::exhaustedOneIsReplacedOnceItIsSilent()
{
    begin(2);
    serve("orders-1");
    serve("orders-2");
    m_runtime->exhausted = {"orders-1", "orders-2"}; // For a moment: both still answer.
    QVERIFY(!until([&] { return !m_runtime->killed.empty(); }));
    m_probes->observer->onProbed("orders-1", "no answer");
    QVERIFY(until([&] { return m_runtime->killed.contains("orders-1"); }));
    QVERIFY(!m_runtime->killed.contains("orders-2"));
}

void TestFleet::noWriterIsDegraded()
{
    begin(2);
    serve("orders-1");
    serve("orders-2");
    QCOMPARE(service().state(), v1::STATE_STARTING);
    m_probes->observer->onWriter("orders-1", true);
    QCOMPARE(service().state(), v1::STATE_HEALTHY);
    m_probes->observer->onWriter("orders-1", false);
    QCOMPARE(service().state(), v1::STATE_DEGRADED);
    m_probes->observer->onWriter("orders-2", true);
    QVERIFY(replica("orders-2").is_writer() && !replica("orders-1").is_writer());
    QCOMPARE(service().state(), v1::STATE_HEALTHY);
}

void TestFleet::restartOfTheOnlyOneStartsAnotherFirst()
{
    begin(1);
    serve("orders-1");
    QVERIFY(m_fleet->restart("orders", "orders-1", 10s, {}).ok());
    QCOMPARE(m_runtime->starts, 2);
    QCOMPARE(replica("orders-1").state(), v1::STATE_HEALTHY);
    serve("orders-2");
    QCOMPARE(replica("orders-1").state(), v1::STATE_DRAINING);
    QVERIFY(until([&] { return m_runtime->stopped.size() == 1; }));
    m_runtime->exit("orders-1");
    QCOMPARE(service().replicas_size(), 1);
    QCOMPARE(m_runtime->starts, 2);
}

void TestFleet::restartOfOneOfTwoKeepsItsName()
{
    begin(2);
    serve("orders-1");
    serve("orders-2");
    QVERIFY(m_fleet->restart("orders", "", 10s, {}).ok());
    QCOMPARE(replica("orders-1").state(), v1::STATE_DRAINING);
    QCOMPARE(replica("orders-2").state(), v1::STATE_HEALTHY); // Its turn comes later.
    QVERIFY(until([&] { return m_runtime->stopped.size() == 1; }));
    m_runtime->exit("orders-1");
    QCOMPARE(m_runtime->starts, 3);
    QCOMPARE(replica("orders-2").state(), v1::STATE_HEALTHY);
    serve("orders-1");
    QCOMPARE(replica("orders-2").state(), v1::STATE_DRAINING);
    QCOMPARE(m_fleet->restart("orders", "orders-9", 10s, {}).code(), absl::StatusCode::kNotFound);
}

void TestFleet::adoptsInsteadOfStarting()
{
    m_runtime->adopted = {{"orders-2", 77, {}}, {"gone-1", 78, {}}};
    m_runtime->pids["orders-2"] = 77;
    begin(2);
    QCOMPARE(m_runtime->starts, 1);
    QCOMPARE(replica("orders-2").pid(), 77);
    QVERIFY(replica("orders-2").adopted());
    QCOMPARE(replica("orders-2").state(), v1::STATE_UNKNOWN);
    // Of a service that the fleet file no longer names.
    QCOMPARE(m_runtime->stopped, std::vector<std::string>{"gone-1"});
}

void TestFleet::clientsWaitUntilTheAdoptedHaveAnswered()
{
    m_runtime->adopted = {{"orders-1", 77, {}}};
    m_runtime->pids["orders-1"] = 77;
    begin(1);
    QVERIFY2(m_seen->endpoints.empty(), "an empty answer would cut clients off from what runs");
    serve("orders-1");
    QVERIFY(until([&] { return !m_seen->endpoints.empty(); }));
    QCOMPARE(balanced().size(), 1U);
}

void TestFleet::closesTheDoorsFirst()
{
    begin(2);
    ServiceSpec gateway;
    gateway.name = "gateway";
    gateway.http = true;
    m_fleet->addService(gateway, 1, {"1", {}, {}});
    v1::ScaleServiceRequest request;
    request.set_service("gateway");
    request.set_replicas(2);
    QVERIFY(m_fleet->scale(request, {}).ok());
    bool stopped = false;
    m_fleet->shutDown([&] { stopped = true; });
    QCOMPARE(m_runtime->stopped, (std::vector<std::string>{"gateway-1", "gateway-2"}));
    m_runtime->exit("gateway-1");
    m_runtime->exit("gateway-2");
    QCOMPARE(m_runtime->stopped.size(), 4U);
    m_runtime->exit("orders-1");
    QVERIFY(!stopped);
    m_runtime->exit("orders-2");
    QVERIFY(stopped);
    QCOMPARE(m_runtime->starts, 4);
}

QTEST_GUILESS_MAIN(TestFleet)
#include "tst_fleet.moc"
