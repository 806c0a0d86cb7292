// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/decimal.h"
#include "services/ctl/text.h"
#include "services/ctl/timetext.h"

#include <QTest>

#include <limits>

using namespace shopfleet::ctl;

Q_DECLARE_METATYPE(std::optional<int64_t>)

/// The small readers that the import stands on: decimals, dates, text.
class TestDecimal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parsesMicros_data();
    void parsesMicros();
    void rounds_data();
    void rounds();
    void formats_data();
    void formats();
    void readsTimes_data();
    void readsTimes();
    void knowsUtf8_data();
    void knowsUtf8();
    void calms_data();
    void calms();
};

constexpr std::optional<int64_t> kNone;

void TestDecimal::parsesMicros_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<std::optional<int64_t>>("micros");
    const auto row = [](const char* text, std::optional<int64_t> micros) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text) << micros;
    };
    row("2.55", 2'550'000);
    row("0.001", 1'000);
    row("38970.0", 38'970'000'000);
    row("-0.50", -500'000);
    row("-11062.06", -11'062'060'000);
    row("+1", 1'000'000);
    row("007", 7'000'000);
    row("9223372036854.775807", std::numeric_limits<int64_t>::max());
    row("9223372036854.775808", kNone);
    row("1.0000001", kNone);
    row("", kNone);
    row(".", kNone);
    row("1.", kNone);
    row(".5", kNone);
    row("1e3", kNone);
    row("1,5", kNone);
    row("--1", kNone);
    row("+-1", kNone);
    row("0x10", kNone);
    row("nan", kNone);
    row("1 ", kNone);
}

void TestDecimal::parsesMicros()
{
    QFETCH(QByteArray, text);
    QFETCH(std::optional<int64_t>, micros);
    const auto parsed = parseMicros(text.toStdString());
    QCOMPARE(parsed.ok(), micros.has_value());
    if (micros)
        QCOMPARE(*parsed, *micros);
}

void TestDecimal::rounds_data()
{
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<qint64>("minor");
    QTest::newRow("a tenth of a penny") << qint64(1'000) << qint64(0);
    QTest::newRow("just under half") << qint64(4'999) << qint64(0);
    QTest::newRow("half goes away from zero") << qint64(5'000) << qint64(1);
    QTest::newRow("half below zero too") << qint64(-5'000) << qint64(-1);
    QTest::newRow("just above minus half") << qint64(-4'999) << qint64(0);
    QTest::newRow("whole") << qint64(-2'550'000) << qint64(-255);
    QTest::newRow("one and a half") << qint64(15'000) << qint64(2);
    QTest::newRow("the largest") << std::numeric_limits<qint64>::max()
                                 << qint64(922'337'203'685'478);
    QTest::newRow("the smallest") << std::numeric_limits<qint64>::min()
                                  << qint64(-922'337'203'685'478);
}

void TestDecimal::rounds()
{
    QFETCH(qint64, micros);
    QTEST(qint64(roundToMinor(micros)), "minor");
}

void TestDecimal::formats_data()
{
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("three decimals") << qint64(4'397'950'761'000) << QByteArray("4397950.761");
    QTest::newRow("two are kept") << qint64(500'000) << QByteArray("0.50");
    QTest::newRow("below zero") << qint64(-428'515'730'000) << QByteArray("-428515.73");
    QTest::newRow("small and below zero") << qint64(-1) << QByteArray("-0.000001");
    QTest::newRow("the smallest") << std::numeric_limits<qint64>::min()
                                  << QByteArray("-9223372036854.775808");
}

void TestDecimal::formats()
{
    QFETCH(qint64, micros);
    QTEST(QByteArray::fromStdString(formatMicros(micros)), "text");
}

void TestDecimal::readsTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<std::optional<int64_t>>("seconds");
    const auto row = [](const char* text, std::optional<int64_t> seconds) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text) << seconds;
    };
    row("2010-12-01 08:26:00", 1'291'191'960);
    row("2010-12-01 08:26", 1'291'191'960);
    row("2010-12-01T08:26:00", 1'291'191'960);
    row("12/1/2010 8:26", 1'291'191'960);
    row("2012-02-29 00:00:00", 1'330'473'600);
    row("2011-02-29 00:00:00", kNone);
    row("2010-13-01 08:26:00", kNone);
    row("2010-12-32 08:26:00", kNone);
    row("2010-12-01 24:00:00", kNone);
    row("2010-12-01 08:60:00", kNone);
    row("2010-12-01 08:26:60", kNone);
    row("1989-12-01 08:26:00", kNone);
    row("2101-12-01 08:26:00", kNone);
    row("2010-12-01", kNone);
    row("2010-12-01 08:26:00x", kNone);
    row("yesterday", kNone);
    row("", kNone);
}

void TestDecimal::readsTimes()
{
    QFETCH(QByteArray, text);
    QFETCH(std::optional<int64_t>, seconds);
    const auto parsed = parseFileTime(text.toStdString());
    QCOMPARE(parsed.ok(), seconds.has_value());
    if (!seconds)
        return;
    QCOMPARE(*parsed, *seconds);
    QCOMPARE(formatTime(*parsed).substr(0, 2), "20");
}

void TestDecimal::knowsUtf8_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("plain") << QByteArray("abc") << true;
    QTest::newRow("pound sign") << QByteArray("\xC2\xA3") << true;
    QTest::newRow("four bytes") << QByteArray("\xF0\x9F\x98\x80") << true;
    QTest::newRow("Latin-1") << QByteArray("\xA3") << false;
    QTest::newRow("cut short") << QByteArray("a\xC2") << false;
    QTest::newRow("overlong") << QByteArray("\xC0\xAF") << false;
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << false;
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80") << false;
    QTest::newRow("no continuation") << QByteArray("\xC2"
                                                   "a")
                                     << false;
}

void TestDecimal::knowsUtf8()
{
    QFETCH(QByteArray, text);
    QTEST(isUtf8(text.toStdString()), "good");
}

void TestDecimal::calms_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("calm");
    QTest::newRow("shouts") << QByteArray("WHITE METAL LANTERN")
                            << QByteArray("White metal lantern");
    QTest::newRow("names") << QByteArray("WHITE HANGING HEART T-LIGHT HOLDER")
                           << QByteArray("White hanging heart T-light holder");
    QTest::newRow("white space") << QByteArray("  SET OF  4   KNICK KNACK TINS ")
                                 << QByteArray("Set of 4 knick knack tins");
    QTest::newRow("has small letters") << QByteArray("Dotcomgiftshop Gift Voucher £20.00")
                                       << QByteArray("Dotcomgiftshop Gift Voucher £20.00");
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void TestDecimal::calms()
{
    QFETCH(QByteArray, name);
    QTEST(QByteArray::fromStdString(calm(name.toStdString())), "calm");
}

QTEST_GUILESS_MAIN(TestDecimal)
#include "tst_decimal.moc"
