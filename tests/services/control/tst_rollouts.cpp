// SPDX-License-Identifier: GPL-3.0-or-later
// Releases of toyd are rolled out by the whole control plane, while somebody calls it all the time.
#include "tests/services/control/toyworld.h"

#include <QtTest>

#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>

using namespace shopfleet::control;
using namespace std::chrono_literals;

class TestRollouts : public QObject, private ToyWorld {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { stop(false); }
    void refusesReleases_data();
    void refusesReleases();
    void releaseIsACopy();
    void refusesRollouts_data();
    void refusesRollouts();
    void replacesEachWithoutALostRequest();
    void isKeptAcrossARestart();
    void oneThatDoesNotStartIsTakenBack();
    void oneThatDiesLaterIsTakenBack();
    void canaryThatFailsIsTakenBack();
    void canaryWaitsForSomebody();
    void callsOff();
    void goesOnAfterARestart();
    void everythingIsThereAgainInTheMiddle_data();
    void everythingIsThereAgainInTheMiddle();
    void argumentsAlone();
    void goesBackByOneCommand();
    void severalInOrderGoBackTogether();
    void watchTells();
    void oneThatIsNeverReadyIsTakenBack();

private:
    void scale(int replicas);
    /// The versions that its replicas run.
    std::set<std::string> versions(const std::string& name = "control");
    bool allRun(const std::string& version, int replicas);
    grpc::Status addRelease(const v1::Release& release, v1::Release* answer);
    grpc::Status begin(const v1::StartRolloutRequest& request, v1::Rollout* rollout);
    v1::StartRolloutRequest to(const std::string& version, int watchMs = 0);
    v1::Rollout rollout(const std::string& id);
    bool ends(const std::string& id, v1::RolloutState state, int ms = 20'000);
    /// A release whose toyd is a script that adds these flags.
    std::string makeRelease(const std::string& version, const std::string& flags);

    std::string m_never; // The rollout whose release is never ready.
};

void TestRollouts::initTestCase()
{
    start();
    QTRY_COMPARE_WITH_TIMEOUT(service().state(), v1::STATE_HEALTHY, 10'000);

    // It takes half a minute until that is certain, so it begins first and is looked at last.
    makeRelease("never", "--never-ready=yes");
    v1::StartRolloutRequest request;
    auto& target = *request.add_targets();
    target.set_service("other");
    target.set_version("never");
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    m_never = rollout.id();
}

std::set<std::string> TestRollouts::versions(const std::string& name)
{
    std::set<std::string> versions;
    const auto view = service(name);
    for (const auto& replica : view.replicas())
        versions.insert(replica.version());
    return versions;
}

bool TestRollouts::allRun(const std::string& version, int replicas)
{
    const auto view = service();
    return view.replicas_size() == replicas
        && std::ranges::all_of(view.replicas(), [&](const v1::Replica& replica) {
               return replica.version() == version && replica.state() == v1::STATE_HEALTHY;
           });
}

void TestRollouts::scale(int replicas)
{
    v1::ScaleServiceRequest request;
    request.set_request_id(nextId());
    request.set_service("control");
    request.set_replicas(replicas);
    v1::Service response;
    QVERIFY(m_stub->ScaleService(context().get(), request, &response).ok());
    QTRY_VERIFY_WITH_TIMEOUT(
        service().replicas_size() == replicas && service().state() == v1::STATE_HEALTHY, 10'000);
}

std::string TestRollouts::makeRelease(const std::string& version, const std::string& flags)
{
    const auto folder = m_folder.path().toStdString() + "/made-" + version;
    std::filesystem::create_directories(folder);
    const auto program = folder + "/toyd";
    std::ofstream(program) << "#!/bin/sh\nexec " PROGRAMS "/toyd \"$@\" " << flags << "\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    v1::Release release;
    release.set_version(version);
    release.set_directory(folder);
    v1::Release answer;
    const auto status = addRelease(release, &answer);
    if (!status.ok())
        qWarning("%s", status.error_message().c_str());
    return answer.directory();
}

grpc::Status TestRollouts::addRelease(const v1::Release& release, v1::Release* answer)
{
    v1::AddReleaseRequest request;
    request.set_request_id(nextId());
    *request.mutable_release() = release;
    return m_stub->AddRelease(context().get(), request, answer);
}

grpc::Status TestRollouts::begin(const v1::StartRolloutRequest& asked, v1::Rollout* rollout)
{
    auto request = asked;
    request.set_request_id(nextId());
    request.set_reason("a test");
    return m_stub->StartRollout(context().get(), request, rollout);
}

v1::StartRolloutRequest TestRollouts::to(const std::string& version, int watchMs)
{
    v1::StartRolloutRequest request;
    auto& target = *request.add_targets();
    target.set_service("control");
    target.set_version(version);
    request.mutable_watch_for()->set_seconds(watchMs / 1'000);
    request.mutable_watch_for()->set_nanos(watchMs % 1'000 * 1'000'000);
    return request;
}

v1::Rollout TestRollouts::rollout(const std::string& id)
{
    v1::GetRolloutRequest request;
    request.set_id(id);
    v1::Rollout response;
    m_stub->GetRollout(context().get(), request, &response);
    return response;
}

bool TestRollouts::ends(const std::string& id, v1::RolloutState state, int ms)
{
    const bool ended = QTest::qWaitFor([&] { return rollout(id).has_ended_at(); }, ms);
    const auto now = rollout(id);
    if (!ended || now.state() != state)
        qWarning("%s: %s", v1::RolloutState_Name(now.state()).c_str(), now.outcome().c_str());
    return ended && now.state() == state;
}

void TestRollouts::refusesReleases_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("directory");
    QTest::addColumn<QByteArray>("field");

    QTest::newRow("no version") << QByteArray() << QByteArray(PROGRAMS)
                                << QByteArray("release.version");
    QTest::newRow("a path as version")
        << QByteArray("../../etc") << QByteArray(PROGRAMS) << QByteArray("release.version");
    QTest::newRow("relative") << QByteArray("7") << QByteArray("bin")
                              << QByteArray("release.directory");
    QTest::newRow("nowhere") << QByteArray("7") << QByteArray("/nowhere")
                             << QByteArray("release.directory");
    QTest::newRow("holds none") << QByteArray("7") << QByteArray("/etc/ssl")
                                << QByteArray("release.directory");
}

void TestRollouts::refusesReleases()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, directory);
    QFETCH(QByteArray, field);
    v1::Release release;
    release.set_version(version.toStdString());
    release.set_directory(directory.toStdString());
    v1::Release answer;
    const auto status = addRelease(release, &answer);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY2(status.error_message().find(field.toStdString()) != std::string::npos,
        status.error_message().c_str());
}

void TestRollouts::releaseIsACopy()
{
    const auto directory = makeRelease("2", "");
    QVERIFY(directory.ends_with("/releases/2"));
    std::filesystem::remove_all(m_folder.path().toStdString() + "/made-2");
    QVERIFY(std::filesystem::exists(directory + "/toyd"));
    v1::Release again;
    again.set_version("2");
    again.set_directory(directory);
    v1::Release answer;
    QCOMPARE(addRelease(again, &answer).error_code(), grpc::StatusCode::ALREADY_EXISTS);
    v1::ListReleasesResponse response;
    QVERIFY(m_stub->ListReleases(context().get(), {}, &response).ok());
    QCOMPARE(response.total_size(), 3); // "never" and the built-in one.
    QCOMPARE(response.releases(0).version(), "2");
    QCOMPARE(response.releases(0).programs_size(), 1);
    QVERIFY(response.releases(2).built_in());
    QCOMPARE(response.releases(2).running_services(0), "control");
    // Copies that were not taken are gone.
    for (const auto& entry :
        std::filesystem::directory_iterator(m_folder.path().toStdString() + "/releases"))
        QVERIFY2(!entry.path().filename().string().starts_with("."), entry.path().c_str());
}

void TestRollouts::refusesRollouts_data()
{
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("argument");
    QTest::addColumn<int>("weight");
    QTest::addColumn<double>("factor");
    QTest::addColumn<QByteArray>("field");

    QTest::newRow("no such service") << QByteArray("x") << QByteArray("2") << QByteArray() << 10
                                     << 0.0 << QByteArray("targets[0].service");
    QTest::newRow("no such release") << QByteArray("control") << QByteArray("3") << QByteArray()
                                     << 10 << 0.0 << QByteArray("targets[0].version");
    QTest::newRow("nothing changes") << QByteArray("control") << QByteArray() << QByteArray() << 10
                                     << 0.0 << QByteArray("targets[0].version");
    QTest::newRow("ours") << QByteArray("control") << QByteArray("2") << QByteArray("listen") << 10
                          << 0.0 << QByteArray("targets[0].arguments");
    QTest::newRow("no flag") << QByteArray("control") << QByteArray("2") << QByteArray("-x y") << 10
                             << 0.0 << QByteArray("targets[0].arguments");
    QTest::newRow("too much") << QByteArray("control") << QByteArray("2") << QByteArray() << 101
                              << 0.0 << QByteArray("steps[0].weight");
    QTest::newRow("no share") << QByteArray("control") << QByteArray("2") << QByteArray() << 0
                              << 0.0 << QByteArray("steps[0].weight");
    QTest::newRow("not a number") << QByteArray("control") << QByteArray("2") << QByteArray() << 10
                                  << std::nan("") << QByteArray("gate.max_p95_factor");
}

void TestRollouts::refusesRollouts()
{
    QFETCH(QByteArray, service);
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, argument);
    QFETCH(int, weight);
    QFETCH(double, factor);
    QFETCH(QByteArray, field);
    auto request = to(version.toStdString());
    request.mutable_targets(0)->set_service(service.toStdString());
    if (!argument.isEmpty())
        (*request.mutable_targets(0)->mutable_arguments())[argument.toStdString()] = "1";
    request.add_steps()->set_weight(weight);
    request.mutable_gate()->set_max_p95_factor(factor);
    v1::Rollout rollout;
    const auto status = begin(request, &rollout);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY2(status.error_message().find(field.toStdString()) != std::string::npos,
        status.error_message().c_str());
}

void TestRollouts::replacesEachWithoutALostRequest()
{
    scale(3);
    const Caller caller;
    QTRY_VERIFY_WITH_TIMEOUT(caller.calls() > 50, 10'000);
    v1::Rollout rollout;
    QVERIFY(begin(to("2", 500), &rollout).ok());
    QCOMPARE(service().rollout_id(), rollout.id());
    // Another one of the same service waits its turn outside.
    v1::Rollout other;
    const auto refused = begin(to("never"), &other);
    QCOMPARE(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_SUCCEEDED));
    QVERIFY(allRun("2", 3));
    QVERIFY(service().rollout_id().empty());
    QCOMPARE(caller.failed(), 0L);
    const auto history = this->rollout(rollout.id());
    QCOMPARE(history.targets(0).from_version(), SHOPFLEET_VERSION);
    QCOMPARE(history.reason(), "a test");
    QVERIFY(history.events_size() >= 4);
    QCOMPARE(history.events(0).kind(), "rollout.started");
    const auto same = begin(to("2"), &other);
    QCOMPARE(same.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
}

void TestRollouts::isKeptAcrossARestart()
{
    std::set<std::int64_t> pids;
    for (const auto view = service(); const auto& replica : view.replicas())
        pids.insert(replica.pid());
    stop();
    start();
    QTRY_VERIFY_WITH_TIMEOUT(allRun("2", 3), 10'000);
    for (const auto view = service(); const auto& replica : view.replicas())
        QVERIFY(pids.contains(replica.pid()));
    // One that ends comes back as what it was.
    ::kill(static_cast<pid_t>(service().replicas(0).pid()), SIGKILL);
    const auto isBack = [&] { // In this order: a process that is gone has no number either.
        const auto pid = service().replicas(0).pid();
        return pid != 0 && !pids.contains(pid) && allRun("2", 3);
    };
    QTRY_VERIFY_WITH_TIMEOUT(isBack(), 10'000);
}

void TestRollouts::oneThatDoesNotStartIsTakenBack()
{
    makeRelease("broken", "--exit=3");
    std::set<std::int64_t> pids;
    for (const auto view = service(); const auto& replica : view.replicas())
        pids.insert(replica.pid());
    const Caller caller;
    v1::Rollout rollout;
    QVERIFY(begin(to("broken"), &rollout).ok());
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_ROLLED_BACK));
    const auto outcome = this->rollout(rollout.id()).outcome();
    QVERIFY2(outcome.find("exit code 3") != std::string::npos, outcome.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(allRun("2", 3), 15'000);
    for (const auto view = service(); const auto& replica : view.replicas())
        QVERIFY2(pids.contains(replica.pid()), "no old one had to go for it");
    QCOMPARE(caller.failed(), 0L);
}

void TestRollouts::oneThatDiesLaterIsTakenBack()
{
    makeRelease("short-lived", "--exit=4 --after-ms=4000");
    v1::Rollout rollout;
    QVERIFY(begin(to("short-lived", 30'000), &rollout).ok());
    QTRY_VERIFY_WITH_TIMEOUT(
        this->rollout(rollout.id()).targets(0).phase() == v1::ROLLOUT_PHASE_WATCHED, 10'000);
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_ROLLED_BACK));
    const auto outcome = this->rollout(rollout.id()).outcome();
    QVERIFY2(outcome.find("exit code 4") != std::string::npos, outcome.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(allRun("2", 3), 15'000);
}

void TestRollouts::canaryThatFailsIsTakenBack()
{
    makeRelease("failing", "--fail-each=5");
    const Caller caller;
    auto request = to("failing");
    auto& step = *request.add_steps();
    step.set_weight(20);
    step.mutable_hold()->set_seconds(60);
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    QTRY_VERIFY_WITH_TIMEOUT(this->rollout(rollout.id()).targets(0).has_step_since(), 10'000);
    int weight = 0;
    for (const auto view = service(); const auto& replica : view.replicas())
        weight += replica.version() == "failing" ? replica.weight() : 0;
    QCOMPARE(weight, 20);
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_ROLLED_BACK, 30'000));
    const auto ended = this->rollout(rollout.id());
    QVERIFY2(
        ended.outcome().find("of its requests fail") != std::string::npos, ended.outcome().c_str());
    const auto& gate = *ended.targets(0).gates().rbegin();
    QVERIFY(!gate.passed());
    QVERIFY(gate.canary().error_ratio() > 0.1 && gate.stable().error_ratio() == 0);
    QTRY_VERIFY_WITH_TIMEOUT(allRun("2", 3), 15'000);
    // A fifth of a fifth of the calls, with room for chance.
    const auto share = static_cast<double>(caller.failed()) / static_cast<double>(caller.calls());
    QVERIFY2(caller.failed() > 0 && share < 0.08, std::to_string(share).c_str());
}

void TestRollouts::canaryWaitsForSomebody()
{
    makeRelease("3", "");
    auto request = to("3");
    auto& first = *request.add_steps();
    first.set_weight(10);
    first.set_pause(true);
    auto& second = *request.add_steps();
    second.set_weight(50);
    second.mutable_hold()->set_seconds(600);
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    const auto id = rollout.id();
    QTRY_COMPARE_WITH_TIMEOUT(this->rollout(id).state(), v1::ROLLOUT_STATE_PAUSED, 10'000);
    QCOMPARE(versions(), (std::set<std::string>{"2", "3"}));
    QCOMPARE(service().replicas_size(), 4); // The stable ones are all there.

    v1::PromoteRolloutRequest promote;
    promote.set_request_id(nextId());
    promote.set_id(id);
    QVERIFY(m_stub->PromoteRollout(context().get(), promote, &rollout).ok());
    QCOMPARE(rollout.targets(0).step(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(service().replicas_size(), 5, 10'000); // Half of three is two.
    promote.set_request_id(nextId());
    promote.set_all(true);
    QVERIFY(m_stub->PromoteRollout(context().get(), promote, &rollout).ok());
    QVERIFY(ends(id, v1::ROLLOUT_STATE_SUCCEEDED));
    QVERIFY(allRun("3", 3));
    QCOMPARE(m_stub->PromoteRollout(context().get(), promote, &rollout).error_code(),
        grpc::StatusCode::OK); // The same request: the same answer.
    promote.set_request_id(nextId());
    QCOMPARE(m_stub->PromoteRollout(context().get(), promote, &rollout).error_code(),
        grpc::StatusCode::FAILED_PRECONDITION);
}

void TestRollouts::callsOff()
{
    auto request = to("2");
    auto& step = *request.add_steps();
    step.set_weight(50);
    step.mutable_hold()->set_seconds(600);
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    QTRY_VERIFY_WITH_TIMEOUT(this->rollout(rollout.id()).targets(0).has_step_since(), 10'000);
    v1::AbortRolloutRequest abort;
    abort.set_request_id(nextId());
    abort.set_id(rollout.id());
    abort.set_reason("not today");
    v1::Rollout answer;
    QVERIFY(m_stub->AbortRollout(context().get(), abort, &answer).ok());
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_ROLLED_BACK));
    QVERIFY(this->rollout(rollout.id()).outcome().find("not today") != std::string::npos);
    QTRY_VERIFY_WITH_TIMEOUT(allRun("3", 3), 15'000);
}

void TestRollouts::goesOnAfterARestart()
{
    auto request = to("2", 2'000);
    auto& step = *request.add_steps();
    step.set_weight(50);
    step.mutable_hold()->set_seconds(2);
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    const auto id = rollout.id();
    const auto inPhase = [&](v1::RolloutPhase phase) {
        return QTest::qWaitFor(
            [&] {
                const auto now = this->rollout(id);
                return now.targets_size() == 1 && now.targets(0).phase() == phase;
            },
            15'000);
    };
    for (const auto phase : {v1::ROLLOUT_PHASE_CANARY, v1::ROLLOUT_PHASE_ROLLING}) {
        QVERIFY(inPhase(phase));
        stop();
        start();
    }
    QVERIFY(ends(id, v1::ROLLOUT_STATE_SUCCEEDED));
    QVERIFY(allRun("2", 3));
    QCOMPARE(service().replicas_size(), 3);
}

void TestRollouts::everythingIsThereAgainInTheMiddle_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<bool>("paused");
    QTest::newRow("canary") << int(v1::ROLLOUT_PHASE_CANARY) << false;
    QTest::newRow("paused canary") << int(v1::ROLLOUT_PHASE_CANARY) << true;
    QTest::newRow("watched") << int(v1::ROLLOUT_PHASE_WATCHED) << false;
    QTest::newRow("paused while watched") << int(v1::ROLLOUT_PHASE_WATCHED) << true;
}

// Somebody switches the store off and on again while a rollout is under way.
void TestRollouts::everythingIsThereAgainInTheMiddle()
{
    QFETCH(int, phase);
    QFETCH(bool, paused);
    auto request = to("3", 600'000);
    if (phase == v1::ROLLOUT_PHASE_CANARY) {
        auto& step = *request.add_steps();
        step.set_weight(30);
        step.mutable_hold()->set_seconds(600);
    }
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    const auto id = rollout.id();
    QTRY_VERIFY_WITH_TIMEOUT(this->rollout(id).targets(0).phase() == phase
            && this->rollout(id).targets(0).has_step_since(),
        15'000);
    if (paused) {
        v1::PauseRolloutRequest pause;
        pause.set_request_id(nextId());
        pause.set_id(id);
        QVERIFY(m_stub->PauseRollout(context().get(), pause, &rollout).ok());
    }
    stop(false);
    start();
    const int all = phase == v1::ROLLOUT_PHASE_CANARY ? 4 : 3;
    QTRY_VERIFY_WITH_TIMEOUT(
        service().replicas_size() == all && service().state() == v1::STATE_HEALTHY, 15'000);
    QVERIFY(versions().contains("3"));
    v1::RollbackServiceRequest back;
    back.set_request_id(nextId());
    back.set_service("control");
    QVERIFY(m_stub->RollbackService(context().get(), back, &rollout).ok());
    QCOMPARE(rollout.id(), id);
    QVERIFY(ends(id, v1::ROLLOUT_STATE_ROLLED_BACK));
    QTRY_VERIFY_WITH_TIMEOUT(allRun("2", 3), 15'000);
}

void TestRollouts::argumentsAlone()
{
    auto request = to("", 200);
    (*request.mutable_targets(0)->mutable_arguments())["log-level"] = "debug";
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_SUCCEEDED));
    const auto version = service().replicas(0).version();
    QVERIFY2(version.starts_with("2+"), version.c_str());
    std::ifstream file("/proc/" + std::to_string(service().replicas(0).pid()) + "/cmdline");
    const std::string line(std::istreambuf_iterator<char>(file), {});
    QVERIFY(line.find("--log-level=debug") != std::string::npos);
}

void TestRollouts::goesBackByOneCommand()
{
    v1::RollbackServiceRequest back;
    back.set_request_id(nextId());
    back.set_service("control");
    v1::Rollout rollout;
    QVERIFY(m_stub->RollbackService(context().get(), back, &rollout).ok());
    QVERIFY(rollout.is_rollback());
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_SUCCEEDED));
    QVERIFY(allRun("2", 3)); // Without the flag.

    // In the middle of another one, and to a version of long ago.
    QVERIFY(begin(to("3", 60'000), &rollout).ok());
    const auto id = rollout.id();
    QTRY_VERIFY_WITH_TIMEOUT(versions().contains("3"), 10'000);
    back.set_request_id(nextId());
    back.set_version(SHOPFLEET_VERSION);
    QVERIFY(m_stub->RollbackService(context().get(), back, &rollout).ok());
    QVERIFY(rollout.id() != id);
    QVERIFY(ends(id, v1::ROLLOUT_STATE_ROLLED_BACK));
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_SUCCEEDED));
    QVERIFY(allRun(SHOPFLEET_VERSION, 3));
    back.set_request_id(nextId());
    QCOMPARE(m_stub->RollbackService(context().get(), back, &rollout).error_code(),
        grpc::StatusCode::FAILED_PRECONDITION);
}

void TestRollouts::oneThatIsNeverReadyIsTakenBack()
{
    QVERIFY(ends(m_never, v1::ROLLOUT_STATE_ROLLED_BACK, 60'000));
    const auto outcome = rollout(m_never).outcome();
    QVERIFY2(outcome.find("did not get ready") != std::string::npos, outcome.c_str());
    QCOMPARE(versions("other"), std::set<std::string>{SHOPFLEET_VERSION});
}

void TestRollouts::severalInOrderGoBackTogether()
{
    QTRY_VERIFY_WITH_TIMEOUT(rollout(m_never).has_ended_at(), 60'000);
    auto request = to("2", 10'000);
    auto& other = *request.add_targets();
    other.set_service("other");
    other.set_version("broken");
    v1::Rollout rollout;
    QVERIFY(begin(request, &rollout).ok());
    QVERIFY(ends(rollout.id(), v1::ROLLOUT_STATE_ROLLED_BACK));
    const auto ended = this->rollout(rollout.id());
    QVERIFY(ended.outcome().find("exit code 3") != std::string::npos);
    for (const auto& target : ended.targets())
        QCOMPARE(target.state(), v1::ROLLOUT_STATE_ROLLED_BACK);
    const auto firstWasThrough = std::ranges::any_of(ended.events(), [](const v1::Event& event) {
        return event.kind() == "rollout.service_rolled" && event.service() == "control";
    });
    QVERIFY(firstWasThrough);
    QTRY_VERIFY_WITH_TIMEOUT(allRun(SHOPFLEET_VERSION, 3), 15'000);
}

void TestRollouts::watchTells()
{
    const auto watching = context();
    v1::WatchRolloutsResponse response;
    const auto stream = m_stub->WatchRollouts(watching.get(), {});
    QVERIFY(stream->Read(&response));
    QVERIFY(response.rollouts_size() > 5);
    QVERIFY(!response.reload());
    v1::Rollout rollout;
    QVERIFY(begin(to("2"), &rollout).ok());
    bool seen = false;
    while (!seen && stream->Read(&response)) {
        seen = std::ranges::any_of(response.rollouts(), [&](const v1::Rollout& each) {
            return each.id() == rollout.id() && each.state() == v1::ROLLOUT_STATE_SUCCEEDED;
        });
    }
    QVERIFY(seen);
    watching->TryCancel();
    stream->Finish();
    const auto again = context();
    v1::WatchRolloutsRequest request;
    request.set_resume_token("another-7");
    const auto second = m_stub->WatchRollouts(again.get(), request);
    QVERIFY(second->Read(&response));
    QVERIFY(response.reload());
    again->TryCancel();
    second->Finish();
}

QTEST_GUILESS_MAIN(TestRollouts)
#include "tst_rollouts.moc"
