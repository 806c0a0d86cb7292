// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/timechart.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace charts;

class TestChart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gaps_data();
    void gaps();
    void legendReadsWhatWasMeasured();
    void chartsOfAGroupShowTheSameTime();
    void pausedChartsKeepTheirData();
    void drawsOnlyWhenSomethingChanged();
    void csvHasEveryTimeOnce();
};

void TestChart::gaps_data()
{
    QTest::addColumn<QList<double>>("seconds");
    QTest::addColumn<QList<double>>("values");
    QTest::addColumn<int>("count");
    const double nan = std::nan("");
    QTest::newRow("none") << QList<double>{1, 2, 3} << QList<double>{5, 6, 7} << 0;
    QTest::newRow("one late sample is not a gap")
        << QList<double>{1, 3, 4} << QList<double>{5, 6, 7} << 0;
    QTest::newRow("missing samples")
        << QList<double>{1, 2, 9, 10} << QList<double>{5, 6, 7, 8} << 1;
    QTest::newRow("not a number") << QList<double>{1, 2, 3, 4} << QList<double>{5, nan, nan, 8}
                                  << 1;
    QTest::newRow("before the first value")
        << QList<double>{1, 2, 3} << QList<double>{nan, nan, 7} << 0;
    QTest::newRow("after the last value")
        << QList<double>{1, 2, 3} << QList<double>{5, nan, nan} << 0;
    QTest::newRow("two") << QList<double>{1, 2, 9, 10, 20} << QList<double>{5, 6, 7, 8, 9} << 2;
}

void TestChart::gaps()
{
    QFETCH(QList<double>, seconds);
    QFETCH(QList<double>, values);
    const Series drawn = withGaps({u"now"_s, seconds, values}, 1);
    QTEST(int(gapsOf(drawn).size()), "count");
    QCOMPARE(drawn.seconds.size(), drawn.values.size());
    QVERIFY(std::is_sorted(drawn.seconds.begin(), drawn.seconds.end()));
    // No two neighbours with values are far apart: no line can cross a gap.
    for (qsizetype i = 1; i < drawn.values.size(); ++i)
        if (!std::isnan(drawn.values[i]) && !std::isnan(drawn.values[i - 1]))
            QVERIFY(drawn.seconds[i] - drawn.seconds[i - 1] <= 2.5);
}

void TestChart::legendReadsWhatWasMeasured()
{
    const Series series = withGaps({u"now"_s, {1, 2, 9, 10}, {5, 6, 7, 8}}, 1);
    QCOMPARE(valueAt(series, 1.9, 1), 6.0);
    QVERIFY(std::isnan(valueAt(series, 5.5, 1)));
    QCOMPARE(latest(series, 1), 8.0);
    // The step that is not over yet is not known; what came before it is. Two are a gap.
    const double nothing = std::nan("");
    QCOMPARE(latest({u"now"_s, {1, 2, 3}, {5, 6, nothing}}, 1), 6.0);
    QVERIFY(std::isnan(latest({u"now"_s, {1, 2, 3}, {5, nothing, nothing}}, 1)));
    QVERIFY(std::isnan(latest({}, 1)));
    QCOMPARE(largest(series, 0, 3), 6.0);
}

void TestChart::chartsOfAGroupShowTheSameTime()
{
    ChartGroup group;
    QSignalSpy changed(&group, &ChartGroup::rangeChanged);
    group.setSpan(3600);
    group.setNow(10'000);
    QCOMPARE(group.from(), 6'400.0);
    group.zoomTo(7'000, 8'000);
    group.setNow(10'001);
    QCOMPARE(group.to(), 8'000.0); // What the user chose stands still.
    group.zoomTo(0, 99'999);
    QVERIFY(!group.isZoomed());
    QCOMPARE(group.to(), 10'001.0);
    QVERIFY(changed.count() >= 3);
}

void TestChart::pausedChartsKeepTheirData()
{
    const theme::Theme theme;
    ChartGroup group;
    TimeChart chart(theme, group, {u"Requests"_s, u" /s"_s});
    chart.setSeries({{u"now"_s, {1, 2}, {5, 6}}}, 1);
    group.setPaused(true);
    chart.setSeries({{u"now"_s, {1, 2, 3}, {5, 6, 7}}}, 1);
    QCOMPARE(chart.series().first().values.size(), 2);
    group.setPaused(false);
    chart.setSeries({{u"now"_s, {1, 2, 3}, {5, 6, 7}}}, 1);
    QCOMPARE(chart.series().first().values.size(), 3);
}

void TestChart::drawsOnlyWhenSomethingChanged()
{
    const theme::Theme theme;
    ChartGroup group;
    group.setSpan(60);
    group.setNow(100);
    TimeChart chart(theme, group, {u"Requests"_s, u" /s"_s});
    chart.resize(600, 200);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    QSignalSpy drawn(&chart, &TimeChart::drawn);
    chart.setSeries({{u"now"_s, {50, 51}, {5, 6}}}, 1);
    QTRY_VERIFY(drawn.count() > 0);
    QTest::qWait(30);
    drawn.clear();
    group.setNow(100); // The same time again.
    group.setCrosshair(51); // A layer of its own.
    QTest::qWait(30);
    QCOMPARE(drawn.count(), 0);
}

void TestChart::csvHasEveryTimeOnce()
{
    const QString csv
        = toCsv({{u"p50"_s, {0, 1}, {5, std::nan("")}}, {u"p\"99"_s, {1}, {7}}}, u" ms"_s);
    QCOMPARE(csv,
        u"\"time (UTC)\",\"p50 (ms)\",\"p\"\"99 (ms)\"\r\n1970-01-01T00:00:00.000Z,5,\r\n1970-01-01T00:00:01.000Z,,7\r\n"_s);
}

QTEST_MAIN(TestChart)
#include "tst_chart.moc"
