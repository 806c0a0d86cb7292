// SPDX-License-Identifier: GPL-3.0-or-later
// What a policy asks for, second by second, of loads that are made up.
#include "services/control/autoscaling.h"

#include <QtTest>

#include <cmath>

using namespace shopfleet::control;

class TestAutoscaling : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksFor_data();
    void asksFor();
    void triplesAndFalls();
    void noiseIsNoReason();
    void knowsNothing();
    void stepsAreBounded();

private:
    static v1::ScalingPolicy policy(int up, int down);
    static Autoscaling::Measured load(double requests, int replicas);
};

v1::ScalingPolicy TestAutoscaling::policy(int up, int down)
{
    v1::ScalingPolicy policy;
    policy.set_enabled(true);
    policy.set_requests_per_second(100);
    policy.mutable_up_window()->set_seconds(up);
    policy.mutable_down_window()->set_seconds(down);
    return policy;
}

Autoscaling::Measured TestAutoscaling::load(double requests, int replicas)
{
    v1::Figures figures;
    figures.set_requests_per_second(requests);
    figures.set_has_requests(requests > 0);
    return {replicas, replicas, figures};
}

void TestAutoscaling::asksFor_data()
{
    QTest::addColumn<double>("requests");
    QTest::addColumn<double>("p95");
    QTest::addColumn<double>("cpu");
    QTest::addColumn<int>("replicas");
    QTest::addColumn<QString>("why");

    QTest::newRow("as much as it is to be") << 200.0 << 10.0 << 1.0 << 2 << u"100.0 requests/s"_qs;
    QTest::newRow("within a tenth") << 219.0 << 10.0 << 1.0 << 2 << u"109.5 requests/s"_qs;
    QTest::newRow("more") << 301.0 << 10.0 << 1.0 << 4 << u"150.5 requests/s"_qs;
    QTest::newRow("less") << 90.0 << 10.0 << 0.2 << 1 << u"45.0 requests/s"_qs;
    QTest::newRow("nothing at all") << 0.0 << 0.0 << 0.0 << 1 << u"0.0 requests/s"_qs;
    QTest::newRow("slow") << 90.0 << 150.0 << 0.2 << 6 << u"p95 is 150.0 ms"_qs;
    QTest::newRow("busy") << 90.0 << 10.0 << 2.4 << 4 << u"120% of a CPU"_qs;
    QTest::newRow("more than there may be") << 5'000.0 << 10.0 << 1.0 << 6 << u"50 would be"_qs;
}

void TestAutoscaling::asksFor()
{
    QFETCH(double, requests);
    QFETCH(double, p95);
    QFETCH(double, cpu);
    QFETCH(int, replicas);
    QFETCH(QString, why);
    auto wanted = policy(0, 0);
    wanted.set_p95_ms(50);
    wanted.set_cpu_share(0.7);
    auto measured = load(requests, 2);
    measured.figures->set_p95_ms(p95);
    measured.figures->set_cpu_share(cpu);
    Autoscaling scaling;
    const auto decision = scaling.decide(wanted, 1, 6, measured, 100);
    QVERIFY(decision);
    QCOMPARE(decision->replicas, replicas);
    QVERIFY2(QString::fromStdString(decision->why).contains(why), decision->why.c_str());
}

// Within limits, soon enough, and without going to and fro.
void TestAutoscaling::triplesAndFalls()
{
    Autoscaling scaling;
    int replicas = 1;
    int changes = 0;
    int reversals = 0;
    int direction = 0;
    int upAt = 0;
    int downAt = 0;
    for (int second = 0; second < 600; ++second) {
        const double wave = 8 * std::sin(second); // No load is even.
        const double requests = (second >= 100 && second < 300 ? 240 : 80) + wave;
        const auto decision
            = scaling.decide(policy(15, 120), 1, 4, load(requests, replicas), second);
        QVERIFY(decision && decision->replicas >= 1 && decision->replicas <= 4);
        if (decision->replicas == replicas)
            continue;
        const int way = decision->replicas > replicas ? 1 : -1;
        reversals += direction != 0 && way != direction ? 1 : 0;
        direction = way;
        replicas = decision->replicas;
        ++changes;
        (way > 0 ? upAt : downAt) = second;
        QVERIFY(!decision->why.empty());
    }
    QCOMPARE(replicas, 1);
    QVERIFY2(upAt > 100 && upAt <= 120, qPrintable(QString::number(upAt)));
    QVERIFY2(downAt > 300 && downAt <= 425, qPrintable(QString::number(downAt)));
    QCOMPARE(reversals, 1);
    QVERIFY(changes <= 4);
}

void TestAutoscaling::noiseIsNoReason()
{
    Autoscaling scaling;
    for (int second = 0; second < 300; ++second) {
        // A peak of five seconds each minute, and a hole.
        const double requests = second % 60 < 5 ? 400 : second % 60 > 54 ? 20 : 200;
        const auto decision = scaling.decide(policy(15, 120), 1, 8, load(requests, 2), second);
        QCOMPARE(decision->replicas, 2);
    }
}

void TestAutoscaling::knowsNothing()
{
    Autoscaling scaling;
    auto measured = load(500, 2);
    measured.ready = 0; // Nobody serves: that is not for lack of replicas.
    QVERIFY(!scaling.decide(policy(0, 0), 1, 8, measured, 1));
    measured = load(500, 2);
    measured.figures.reset();
    QVERIFY(!scaling.decide(policy(0, 0), 1, 8, measured, 2));
    auto none = policy(0, 0);
    none.set_requests_per_second(0);
    none.set_p95_ms(50); // Without a request there is no latency.
    QVERIFY(!scaling.decide(none, 1, 8, load(0, 2), 3));
    // One of two serves: it does the work of both, and the number is right.
    measured = load(200, 2);
    measured.ready = 1;
    QCOMPARE(scaling.decide(policy(0, 0), 1, 8, measured, 4)->replicas, 2);
}

void TestAutoscaling::stepsAreBounded()
{
    Autoscaling scaling;
    auto slowly = policy(0, 0);
    slowly.set_max_step(2);
    QCOMPARE(scaling.decide(slowly, 1, 8, load(800, 2), 1)->replicas, 4);
    scaling.forget();
    QCOMPARE(scaling.decide(slowly, 1, 8, load(10, 8), 2)->replicas, 6);
}

QTEST_APPLESS_MAIN(TestAutoscaling)
#include "tst_autoscaling.moc"
