// SPDX-License-Identifier: GPL-3.0-or-later
// Policies of real replicas under a real load: set, followed, overruled by hand, and kept.
#include "tests/services/control/toyworld.h"

#include <vector>

class TestAutoscaler : public QObject, private ToyWorld {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refuses_data();
    void refuses();
    void followsTheLoad();
    void handsComeFirst();
    void isKept();
    void limitsHoldAtOnce();
    void cleanupTestCase() { stop(false); }

private:
    grpc::Status update(v1::UpdateScalingPolicyRequest request, v1::Service* answer);
    static v1::UpdateScalingPolicyRequest policy(double requests);
    /// What the policy did, from the events.
    std::vector<v1::Event> decisions();
};

void TestAutoscaler::initTestCase()
{
    start();
    QTRY_COMPARE_WITH_TIMEOUT(service().state(), v1::STATE_HEALTHY, 10'000);
}

grpc::Status TestAutoscaler::update(v1::UpdateScalingPolicyRequest request, v1::Service* answer)
{
    request.set_request_id(nextId());
    if (request.service().empty())
        request.set_service("control");
    return m_stub->UpdateScalingPolicy(context().get(), request, answer);
}

v1::UpdateScalingPolicyRequest TestAutoscaler::policy(double requests)
{
    v1::UpdateScalingPolicyRequest request;
    request.mutable_policy()->set_enabled(true);
    request.mutable_policy()->set_requests_per_second(requests);
    request.mutable_policy()->mutable_up_window()->set_seconds(2);
    request.mutable_policy()->mutable_down_window()->set_seconds(4);
    return request;
}

std::vector<v1::Event> TestAutoscaler::decisions()
{
    v1::ListEventsRequest request;
    request.set_filter("kind = service.scaled AND actor = policy");
    request.set_order_by("at");
    v1::ListEventsResponse response;
    m_stub->ListEvents(context().get(), request, &response);
    return {response.events().begin(), response.events().end()};
}

void TestAutoscaler::refuses_data()
{
    QTest::addColumn<double>("requests");
    QTest::addColumn<double>("cpu");
    QTest::addColumn<int>("min");
    QTest::addColumn<int>("max");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("field");

    QTest::newRow("no target") << 0.0 << 0.0 << 1 << 4 << QByteArray() << QByteArray("policy");
    QTest::newRow("not a number") << std::nan("") << 0.0 << 1 << 4 << QByteArray()
                                  << QByteArray("policy.requests_per_second");
    QTest::newRow("less than nothing")
        << 10.0 << -1.0 << 1 << 4 << QByteArray() << QByteArray("policy.cpu_share");
    QTest::newRow("too many") << 10.0 << 0.0 << 1 << 65 << QByteArray()
                              << QByteArray("max_replicas");
    QTest::newRow("upside down") << 10.0 << 0.0 << 4 << 2 << QByteArray()
                                 << QByteArray("min_replicas");
    QTest::newRow("another field")
        << 10.0 << 0.0 << 1 << 4 << QByteArray("etag") << QByteArray("update_mask");
    QTest::newRow("no field") << 10.0 << 0.0 << 1 << 4 << QByteArray("policy.colour")
                              << QByteArray("update_mask");
}

void TestAutoscaler::refuses()
{
    QFETCH(double, requests);
    QFETCH(double, cpu);
    QFETCH(int, min);
    QFETCH(int, max);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, field);
    auto request = policy(requests);
    request.mutable_policy()->set_cpu_share(cpu);
    request.set_min_replicas(min);
    request.set_max_replicas(max);
    if (!path.isEmpty())
        request.mutable_update_mask()->add_paths(path.toStdString());
    v1::Service answer;
    const auto status = update(request, &answer);
    QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    QVERIFY2(status.error_message().find(field.toStdString()) != std::string::npos,
        status.error_message().c_str());
    QVERIFY(!service().policy().enabled());
}

void TestAutoscaler::followsTheLoad()
{
    v1::Service answer;
    QVERIFY(update(policy(100), &answer).ok());
    QVERIFY(answer.policy().enabled());
    {
        const Caller caller; // Several hundred a second.
        QTRY_VERIFY_WITH_TIMEOUT(service().desired_replicas() >= 3, 20'000);
        QVERIFY(service().desired_replicas() <= 4);
        QTRY_VERIFY_WITH_TIMEOUT(service().replicas_size() == service().desired_replicas()
                && service().state() == v1::STATE_HEALTHY,
            10'000);
        QCOMPARE(caller.failed(), 0L);
    }
    QTRY_COMPARE_WITH_TIMEOUT(service().desired_replicas(), 1, 30'000);
    int reversals = 0;
    int before = 0;
    for (const auto& event : decisions()) {
        QVERIFY2(
            event.reason().find("requests/s a replica, the target is 100") != std::string::npos,
            event.reason().c_str());
        const int way = std::stoi(event.facts().at("to")) - std::stoi(event.facts().at("from"));
        reversals += before != 0 && (way > 0) != (before > 0) ? 1 : 0;
        before = way;
    }
    QCOMPARE(reversals, 1);
    QVERIFY(service().policy().has_last_decision_at());
}

void TestAutoscaler::handsComeFirst()
{
    v1::ScaleServiceRequest request;
    request.set_request_id(nextId());
    request.set_service("control");
    request.set_replicas(3);
    request.mutable_override_for()->set_seconds(12);
    v1::Service answer;
    QVERIFY(m_stub->ScaleService(context().get(), request, &answer).ok());
    QVERIFY(answer.has_override_until());
    // The policy would go down after four seconds.
    QTest::qWait(6'000);
    QCOMPARE(service().desired_replicas(), 3);
    QTRY_COMPARE_WITH_TIMEOUT(service().desired_replicas(), 1, 20'000);
    QVERIFY(!service().has_override_until());
}

void TestAutoscaler::isKept()
{
    v1::ScaleServiceRequest request;
    request.set_request_id(nextId());
    request.set_service("control");
    request.set_replicas(2);
    v1::Service answer;
    QVERIFY(m_stub->ScaleService(context().get(), request, &answer).ok()); // Until it changes.
    stop();
    start();
    QTRY_COMPARE_WITH_TIMEOUT(service().state(), v1::STATE_HEALTHY, 10'000);
    const auto kept = service();
    QVERIFY(kept.policy().enabled());
    QCOMPARE(kept.policy().requests_per_second(), 100.0);
    QVERIFY(kept.has_override_until());
    QTest::qWait(6'000);
    QCOMPARE(service().desired_replicas(), 2);
}

void TestAutoscaler::limitsHoldAtOnce()
{
    v1::UpdateScalingPolicyRequest request;
    request.set_min_replicas(3);
    request.mutable_update_mask()->add_paths("min_replicas");
    v1::Service answer;
    QVERIFY(update(request, &answer).ok());
    QCOMPARE(answer.desired_replicas(), 3);
    QVERIFY(answer.policy().enabled()); // Not among what was to change.
    request.Clear();
    request.mutable_update_mask()->add_paths("policy.enabled");
    QVERIFY(update(request, &answer).ok());
    QVERIFY(!answer.policy().enabled());
    QCOMPARE(answer.min_replicas(), 3);
    stop();
    start();
    QTRY_COMPARE_WITH_TIMEOUT(service().state(), v1::STATE_HEALTHY, 10'000);
    QCOMPARE(service().min_replicas(), 3);
    QCOMPARE(service().desired_replicas(), 3);
}

QTEST_GUILESS_MAIN(TestAutoscaler)
#include "tst_autoscaler.moc"
