// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a new version is worse than the stable one: figures in, a verdict out.
#include "services/control/rolloutgate.h"

#include <QtTest>

using namespace shopfleet::control;

namespace {

/// So many requests, so many of them failed, all within this bucket of latencies.
Tally tally(std::uint32_t requests, std::uint32_t errors, std::size_t bucket)
{
    Tally result;
    result.requests = requests;
    result.errors = errors;
    result.latency.at(bucket) = requests;
    return result;
}

Side side(const std::map<std::string, Tally>& methods, int failing = 30)
{
    Side result;
    result.methods = methods;
    for (const auto& [method, each] : methods)
        result.all.add(each);
    result.seconds = 30;
    result.failing = result.all.errors > 0 ? failing : 0;
    return result;
}

constexpr std::size_t kFast = 4; // 1 to 2.5 ms.
constexpr std::size_t kSlow = 8; // 25 to 50 ms.

} // namespace

Q_DECLARE_METATYPE(Side)

class TestRolloutGate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judges_data();
    void judges();
    void checkouts();
    void showsWhatBothDid();
};

void TestRolloutGate::judges_data()
{
    QTest::addColumn<Side>("canary");
    QTest::addColumn<Side>("stable");
    QTest::addColumn<Side>("before");
    QTest::addColumn<QString>("objection"); // Part of it; empty: passes.

    const Side nothing;
    const auto good = side({{"s/Get", tally(1'000, 1, kFast)}});
    QTest::newRow("nothing was asked") << nothing << nothing << nothing << QString();
    QTest::newRow("as good") << good << good << good << QString();
    QTest::newRow("too few to tell")
        << side({{"s/Get", tally(49, 49, kFast)}}) << good << good << QString();
    QTest::newRow("one of fifty is chance")
        << side({{"s/Get", tally(50, 1, kFast)}}) << good << good << QString();
    QTest::newRow("a tenth fails") << side({{"s/Get", tally(100, 10, kFast)}}) << good << good
                                   << QStringLiteral("10.0% of its requests fail");
    QTest::newRow("only for a moment")
        << side({{"s/Get", tally(100, 10, kFast)}}, 2) << good << good << QString();
    QTest::newRow("the stable one fails as much")
        << side({{"s/Get", tally(100, 10, kFast)}}) << side({{"s/Get", tally(100, 11, kFast)}})
        << good << QString();
    QTest::newRow("one method of many fails")
        << side({{"s/Get", tally(10'000, 0, kFast)}, {"s/Find", tally(60, 30, kFast)}})
        << side({{"s/Get", tally(10'000, 0, kFast)}, {"s/Find", tally(60, 0, kFast)}}) << good
        << QStringLiteral("50.0% of its Find fail");
    QTest::newRow("it runs alone and is worse than before")
        << side({{"s/Get", tally(100, 10, kFast)}}) << nothing << good
        << QStringLiteral("of its requests fail");
    QTest::newRow("it runs alone and things were as bad before")
        << side({{"s/Get", tally(100, 10, kFast)}}) << nothing
        << side({{"s/Get", tally(100, 10, kFast)}}) << QString();
    QTest::newRow("slow") << side({{"s/Get", tally(100, 0, kSlow)}}) << good << good
                          << QStringLiteral("p95 of Get");
    QTest::newRow("slower than in calmer times")
        << side({{"s/Get", tally(100, 0, kSlow)}}) << nothing << good << QString();
    QTest::newRow("it alone writes, which takes longer")
        << side({{"s/Get", tally(100, 0, kFast)}, {"s/Put", tally(900, 0, kSlow)}}) << good << good
        << QString();
    auto cold = side({{"s/Get", tally(100, 0, kSlow)}});
    cold.seconds = 9;
    QTest::newRow("slow while it is cold") << cold << good << good << QString();
}

void TestRolloutGate::judges()
{
    QFETCH(Side, canary);
    QFETCH(Side, stable);
    QFETCH(Side, before);
    QFETCH(QString, objection);
    const auto result = compare(completed({}), canary, stable, before);
    QCOMPARE(result.passed(), objection.isEmpty());
    QVERIFY2(QString::fromStdString(result.reason()).contains(objection), result.reason().c_str());
}

void TestRolloutGate::checkouts()
{
    auto canary = side({{"s/Get", tally(1'000, 0, kFast)}});
    auto before = canary;
    before.checkouts = tally(1'000, 2, kFast);
    canary.checkouts = tally(100, 20, kFast);
    canary.failingCheckouts = 10;
    QCOMPARE(compare(completed({}), canary, {}, before).reason(),
        "80.0% of its checkouts end well, at least 95.0% must");
    v1::RolloutGate lenient;
    lenient.set_min_checkout_success(0.5);
    QVERIFY(compare(completed(lenient), canary, {}, before).passed());
    before.checkouts = tally(1'000, 300, kFast); // It got better, if anything.
    QVERIFY(compare(completed({}), canary, {}, before).passed());
}

void TestRolloutGate::showsWhatBothDid()
{
    const auto canary = side({{"s/Get", tally(100, 0, kFast)}, {"s/Put", tally(900, 9, kSlow)}});
    const auto stable = side({{"s/Get", tally(300, 0, kFast)}});
    const auto result = compare(completed({}), canary, stable, {});
    QCOMPARE(result.canary_requests(), 1'000);
    QCOMPARE(result.canary().error_ratio(), 0.009);
    QVERIFY(result.canary().p95_ms() < 2.6); // Of what the other one did as well.
    QVERIFY(!result.from_before());
    QVERIFY(compare(completed({}), canary, {}, stable).from_before());
}

QTEST_APPLESS_MAIN(TestRolloutGate)
#include "tst_rolloutgate.moc"
