// SPDX-License-Identifier: GPL-3.0-or-later
// How a rollout goes on when replicas come, miss a probe, and go: they are made up here.
#include "services/control/rollouts.h"
#include "tests/services/control/fakes.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace shopfleet::control;
using namespace std::chrono_literals;

namespace {

struct Told final : Rollouts::Listener {
    void onRollout() override { }
    void onEvent(v1::Event event) override { events.push_back(std::move(event)); }
    absl::Status onStable(const std::string&, const Revision& revision) override
    {
        stable = revision.label();
        return absl::OkStatus();
    }

    std::vector<v1::Event> events;
    std::string stable;
};

} // namespace

class TestRolloutSteps : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void startsOneAtATime();
    void missedProbesStartNothing();
    void scalingInTheMiddle();
    void goesBackWithAsManyAsAreWanted();

private:
    bool until(const std::function<bool()>& condition) { return runUntil(*m_loop, condition); }
    void settle(); // Long enough for several looks.
    void serve(const std::string& id)
    {
        m_runtime->announce(id), m_probes->observer->onProbed(id, "");
    }
    /// What was told to stop has ended.
    void stopped(const std::string& id);
    std::string start(int surge);
    std::vector<std::string> running(const std::string& version);

    QTemporaryDir m_folder;
    std::unique_ptr<EventLoop> m_loop;
    std::unique_ptr<FakeRuntime> m_runtime;
    std::unique_ptr<FakeProbes> m_probes;
    std::unique_ptr<Seen> m_seen;
    std::unique_ptr<Fleet> m_fleet;
    std::unique_ptr<Releases> m_releases;
    std::unique_ptr<Archive> m_archive;
    std::unique_ptr<Telemetry> m_telemetry;
    std::unique_ptr<Told> m_told;
    std::unique_ptr<Rollouts> m_rollouts;
    int m_run = 0;
};

void TestRolloutSteps::init()
{
    m_rollouts.reset();
    m_telemetry.reset();
    m_archive.reset();
    m_fleet.reset();
    m_loop = std::make_unique<EventLoop>();
    m_runtime = std::make_unique<FakeRuntime>();
    m_probes = std::make_unique<FakeProbes>();
    m_seen = std::make_unique<Seen>();
    m_fleet = std::make_unique<Fleet>(*m_loop, *m_runtime, *m_probes, *m_seen);
    const auto folder = m_folder.path().toStdString() + "/" + std::to_string(++m_run);
    v1::Release builtIn;
    builtIn.set_version("1");
    builtIn.set_directory(PROGRAMS);
    m_releases = std::make_unique<Releases>(folder, builtIn, std::vector<std::string>{"toyd"});
    m_archive = std::make_unique<Archive>(m_folder.path().toStdString());
    m_telemetry = std::make_unique<Telemetry>(*m_loop, *m_runtime, *m_fleet, *m_archive, [] {});
    m_told = std::make_unique<Told>();
    m_rollouts = std::make_unique<Rollouts>(
        *m_loop, *m_fleet, *m_releases, *m_telemetry, *m_told, folder + "/rollouts.jsonl");
    ServiceSpec spec;
    spec.name = "orders";
    spec.program = "toyd";
    spec.max = 6;
    spec.database = true;
    m_fleet->addService(spec, 3, {"1", {}, {}});
    m_fleet->adopt();
    m_rollouts->begin();
    m_fleet->begin();
    for (const auto* id : {"orders-1", "orders-2", "orders-3"})
        serve(id);
    m_probes->observer->onWriter("orders-1", true);
}

void TestRolloutSteps::settle()
{
    m_loop->after(350ms, [this] { m_loop->stop(); });
    m_loop->run();
}

void TestRolloutSteps::stopped(const std::string& id)
{
    QVERIFY2(until([&] {
        return std::ranges::find(m_runtime->stopped, id) != m_runtime->stopped.end();
    }),
        id.c_str());
    std::erase(m_runtime->stopped, id);
    m_runtime->exit(id);
}

std::string TestRolloutSteps::start(int surge)
{
    v1::StartRolloutRequest request;
    auto& target = *request.add_targets();
    target.set_service("orders");
    (*target.mutable_arguments())["log-level"] = "debug";
    request.set_surge(surge);
    request.mutable_watch_for();
    const auto rollout = m_rollouts->start(request, {});
    return rollout.ok() ? rollout->id() : std::string(rollout.status().message());
}

/// Those whose version begins so.
std::vector<std::string> TestRolloutSteps::running(const std::string& version)
{
    std::vector<std::string> ids;
    for (const auto view = m_fleet->service("orders"); const auto& replica : view->replicas()) {
        const bool fresh = replica.version().find('+') != std::string::npos;
        if (fresh == (version == "new"))
            ids.push_back(replica.id());
    }
    return ids;
}

void TestRolloutSteps::startsOneAtATime()
{
    const auto id = start(1);
    QCOMPARE(running("new").size(), 1U);
    QCOMPARE(m_runtime->starts, 4);
    settle();
    QCOMPARE(m_runtime->starts, 4); // Until it serves nobody goes.
    QVERIFY(m_runtime->stopped.empty());
    serve(running("new").at(0));
    stopped("orders-3"); // The youngest, not the writer.
    QVERIFY(until([&] { return running("new").size() == 2; }));
    serve(running("new").at(0));
    serve(running("new").at(1));
    stopped("orders-2");
    QVERIFY(until([&] { return running("new").size() == 3; }));
    for (const auto& fresh : running("new"))
        serve(fresh);
    stopped("orders-1");
    QVERIFY(until([&] { return m_rollouts->find(id)->has_ended_at(); }));
    QCOMPARE(m_rollouts->find(id)->state(), v1::ROLLOUT_STATE_SUCCEEDED);
    QCOMPARE(m_told->stable, m_fleet->service("orders")->version());
    QCOMPARE(m_runtime->starts, 6);
}

void TestRolloutSteps::missedProbesStartNothing()
{
    start(1);
    const auto fresh = running("new").at(0);
    serve(fresh);
    stopped("orders-3");
    QVERIFY(until([&] { return running("new").size() == 2; }));
    const int before = m_runtime->starts;
    for (int i = 0; i < 4; ++i) {
        m_probes->observer->onProbed(fresh, "no answer to a new connection");
        m_probes->observer->onProbed("orders-1", "no answer to a new connection");
        settle();
        serve(fresh);
        serve("orders-1");
        settle();
    }
    QCOMPARE(m_runtime->starts, before);
    QVERIFY(m_runtime->stopped.empty());
}

void TestRolloutSteps::scalingInTheMiddle()
{
    start(1);
    serve(running("new").at(0));
    stopped("orders-3");
    v1::ScaleServiceRequest scale;
    scale.set_service("orders");
    scale.set_replicas(5);
    QVERIFY(m_fleet->scale(scale, {}).ok());
    QVERIFY(until([&] { return running("new").size() + running("old").size() >= 5; }));
    settle();
    QCOMPARE(running("old").size(), 2U); // What is more is new.
}

void TestRolloutSteps::goesBackWithAsManyAsAreWanted()
{
    const auto id = start(1);
    const auto fresh = running("new").at(0);
    serve(fresh);
    stopped("orders-3");
    QVERIFY(m_rollouts->abort(id, {"staff:test", "not today"}).ok());
    QVERIFY(until([&] { return running("old").size() == 3; }));
    settle();
    QVERIFY(m_runtime->stopped.empty() || m_runtime->stopped.at(0) != fresh);
    serve("orders-3");
    stopped(fresh);
    for (const auto& other : running("new"))
        stopped(other);
    QVERIFY(until([&] { return m_rollouts->find(id)->has_ended_at(); }));
    QCOMPARE(m_rollouts->find(id)->state(), v1::ROLLOUT_STATE_ROLLED_BACK);
    QCOMPARE(running("old").size(), 3U);
}

QTEST_GUILESS_MAIN(TestRolloutSteps)
#include "tst_rolloutsteps.moc"
