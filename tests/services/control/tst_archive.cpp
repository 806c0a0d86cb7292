// SPDX-License-Identifier: GPL-3.0-or-later
// Figures on the disk: three tiers, there again after a restart, bounded, and no reason to stay
// down.
#include "services/control/archive.h"
#include "services/control/metricanswers.h"
#include "services/control/moment.h"
#include "services/runtime/testing.h"

#include <QtTest>

#include <google/protobuf/util/time_util.h>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace shopfleet;
using namespace shopfleet::control;
using google::protobuf::util::TimeUtil;

namespace {

const History::Key kCart{"cart", {}, {}};
const History::Key kAddItem{"cart", {}, "shopfleet.cart.v1.Cart/AddItem"};

store::Point point(std::int64_t at, std::uint32_t requests, float cpu, int seconds = 1)
{
    store::Point point;
    point.at = at;
    point.sum.seconds = seconds;
    point.sum.tally.requests = requests;
    point.sum.tally.errors = requests / 10;
    point.sum.tally.latency[7] = requests;
    point.sum.hasGauges = true;
    point.sum.gauges.cpuShare = cpu;
    point.sum.gauges.healthyReplicas = 2;
    return point;
}

v1::GetMetricsRequest ask(std::int64_t from, std::int64_t to, const char* metric, int step = 0)
{
    v1::GetMetricsRequest request;
    *request.mutable_from() = TimeUtil::SecondsToTimestamp(from);
    *request.mutable_to() = TimeUtil::SecondsToTimestamp(to);
    request.add_metrics(metric);
    request.set_service("cart");
    request.set_step_seconds(step);
    return request;
}

} // namespace

class TestArchive : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secondsComeBack();
    void pastIsAnswered_data();
    void pastIsAnswered();
    void gapsStayGaps();
    void aMethodThatNobodyAsked();
    void refuses_data();
    void refuses();
    void forgetsWhatIsOld();
    void staysWithinItsRoom();
    void aNoisyServiceTakesNoRoom();
    void damageIsPutAside();
    void foreignBytesAreNoPoints();
};

void TestArchive::secondsComeBack()
{
    const runtime::TestFolder folder;
    const auto now = momentNow().seconds() / 10 * 10;
    {
        Archive archive(folder.path());
        archive.add({{0, kCart, now - 20, {point(now - 20, 10, 0.5F), point(now - 18, 20, 0.25F)}},
            {0, kAddItem, now - 20, {point(now - 20, 7, 0)}}});
        archive.add({{0, kCart, now - 10, {point(now - 10, 30, 1)}}});
    }
    Archive again(folder.path());
    const auto found = again.secondsSince(now - 3'600);
    QCOMPARE(found.size(), 2U);
    QVERIFY(found[0].first == kCart);
    const auto& points = found[0].second;
    QCOMPARE(points.size(), 3U);
    QCOMPARE(points[1].at, now - 18);
    QCOMPARE(points[1].sum.tally.requests, 20U);
    QCOMPARE(points[1].sum.tally.errors, 2U);
    QCOMPARE(points[1].sum.tally.latency[7], 20U);
    QCOMPARE(points[1].sum.gauges.cpuShare, 0.25F);
    QCOMPARE(points[1].sum.gauges.healthyReplicas, 2.F);
    QCOMPARE(points[2].sum.tally.requests, 30U);
    QCOMPARE(again.oldest(), now - 20);
}

void TestArchive::pastIsAnswered_data()
{
    QTest::addColumn<int>("ago"); // Seconds.
    QTest::addColumn<int>("tier");
    QTest::addColumn<int>("asked");
    QTest::addColumn<int>("step");
    QTest::newRow("two hours ago") << 7'200 << 1 << 0 << 10;
    QTest::newRow("two hours ago, finer than it is known") << 7'200 << 1 << 1 << 10;
    QTest::newRow("two hours ago, coarser") << 7'200 << 1 << 25 << 30;
    QTest::newRow("two days ago") << 2 * 86'400 << 2 << 0 << 60;
    QTest::newRow("four weeks ago") << 28 * 86'400 << 2 << 60 << 60;
}

void TestArchive::pastIsAnswered()
{
    QFETCH(int, ago);
    QFETCH(int, tier);
    QFETCH(int, asked);
    QFETCH(int, step);
    const runtime::TestFolder folder;
    Archive archive(folder.path());
    const auto now = momentNow().seconds();
    const auto width = store::kTiers.at(std::size_t(tier)).step;
    const auto begin = (now - ago) / 60 * 60;
    std::vector<Archive::Row> rows;
    for (int i = 0; i < 60; ++i)
        rows.push_back({tier, kCart, begin + i * width,
            {point(begin + i * width, std::uint32_t(width) * 5, float(i), int(width))}});
    archive.add(std::move(rows));
    archive.flush();
    const auto request = ask(begin, begin + 60 * width, "requests_per_second", asked);
    QVERIFY(isOfThePast(request, now));
    const auto answer = pastMetrics(archive, request, now);
    QVERIFY2(answer.ok(), answer.status().ToString().c_str());
    QCOMPARE(answer->series_size(), 1);
    const auto& series = answer->series(0);
    QCOMPARE(series.step_seconds(), step);
    QCOMPARE(series.values_size(), int((60 * width + step - 1) / step));
    for (const double value : series.values())
        QCOMPARE(value, 5.0);
    QCOMPARE(answer->oldest().seconds(), begin);
    // A mean is one of what there was.
    const auto cpu
        = pastMetrics(archive, ask(begin, begin + 60 * width, "cpu_share", int(60 * width)), now);
    QCOMPARE(cpu->series(0).values(0), 29.5);
}

void TestArchive::gapsStayGaps()
{
    const runtime::TestFolder folder;
    Archive archive(folder.path());
    const auto now = momentNow().seconds();
    const auto begin = (now - 7'200) / 60 * 60;
    archive.add({{1, kCart, begin, {point(begin, 50, 1, 10)}},
        {1, kCart, begin + 20, {point(begin + 20, 0, 1, 10)}}});
    archive.flush();
    const auto answer
        = pastMetrics(archive, ask(begin, begin + 40, "requests_per_second", 10), now);
    const auto& values = answer->series(0).values();
    QCOMPARE(values.size(), 4);
    QCOMPARE(values[0], 5.0);
    QVERIFY(std::isnan(values[1]));
    QCOMPARE(values[2], 0.0);
    QVERIFY(std::isnan(values[3]));
}

void TestArchive::aMethodThatNobodyAsked()
{
    const runtime::TestFolder folder;
    Archive archive(folder.path());
    const auto now = momentNow().seconds();
    const auto begin = (now - 7'200) / 60 * 60;
    for (int i = 0; i < 3; ++i)
        archive.add({{1, kCart, begin + i * 10, {point(begin + i * 10, 50, 1, 10)}}});
    archive.add({{1, kAddItem, begin + 10, {point(begin + 10, 20, 0, 10)}}});
    archive.flush();
    auto request = ask(begin, begin + 40, "requests_per_second", 10);
    request.set_method("*");
    const auto answer = pastMetrics(archive, request, now);
    QCOMPARE(answer->series_size(), 1);
    const auto& values = answer->series(0).values();
    QCOMPARE(values[0], 0.0);
    QCOMPARE(values[1], 2.0);
    QCOMPARE(values[2], 0.0);
    QVERIFY(std::isnan(values[3]));
}

void TestArchive::refuses_data()
{
    QTest::addColumn<qint64>("from");
    QTest::addColumn<qint64>("to");
    QTest::addColumn<QByteArray>("metric");
    QTest::addColumn<int>("step");
    QTest::addColumn<QByteArray>("field");
    const qint64 now = momentNow().seconds();
    QTest::newRow("backwards") << now - 7'200 << now - 9'000 << QByteArray("p95_ms") << 0
                               << QByteArray("from");
    QTest::newRow("too long ago") << qint64(0) << now - 40 * 86'400 << QByteArray("p95_ms") << 0
                                  << QByteArray("from");
    QTest::newRow("no metric") << now - 7'200 << now << QByteArray("colour") << 0
                               << QByteArray("metrics");
    QTest::newRow("no step") << now - 7'200 << now << QByteArray("p95_ms") << -1
                             << QByteArray("step_seconds");
    QTest::newRow("too fine") << now - 30 * 86'400 << now << QByteArray("p95_ms") << 60
                              << QByteArray("step_seconds");
}

void TestArchive::refuses()
{
    QFETCH(qint64, from);
    QFETCH(qint64, to);
    QFETCH(QByteArray, metric);
    QFETCH(int, step);
    QFETCH(QByteArray, field);
    const runtime::TestFolder folder;
    Archive archive(folder.path());
    const auto answer
        = pastMetrics(archive, ask(from, to, metric.constData(), step), momentNow().seconds());
    QCOMPARE(answer.status().code(), absl::StatusCode::kInvalidArgument);
    QVERIFY(std::string(answer.status().message()).starts_with(field.constData()));
}

void TestArchive::forgetsWhatIsOld()
{
    const runtime::TestFolder folder;
    const auto now = momentNow().seconds() / 60 * 60;
    Archive archive(folder.path());
    std::vector<Archive::Row> rows;
    for (int tier = 0; tier < 3; ++tier) {
        const auto keeps = store::kTiers.at(std::size_t(tier)).keeps;
        rows.push_back({tier, kCart, now - keeps - 120, {point(now - keeps - 120, 1, 0)}});
        rows.push_back({tier, kCart, now - keeps + 600, {point(now - keeps + 600, 1, 0)}});
    }
    rows.push_back({0, {"gone", {}, {}}, now - 9'000, {point(now - 9'000, 1, 0)}});
    archive.add(rows); // It is tidied with the first that it writes.
    archive.flush();
    for (int tier = 0; tier < 3; ++tier)
        QCOMPARE(archive.points(tier, kCart, 0, now + 60).size(), 1U);
    QCOMPARE(archive.match({{}, {}, {}}).size(), 1U); // And who has nothing left is forgotten.
}

void TestArchive::staysWithinItsRoom()
{
    const runtime::TestFolder folder;
    const auto now = momentNow().seconds() / 60 * 60;
    std::vector<Archive::Row> rows;
    for (int minute = 20'000; minute > 0; --minute)
        rows.push_back({2, kCart, now - minute * 60, {point(now - minute * 60, 1'000, 1, 60)}});
    Archive archive(folder.path(), 512 << 10);
    archive.add(std::move(rows));
    archive.flush();
    const auto left = archive.points(2, kCart, 0, now);
    QVERIFY(left.size() > 10'000 && left.size() < 19'000);
    QCOMPARE(left.back().at, now - 60); // The newest stay.
}

void TestArchive::aNoisyServiceTakesNoRoom()
{
    const runtime::TestFolder folder;
    const auto now = momentNow().seconds() / 60 * 60;
    std::vector<Archive::Row> rows;
    for (int i = 0; i < 700; ++i)
        rows.push_back({1, {"noisy", "noisy-" + std::to_string(i), {}}, now - 60,
            {point(now - 60, 1, 0, 10)}});
    rows.push_back({1, kCart, now - 60, {point(now - 60, 1, 0, 10)}});
    Archive archive(folder.path());
    archive.add(std::move(rows));
    archive.flush();
    QCOMPARE(archive.match({"noisy", "*", {}}).size(), 500U);
    QCOMPARE(archive.match(kCart).size(), 1U);
}

void TestArchive::damageIsPutAside()
{
    const runtime::TestFolder folder;
    const auto file = folder.path() + "/metrics.db";
    std::ofstream(file) << std::string(8'192, 'x');
    const auto now = momentNow().seconds() / 10 * 10;
    Archive archive(folder.path());
    QVERIFY(std::filesystem::exists(file + ".damaged"));
    archive.add({{0, kCart, now - 10, {point(now - 10, 1, 0)}}});
    archive.flush();
    QCOMPARE(archive.secondsSince(now - 3'600).size(), 1U);
}

void TestArchive::foreignBytesAreNoPoints()
{
    const runtime::TestFolder folder;
    const auto now = momentNow().seconds() / 10 * 10;
    {
        Archive archive(folder.path());
        archive.add({{0, kCart, now - 30, {point(now - 30, 1, 0)}},
            {0, kCart, now - 20, {point(now - 20, 2, 0)}}});
    }
    {
        const auto db = runtime::Connection::open(folder.path() + "/metrics.db", false);
        QVERIFY((*db)
                    ->script("UPDATE points SET body = X'05FFFFFF' WHERE at = "
                        + std::to_string(now - 30))
                    .ok());
    }
    Archive archive(folder.path());
    const auto points = archive.points(0, kCart, 0, now);
    QCOMPARE(points.size(), 1U);
    QCOMPARE(points[0].sum.tally.requests, 2U);
}

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
