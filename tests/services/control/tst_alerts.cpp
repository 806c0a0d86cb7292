// SPDX-License-Identifier: GPL-3.0-or-later
// Rules are watched; what fires is told once, kept, acknowledged, muted, and ends.
#include "services/control/alerts.h"
#include "services/runtime/testing.h"

#include <QtTest>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

using namespace shopfleet;
using namespace shopfleet::control;
using shopfleet::common::v1::Severity;

namespace {

constexpr auto kCalm = std::chrono::milliseconds(300);
constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

v1::AlertRule rule(const std::string& expression, int seconds = 0)
{
    v1::AlertRule rule;
    rule.set_id("mine");
    rule.set_title("Mine");
    rule.set_expression(expression);
    rule.mutable_for_duration()->set_seconds(seconds);
    rule.set_severity(Severity::SEVERITY_WARNING);
    rule.set_enabled(true);
    return rule;
}

/// Alerts with one rule, and figures that a test sets.
struct Watched {
    explicit Watched(const std::string& folder, const v1::AlertRule* first = nullptr)
        : alerts(
            folder, [this](v1::Event event) { events.push_back(std::move(event)); }, kCalm)
    {
        if (!first)
            return;
        for (const auto rules = alerts.rules(); const auto& each : rules)
            (void)alerts.remove(each.id(), {}, "test");
        (void)alerts.save(*first, "test");
        events.clear();
    }

    void tick()
    {
        alerts.tick(
            {"cart", "orders"}, [this](const AlertSubject& subject, const std::string& metric) {
                const auto found = figures.find({subject.service + subject.method, metric});
                return found == figures.end() ? 0.0 : found->second;
            });
    }

    int firing() const
    {
        return static_cast<int>(std::ranges::count_if(
            alerts.all(), [](const v1::Alert& alert) { return !alert.has_ended_at(); }));
    }

    std::map<std::pair<std::string, std::string>, double> figures;
    std::vector<v1::Event> events;
    Alerts alerts;
};

} // namespace

class TestAlerts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void understands_data();
    void understands();
    void refuses_data();
    void refuses();
    void defaultsAreGood();
    void firesOncePerService();
    void waitsForItsTime();
    void notKnownIsNotWell();
    void isKept();
    void isAcknowledged();
    void mutedSaysNothing();
    void rulesAreKept();
    void ofTheStore();
    void ofAMethod();
};

void TestAlerts::understands_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("errors");
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("holds"); // -1: not known.
    QTest::newRow("above") << "error_ratio > 0.05" << 0.06 << 0.0 << 1;
    QTest::newRow("not above") << "error_ratio > 0.05" << 0.05 << 0.0 << 0;
    QTest::newRow("at least") << "error_ratio>=0.05" << 0.05 << 0.0 << 1;
    QTest::newRow("below") << "error_ratio < 0.05" << 0.04 << 0.0 << 1;
    QTest::newRow("at most") << "error_ratio<= 0.05" << 0.06 << 0.0 << 0;
    QTest::newRow("both") << "error_ratio > 0.05 AND requests_per_second > 1" << 0.1 << 2.0 << 1;
    QTest::newRow("one of them") << "error_ratio > 0.05 AND requests_per_second > 1" << 0.1 << 1.0
                                 << 0;
    QTest::newRow("not known") << "error_ratio > 0.05" << kNotKnown << 0.0 << -1;
    QTest::newRow("decided all the same")
        << "error_ratio > 0.05 AND requests_per_second > 1" << kNotKnown << 0.5 << 0;
    QTest::newRow("exponent") << "error_ratio > 5e-2" << 0.06 << 0.0 << 1;
}

void TestAlerts::understands()
{
    QFETCH(QString, text);
    QFETCH(double, errors);
    QFETCH(double, rate);
    QFETCH(int, holds);
    const auto expression = AlertExpression::parse(text.toStdString());
    QVERIFY2(expression.ok(), expression.status().ToString().c_str());
    const auto found = expression->holds(
        [&](const std::string& metric) { return metric == "error_ratio" ? errors : rate; });
    QCOMPARE(found ? int(*found) : -1, holds);
}

void TestAlerts::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << ""
                           << "column 1: a metric is missing";
    QTest::newRow("unknown metric") << "eror_ratio > 1"
                                    << "column 1: there is no metric";
    QTest::newRow("no comparison") << "error_ratio"
                                   << "column 12: one of";
    QTest::newRow("equals") << "error_ratio == 1"
                            << "column 13: one of";
    QTest::newRow("no number") << "error_ratio > much"
                               << "column 15: a number";
    QTest::newRow("endless") << "error_ratio > inf"
                             << "column 15: a number";
    QTest::newRow("or") << "error_ratio > 1 OR p95_ms > 1"
                        << "column 17: only AND";
    QTest::newRow("open end") << "error_ratio > 1 AND"
                              << "column 20: a metric is missing";
    QTest::newRow("mixed") << "error_ratio > 1 AND violations > 0"
                           << "cannot be joined";
    QTest::newRow("bytes") << QString::fromLatin1("\xff\x01 > 1") << "there is no metric";
}

void TestAlerts::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const auto expression = AlertExpression::parse(text.toStdString());
    QVERIFY(!expression.ok());
    const auto message = QString::fromStdString(std::string(expression.status().message()));
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY(message.contains(QStringLiteral("rule.expression")));
}

void TestAlerts::defaultsAreGood()
{
    for (const auto& each : defaultAlertRules())
        QVERIFY2(check(each).ok(), check(each).ToString().c_str());
}

void TestAlerts::ofAMethod()
{
    auto one = rule("p95_ms > 500", 0);
    one.set_method("saga/payments/AuthorisePayment");
    QVERIFY(check(one).message().find("rule.service") != std::string::npos); // Whose?
    one.set_service("orders");
    QVERIFY2(check(one).ok(), check(one).ToString().c_str());
    auto wrong = one;
    wrong.set_expression("p95_ms > 500 AND cpu_share > 0.5");
    const std::string why(check(wrong).message());
    QVERIFY2(why.find("rule.expression") != std::string::npos
            && why.find("\"cpu_share\" is not known of a method") != std::string::npos,
        why.c_str());
    wrong = one;
    wrong.set_method(std::string(201, 'x'));
    QVERIFY(check(wrong).message().find("rule.method") != std::string::npos);

    const runtime::TestFolder folder;
    Watched watched(folder.path(), &one);
    watched.figures[{"orders", "p95_ms"}] = 9'000; // Of all of them together: not asked for.
    watched.tick();
    QCOMPARE(watched.firing(), 0);
    watched.figures[{"orderssaga/payments/AuthorisePayment", "p95_ms"}] = 700;
    watched.tick();
    QCOMPARE(watched.firing(), 1);
    QCOMPARE(watched.alerts.all().front().reason(),
        std::string("saga/payments/AuthorisePayment: p95_ms is 700"));
}

void TestAlerts::firesOncePerService()
{
    const runtime::TestFolder folder;
    const auto mine = rule("p95_ms > 100");
    Watched watched(folder.path(), &mine);
    watched.figures[{"cart", "p95_ms"}] = 150;
    watched.figures[{"orders", "p95_ms"}] = 150;
    for (int i = 0; i < 5; ++i)
        watched.tick();
    QCOMPARE(watched.firing(), 2);
    QCOMPARE(watched.alerts.all().size(), 2U);
    QCOMPARE(watched.events.size(), 2U);
    QCOMPARE(watched.events[0].kind(), std::string("alert.raised"));
    QCOMPARE(watched.events[0].service(), std::string("cart"));
    watched.figures[{"cart", "p95_ms"}] = 250;
    watched.tick();
    QCOMPARE(watched.alerts.all().back().value(), 250.0);
    QCOMPARE(watched.alerts.all().back().reason(), std::string("p95_ms is 250"));
}

void TestAlerts::waitsForItsTime()
{
    const runtime::TestFolder folder;
    const auto mine = rule("p95_ms > 100", 1);
    Watched watched(folder.path(), &mine);
    watched.figures[{"cart", "p95_ms"}] = 150;
    watched.tick();
    QCOMPARE(watched.firing(), 0);
    watched.figures[{"cart", "p95_ms"}] = 50; // It begins anew.
    watched.tick();
    watched.figures[{"cart", "p95_ms"}] = 150;
    QTest::qWait(1'100);
    watched.tick();
    QCOMPARE(watched.firing(), 0);
    QTest::qWait(1'100);
    watched.tick();
    QCOMPARE(watched.firing(), 1);
}

void TestAlerts::notKnownIsNotWell()
{
    const runtime::TestFolder folder;
    const auto mine = rule("p95_ms > 100");
    Watched watched(folder.path(), &mine);
    watched.figures[{"cart", "p95_ms"}] = kNotKnown;
    watched.tick();
    QCOMPARE(watched.firing(), 0);
    watched.figures[{"cart", "p95_ms"}] = 150;
    watched.tick();
    QCOMPARE(watched.firing(), 1);
    watched.figures[{"cart", "p95_ms"}] = kNotKnown;
    for (int i = 0; i < 10; ++i) { // For longer than an alert needs to end.
        QTest::qWait(100);
        watched.tick();
    }
    QCOMPARE(watched.firing(), 1);
    watched.figures[{"cart", "p95_ms"}] = 50;
    QTRY_VERIFY((watched.tick(), watched.firing() == 0));
    QCOMPARE(watched.events.back().kind(), std::string("alert.ended"));
}

void TestAlerts::isKept()
{
    const runtime::TestFolder folder;
    const auto mine = rule("p95_ms > 100");
    {
        Watched watched(folder.path(), &mine);
        watched.figures[{"cart", "p95_ms"}] = 150;
        watched.tick();
    }
    std::ofstream(folder.path() + "/alerts.jsonl", std::ios::app) << "{\"id\": \"cut o";
    Watched again(folder.path());
    QCOMPARE(again.firing(), 1);
    again.figures[{"cart", "p95_ms"}] = 150;
    again.tick();
    QCOMPARE(again.alerts.all().size(), 1U); // The same goes on.
    QVERIFY(again.events.empty());
    again.figures[{"orders", "p95_ms"}] = 150;
    again.tick();
    QCOMPARE(again.alerts.all().front().id(), std::string("a2"));
}

void TestAlerts::isAcknowledged()
{
    const runtime::TestFolder folder;
    const auto mine = rule("p95_ms > 100");
    Watched watched(folder.path(), &mine);
    watched.figures[{"cart", "p95_ms"}] = 150;
    watched.tick();
    const auto alert = watched.alerts.acknowledge("a1", "I look at it", "staff:eve");
    QVERIFY(alert.ok());
    QCOMPARE(alert->acknowledged_by().id(), std::string("staff:eve"));
    watched.tick(); // Its figures change, its acknowledgement stays.
    QCOMPARE(watched.alerts.all().front().note(), std::string("I look at it"));
    QCOMPARE(watched.events.back().kind(), std::string("alert.acknowledged"));
    QCOMPARE(watched.alerts.acknowledge("a9", {}, "staff:eve").status().code(),
        absl::StatusCode::kNotFound);
    QCOMPARE(watched.alerts.acknowledge("a1", std::string(1'001, 'x'), "staff:eve").status().code(),
        absl::StatusCode::kInvalidArgument);
}

void TestAlerts::mutedSaysNothing()
{
    const runtime::TestFolder folder;
    const auto mine = rule("p95_ms > 100");
    Watched watched(folder.path(), &mine);
    watched.figures[{"cart", "p95_ms"}] = 150;
    watched.tick();
    google::protobuf::Duration hour;
    hour.set_seconds(3'600);
    QVERIFY(watched.alerts.mute("a1", hour, "staff:eve").ok());
    watched.events.clear();
    watched.figures[{"cart", "p95_ms"}] = 50;
    QTRY_VERIFY((watched.tick(), watched.firing() == 0));
    watched.figures[{"cart", "p95_ms"}] = 150; // And again.
    watched.tick();
    QCOMPARE(watched.firing(), 1);
    QVERIFY(watched.events.empty());
    QVERIFY(watched.alerts.all().front().has_muted_until());
    QVERIFY(watched.alerts.mute("a2", {}, "staff:eve").ok());
    QVERIFY(!watched.alerts.all().front().has_muted_until());
    hour.set_seconds(-1);
    QCOMPARE(watched.alerts.mute("a2", hour, "staff:eve").status().code(),
        absl::StatusCode::kInvalidArgument);
}

void TestAlerts::rulesAreKept()
{
    const runtime::TestFolder folder;
    {
        Watched watched(folder.path());
        QCOMPARE(watched.alerts.rules().size(), defaultAlertRules().size());
        const auto saved = watched.alerts.save(rule("p95_ms > 100"), "staff:eve");
        QVERIFY(saved.ok());
        auto other = rule("p95_ms > 200");
        other.set_etag("stale");
        QCOMPARE(
            watched.alerts.save(other, "staff:eve").status().code(), absl::StatusCode::kAborted);
        other.set_etag(saved->etag());
        QVERIFY(watched.alerts.save(other, "staff:eve").ok());
        for (const auto& each : defaultAlertRules())
            QVERIFY(watched.alerts.remove(each.id(), {}, "staff:eve").ok());
        auto wrong = rule("p95_ms > 100");
        wrong.set_id("no spaces");
        QCOMPARE(watched.alerts.save(wrong, "staff:eve").status().code(),
            absl::StatusCode::kInvalidArgument);
    }
    {
        Watched again(folder.path());
        QCOMPARE(again.alerts.rules().size(), 1U);
        QCOMPARE(again.alerts.rules()[0].expression(), std::string("p95_ms > 200"));
        QVERIFY(again.alerts.remove("mine", {}, "staff:eve").ok());
    }
    QVERIFY(Watched(folder.path()).alerts.rules().empty()); // Nobody wants the defaults back.
}

void TestAlerts::ofTheStore()
{
    const runtime::TestFolder folder;
    const auto mine = rule("violations > 0");
    Watched watched(folder.path(), &mine);
    watched.figures[{"", "violations"}] = 2;
    watched.tick();
    QCOMPARE(watched.firing(), 1);
    QVERIFY(watched.alerts.all().front().service().empty());
    auto wrong = mine;
    wrong.set_service("cart");
    QVERIFY(!check(wrong).ok());
}

QTEST_GUILESS_MAIN(TestAlerts)
#include "tst_alerts.moc"
