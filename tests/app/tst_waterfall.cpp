// SPDX-License-Identifier: GPL-3.0-or-later
// A trace on the screen: which span is to blame, where the time went, and the keys.
#include "app/pages/traces/traceview.h"
#include "app/pages/traces/tracewords.h"

#include <QSignalSpy>
#include <QTest>

using namespace shopfleet::traces::v1;
using namespace Qt::StringLiterals;

namespace {

Span& add(
    Trace& trace, const char* id, const char* parent, const char* service, int fromMs, int untilMs)
{
    Span& span = *trace.add_spans();
    span.set_span_id(id);
    span.set_parent_span_id(parent);
    span.set_service(service);
    span.set_name(id);
    span.mutable_start()->set_seconds(1'000);
    span.mutable_start()->set_nanos(fromMs * 1'000'000);
    span.mutable_duration()->set_nanos((untilMs - fromMs) * 1'000'000);
    return span;
}

void wait(Span& span, int ms)
{
    span.add_waited_for()->mutable_duration()->set_nanos(ms * 1'000'000);
}

/// The gateway asks orders, orders asks payments, which is away; then it asks cart.
Trace failedCheckout()
{
    Trace trace;
    trace.set_id("0123456789abcdef0123456789abcdef");
    trace.mutable_started_at()->set_seconds(1'000);
    trace.mutable_duration()->set_nanos(100'000'000);
    Span& root = add(trace, "checkout", "", "gateway", 0, 100);
    root.set_error(true);
    wait(root, 10);
    Span& place = add(trace, "place", "checkout", "orders", 5, 95);
    place.set_error(true);
    wait(place, 20);
    Span& pay = add(trace, "pay", "place", "orders", 20, 80);
    pay.set_kind("client");
    pay.set_error(true);
    pay.set_status("UNAVAILABLE: EDS resource payments-writer contains no localities");
    (*pay.mutable_attributes())["rpc.service"] = "shopfleet.payments.v1.Payments";
    wait(pay, 60);
    wait(add(trace, "close", "place", "cart", 82, 92), 10);
    trace.set_span_count(4);
    trace.set_error_count(3);
    return trace;
}

} // namespace

class TestWaterfall : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void blamesWhereItBegan();
    void theFirstOfSeveral();
    void sharesAddUp();
    void lengths_data();
    void lengths();
    void opensAtTheFailedSpan();
    void keysMove();
    void nothingFailed();
};

void TestWaterfall::blamesWhereItBegan()
{
    const Trace trace = failedCheckout();
    const int first = tracewords::firstFailed(trace);
    QCOMPARE(first, 2); // Those around it failed because of it.
    QCOMPARE(tracewords::blamed(trace.spans(first)), u"payments"_s); // Who asked has only waited.
    QVERIFY(!tracewords::outcome(trace.spans(first)).contains(u"EDS"_s));
}

void TestWaterfall::theFirstOfSeveral()
{
    Trace trace = failedCheckout();
    Span& earlier = add(trace, "earlier", "place", "inventory", 6, 10);
    earlier.set_error(true);
    QCOMPARE(tracewords::firstFailed(trace), 4);
}

void TestWaterfall::sharesAddUp()
{
    const auto shares = tracewords::shares(failedCheckout());
    QCOMPARE(shares.size(), 4);
    QCOMPARE(shares[0].service, u"payments"_s);
    double sum = 0;
    for (const auto& share : shares)
        sum += share.milliseconds;
    QCOMPARE(sum, 100.0);
}

void TestWaterfall::lengths_data()
{
    QTest::addColumn<double>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << 0.0 << u"0 ms"_s;
    QTest::newRow("short") << 0.123 << u"0.12 ms"_s;
    QTest::newRow("some") << 9.94 << u"9.9 ms"_s;
    QTest::newRow("more") << 212.4 << u"212 ms"_s;
    QTest::newRow("seconds") << 5'021.0 << u"5.021 s"_s;
}

void TestWaterfall::lengths()
{
    QLocale::setDefault(QLocale(QLocale::English));
    QFETCH(double, ms);
    QTEST(Waterfall::lengthText(ms), "text");
}

void TestWaterfall::opensAtTheFailedSpan()
{
    const theme::Theme theme;
    TraceView view(theme);
    view.resize(900, 600);
    view.show(failedCheckout());
    auto& waterfall = view.waterfall();
    QCOMPARE(waterfall.current(), 2);
    QCOMPARE(waterfall.model()->rowCount(), 4);
    const auto said = waterfall.model()->index(2, 2).data().toString();
    QCOMPARE(said, u"60 ms, UNAVAILABLE"_s);
    QVERIFY(!view.grab().isNull()); // It is drawn, narrow and wide.
    view.resize(420, 300);
    QVERIFY(!view.grab().isNull());
}

void TestWaterfall::keysMove()
{
    const theme::Theme theme;
    Waterfall waterfall(theme);
    waterfall.setBars({{.name = u"a"_s, .length = 5}, {.depth = 1, .name = u"b"_s, .length = 3}});
    waterfall.setCurrent(0);
    QSignalSpy moved(&waterfall, &Waterfall::currentBarChanged);
    QSignalSpy escaped(&waterfall, &Waterfall::escaped);
    QSignalSpy opened(&waterfall, &Waterfall::opened);
    QTest::keyClick(&waterfall, Qt::Key_J);
    QCOMPARE(waterfall.current(), 1);
    QTest::keyClick(&waterfall, Qt::Key_J); // There is no more.
    QCOMPARE(waterfall.current(), 1);
    QTest::keyClick(&waterfall, Qt::Key_K);
    QCOMPARE(waterfall.current(), 0);
    QCOMPARE(moved.size(), 2);
    QTest::keyClick(&waterfall, Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    QTest::keyClick(&waterfall, Qt::Key_Escape);
    QCOMPARE(escaped.size(), 1);
}

void TestWaterfall::nothingFailed()
{
    Trace trace;
    trace.mutable_started_at()->set_seconds(1'000);
    add(trace, "good", "", "cart", 0, 5);
    QCOMPARE(tracewords::firstFailed(trace), -1);
    const theme::Theme theme;
    TraceView view(theme);
    view.show(trace);
    QCOMPARE(view.waterfall().current(), 0);
    view.show(Trace()); // Nobody would call it so, and nothing happens.
    QCOMPARE(view.waterfall().current(), -1);
}

QTEST_MAIN(TestWaterfall)
#include "tst_waterfall.moc"
