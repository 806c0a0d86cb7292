// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/exposition.h"
#include "services/control/history.h"
#include "services/control/scraper.h"

#include <QtTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace shopfleet::control;

class TestFigures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void badLineHidesNothing();
    void response_data();
    void response();
    void rates();
    void stepsOfASaga();
    void counterThatFell();
    void errorsAreTheServers_data();
    void errorsAreTheServers();
    void quantiles_data();
    void quantiles();
    void gaps();
    void hourIsBounded();
    void matches();
};

namespace {

QByteArray shown(const Sample& sample)
{
    QByteArray text(std::string(sample.name).c_str());
    for (const auto& [name, value] : sample.labels)
        text += ' ' + QByteArray(std::string(name).c_str()) + '=' + QByteArray(value.c_str());
    return text + ' ' + QByteArray::number(sample.value);
}

std::string histogram(int upTo10ms, int upTo100ms, int all)
{
    const std::string head
        = "grpc_server_handling_seconds_bucket{grpc_service=\"s.S\",grpc_method=\"M\",le=\"";
    return head + "0.01\"} " + std::to_string(upTo10ms) + "\n" + head + "0.1\"} "
        + std::to_string(upTo100ms) + "\n" + head + "+Inf\"} " + std::to_string(all)
        + "\ngrpc_server_handled_total{grpc_service=\"s.S\",grpc_method=\"M\",grpc_code=\"OK\"} "
        + std::to_string(all) + "\n";
}

} // namespace

void TestFigures::parses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("sample");

    QTest::newRow("plain") << "up 1"_ba
                           << "up 1"_ba;
    QTest::newRow("labels") << R"(a{b="c",d="e"} 2.5)"_ba
                            << "a b=c d=e 2.5"_ba;
    QTest::newRow("last comma and spaces") << R"(a { b = "c" , } 3 1700000000000)"_ba
                                           << "a b=c 3"_ba;
    QTest::newRow("escapes") << R"(a{b="x\"y\\z"} 1)"_ba
                             << R"(a b=x"y\z 1)"_ba;
    QTest::newRow("bracket in a label") << R"(a{b="{}"} 1)"_ba
                                        << "a b={} 1"_ba;
    QTest::newRow("no labels") << "a{} 1e3"_ba
                               << "a 1000"_ba;
    QTest::newRow("infinite") << "a +Inf"_ba
                              << "a inf"_ba;
    QTest::newRow("carriage return") << "a 1\r"_ba
                                     << "a 1"_ba;
    QTest::newRow("comment") << "# HELP a b"_ba
                             << ""_ba;
    QTest::newRow("open label") << R"(a{b="c 1)"_ba
                                << ""_ba;
    QTest::newRow("no value") << "a"_ba
                              << ""_ba;
    QTest::newRow("a word as value") << "a many"_ba
                                     << ""_ba;
    QTest::newRow("no name") << "{} 1"_ba
                             << ""_ba;
}

void TestFigures::parses()
{
    QFETCH(QByteArray, line);
    QByteArray found;
    parseExposition(absl::string_view(line.constData(), static_cast<std::size_t>(line.size())),
        [&](const Sample& sample) { found += shown(sample); });
    QTEST(found, "sample");
}

void TestFigures::badLineHidesNothing()
{
    int samples = 0;
    QCOMPARE(parseExposition("a 1\nb{ 2\n\nc 3", [&](const Sample&) { ++samples; }), 1);
    QCOMPARE(samples, 2);
}

void TestFigures::response_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("length") << "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"_ba
                            << "abc"_ba;
    QTest::newRow("no length") << "HTTP/1.0 200 OK\r\nX: y\r\n\r\nabc"_ba
                               << "abc"_ba;
    QTest::newRow("cut off") << "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"_ba
                             << "-"_ba;
    QTest::newRow("not found") << "HTTP/1.1 404 Not Found\r\n\r\n"_ba
                               << "-"_ba;
    QTest::newRow("not HTTP") << "hello"_ba
                              << "-"_ba;
    QTest::newRow("nothing") << ""_ba
                             << "-"_ba;
    QTest::newRow("head alone") << "HTTP/1.1 200 OK\r\n"_ba
                                << "-"_ba;
}

void TestFigures::response()
{
    QFETCH(QByteArray, response);
    const auto body = bodyOf(response.toStdString());
    QTEST(body.ok() ? QByteArray(body->c_str()) : "-"_ba, "body");
}

void TestFigures::rates()
{
    const auto before = readTotals(
        histogram(10, 10, 10) + "grpc_server_in_flight 3\nshopfleet_writer_queue_depth 7\n");
    QCOMPARE(before.inFlight, 3.0);
    QCOMPARE(before.queueDepth, 7.0);
    QVERIFY2(readTotals("grpc_server_handled_total{grpc_service=\"grpc.health.v1.Health\",grpc_"
                        "method=\"Check\"} 9\n")
                 .methods.empty(),
        "our own probes are not traffic");
    const auto rates = perSecond(before, readTotals(histogram(10, 110, 110)), 2.0);
    const auto& tally = rates.at("s.S/M");
    QCOMPARE(tally.requests, 50U); // 100 more in 2 s.
    QCOMPARE(tally.errors, 0U);
    QVERIFY(tally.quantileMs(0.5) > 50 && tally.quantileMs(0.5) <= 100);
}

/// Kept as a method is, and none of the requests.
void TestFigures::stepsOfASaga()
{
    const auto totals = readTotals(
        R"(shopfleet_saga_step_seconds_bucket{service="payments",method="AuthorisePayment",le="0.1"} 3
shopfleet_saga_step_seconds_bucket{service="payments",method="AuthorisePayment",le="3600"} 3
shopfleet_saga_step_seconds_bucket{service="payments",method="AuthorisePayment",le="+Inf"} 4
shopfleet_saga_step_seconds_count{service="payments",method="AuthorisePayment"} 4
shopfleet_saga_step_seconds_sum{service="payments",method="AuthorisePayment"} 90000
)");
    QCOMPARE(totals.methods.size(), 1U);
    const auto& [name, step] = *totals.methods.begin();
    QCOMPARE(name, std::string("saga/payments/AuthorisePayment"));
    QVERIFY(isSagaStep(name));
    QVERIFY(!isSagaStep("shopfleet.orders.v1.Orders/GetOrder"));
    QCOMPARE(step.requests, 4.0);
    QCOMPARE(step.errors, 0.0);
    QCOMPARE(step.latency.back(), 1.0); // More than a minute is as much as that.
}

void TestFigures::counterThatFell()
{
    // A process that began anew under the same name: what it has is what happened.
    const auto rates
        = perSecond(readTotals(histogram(500, 500, 500)), readTotals(histogram(4, 4, 4)), 1.0);
    QCOMPARE(rates.at("s.S/M").requests, 4U);
}

void TestFigures::errorsAreTheServers_data()
{
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<double>("errors");

    QTest::newRow("ok") << R"(grpc_service="s",grpc_method="m",grpc_code="OK")"_ba << 0.0;
    QTest::newRow("a caller's mistake")
        << R"(grpc_service="s",grpc_method="m",grpc_code="INVALID_ARGUMENT")"_ba << 0.0;
    QTest::newRow("not there") << R"(grpc_service="s",grpc_method="m",grpc_code="NOT_FOUND")"_ba
                               << 0.0;
    QTest::newRow("unavailable") << R"(grpc_service="s",grpc_method="m",grpc_code="UNAVAILABLE")"_ba
                                 << 5.0;
    QTest::newRow("too late")
        << R"(grpc_service="s",grpc_method="m",grpc_code="DEADLINE_EXCEEDED")"_ba << 5.0;
    QTest::newRow("internal") << R"(grpc_service="s",grpc_method="m",grpc_code="INTERNAL")"_ba
                              << 5.0;
}

void TestFigures::errorsAreTheServers()
{
    QFETCH(QByteArray, labels);
    const auto totals = readTotals("grpc_server_handled_total{" + labels.toStdString() + "} 5\n");
    QCOMPARE(totals.methods.size(), 1U);
    QTEST(totals.methods.begin()->second.errors, "errors");
}

void TestFigures::quantiles_data()
{
    QTest::addColumn<int>("upTo10ms");
    QTest::addColumn<int>("upTo100ms");
    QTest::addColumn<int>("all");
    QTest::addColumn<double>("p50");
    QTest::addColumn<double>("p99");

    // In the bucket from 5 to 10 ms, at 50 and 99 of 100.
    QTest::newRow("one bucket") << 100 << 100 << 100 << 7.5 << 9.95;
    QTest::newRow("two buckets") << 50 << 100 << 100 << 10.0 << 99.0;
    QTest::newRow("beyond the last bound") << 0 << 0 << 100 << 60'000.0 << 60'000.0;
    QTest::newRow("nothing") << 0 << 0 << 0 << qQNaN() << qQNaN();
}

void TestFigures::quantiles()
{
    QFETCH(int, upTo10ms);
    QFETCH(int, upTo100ms);
    QFETCH(int, all);
    QFETCH(double, p50);
    QFETCH(double, p99);
    const auto rates = perSecond(Totals(), readTotals(histogram(upTo10ms, upTo100ms, all)), 1.0);
    const auto& tally = rates.at("s.S/M");
    QVERIFY2(std::isnan(p50) ? std::isnan(tally.quantileMs(0.5))
                             : qAbs(tally.quantileMs(0.5) - p50) < 0.1,
        qPrintable(QString::number(tally.quantileMs(0.5))));
    QVERIFY2(std::isnan(p99) ? std::isnan(tally.quantileMs(0.99))
                             : qAbs(tally.quantileMs(0.99) - p99) < 1,
        qPrintable(QString::number(tally.quantileMs(0.99))));
}

void TestFigures::gaps()
{
    History history;
    Tally tally;
    tally.requests = 10;
    const History::Key key{"orders", "", ""};
    history.set(key, 1'000, tally, Gauges{0.5F});
    history.set(key, 1'002, {}, Gauges{0.7F});
    QCOMPARE(valueOf("requests_per_second", history.sum(key, 1'000, 1'001)), 10.0);
    QVERIFY(std::isnan(
        valueOf("requests_per_second", history.sum(key, 1'001, 1'002)))); // A gap is not 0 …
    QCOMPARE(valueOf("requests_per_second", history.sum(key, 1'002, 1'003)),
        0.0); // … and 0 is not a gap,
    QVERIFY(
        std::isnan(valueOf("p99_ms", history.sum(key, 1'002, 1'003)))); // but has no percentile.
    QCOMPARE(valueOf("requests_per_second", history.sum(key, 1'000, 1'003)),
        5.0); // Of the seconds that are known.
    QVERIFY(qAbs(valueOf("cpu_share", history.sum(key, 1'000, 1'003)) - 0.6) < 1e-6);
    QVERIFY(std::isnan(valueOf("cpu_share", history.sum({"cart", "", ""}, 1'000, 1'003))));
}

void TestFigures::hourIsBounded()
{
    History history;
    const History::Key key{"orders", "", ""};
    Tally tally;
    for (std::int64_t second = 0; second < 2 * Track::kSeconds; ++second) {
        tally.requests = static_cast<std::uint32_t>(second);
        history.set(key, second, tally);
    }
    const auto newest = 2 * Track::kSeconds - 1;
    QCOMPARE(valueOf("requests_per_second", history.sum(key, newest, newest + 1)),
        static_cast<double>(newest));
    QCOMPARE(valueOf("requests_per_second", history.sum(key, newest - 3'599, newest - 3'598)),
        static_cast<double>(newest - 3'599));
    QVERIFY(std::isnan(valueOf("requests_per_second", history.sum(key, 0, 100))));
    history.forget(newest + 1);
    QVERIFY(history.match({}).empty());
}

void TestFigures::matches()
{
    History history;
    for (const auto& key : {History::Key{"a", "", ""}, History::Key{"a", "a-1", ""},
             History::Key{"a", "", "m"}, History::Key{"b", "", ""}})
        history.set(key, 1, {});
    QCOMPARE(history.match({}).size(), 2U);
    QCOMPARE(history.match({"a", "", ""}).size(), 1U);
    QCOMPARE(history.match({"a", "*", ""}).size(), 1U);
    QCOMPARE(history.match({"a", "a-1", ""}).size(), 1U);
    QCOMPARE(history.match({"", "", "*"}).size(), 1U);
    QCOMPARE(history.match({"c", "", ""}).size(), 0U);
}

QTEST_GUILESS_MAIN(TestFigures)
#include "tst_figures.moc"
