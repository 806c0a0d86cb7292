// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/format.h"

#include <QTest>

using namespace Qt::StringLiterals;

class TestFormat : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { QLocale::setDefault(QLocale::c()); }
    void money_data();
    void money();
    void typedMoney_data();
    void typedMoney();
    void roundMoney();
    void spans_data();
    void spans();
};

void TestFormat::money_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QByteArray>("currency");
    QTest::addColumn<QString>("words");
    const QLocale english(QLocale::English, QLocale::UnitedKingdom);
    const QLocale russian(QLocale::Russian, QLocale::Russia);
    QTest::newRow("pounds") << english << qint64(124'050) << QByteArray("GBP") << u"£1,240.50"_s;
    QTest::newRow("owed") << english << qint64(-595) << QByteArray("GBP") << u"−£5.95"_s;
    QTest::newRow("less than one") << english << qint64(7) << QByteArray("EUR") << u"€0.07"_s;
    QTest::newRow("no minor unit") << english << qint64(1'240) << QByteArray("JPY") << u"¥1,240"_s;
    QTest::newRow("three digits") << english << qint64(1'240) << QByteArray("KWD")
                                  << u"KWD\u00a01.240"_s;
    QTest::newRow("sign behind") << russian << qint64(1'240) << QByteArray("GBP")
                                 << u"12,40\u00a0£"_s;
    QTest::newRow("the least there is") << english << std::numeric_limits<qint64>::min()
                                        << QByteArray("GBP") << u"−£92,233,720,368,547,758.08"_s;
    QTest::newRow("no currency") << english << qint64(1) << QByteArray() << QString();
}

void TestFormat::money()
{
    QFETCH(QLocale, locale);
    QFETCH(qint64, minor);
    QFETCH(QByteArray, currency);
    QLocale::setDefault(locale);
    QTEST(format::money(minor, currency.toStdString()), "words");
}

void TestFormat::typedMoney_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("currency");
    QTest::addColumn<qint64>("minor"); // -1: no amount.
    const QByteArray pounds("GBP");
    QTest::newRow("point") << u"12.40"_s << pounds << qint64(1'240);
    QTest::newRow("comma") << u"12,4"_s << pounds << qint64(1'240);
    QTest::newRow("whole") << u"12"_s << pounds << qint64(1'200);
    QTest::newRow("sign and spaces") << u" £ 1 240.50 "_s << pounds << qint64(124'050);
    QTest::newRow("groups") << u"1,234,567.89"_s << pounds << qint64(123'456'789);
    QTest::newRow("a group alone") << u"1,234"_s << pounds << qint64(123'400);
    QTest::newRow("groups of the continent") << u"1.234,50"_s << pounds << qint64(123'450);
    QTest::newRow("three digits") << u"1.234"_s << QByteArray("KWD") << qint64(1'234);
    QTest::newRow("no minor unit") << u"1200"_s << QByteArray("JPY") << qint64(1'200);
    QTest::newRow("nothing") << u""_s << pounds << qint64(-1);
    QTest::newRow("words") << u"twelve"_s << pounds << qint64(-1);
    QTest::newRow("less than nothing") << u"-5"_s << pounds << qint64(-1);
    QTest::newRow("too fine") << u"1.2345"_s << pounds << qint64(-1);
    QTest::newRow("a point alone") << u"."_s << pounds << qint64(-1);
    QTest::newRow("two points") << u"1.2.3"_s << pounds << qint64(-1);
    QTest::newRow("scientific") << u"1e9"_s << pounds << qint64(-1);
    QTest::newRow("too large") << u"99999999999999.99"_s << pounds << qint64(-1);
    QTest::newRow("part of a yen") << u"12.5"_s << QByteArray("JPY") << qint64(-1);
}

void TestFormat::typedMoney()
{
    QFETCH(QString, typed);
    QFETCH(QByteArray, currency);
    QTEST(format::parseMoney(typed, currency.toStdString()).value_or(-1), "minor");
}

void TestFormat::roundMoney()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    QCOMPARE(format::roundMoney(7'499.6, "GBP"), u"£7,500"_s);
    QCOMPARE(format::roundMoney(-0.2, "GBP"), u"£0"_s);
    QCOMPARE(format::roundMoney(-12, "GBP"), u"−£12"_s);
}

void TestFormat::spans_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("words");
    QTest::newRow("seconds") << qint64(59) << u"59 s"_s;
    QTest::newRow("minutes") << qint64(60) << u"1 min"_s;
    QTest::newRow("hours") << qint64(2 * 3'600 + 5 * 60) << u"2 h 05 min"_s;
    QTest::newRow("days") << qint64(3 * 86'400 + 4 * 3'600) << u"3 d 4 h"_s;
}

void TestFormat::spans()
{
    QFETCH(qint64, seconds);
    QTEST(format::span(seconds), "words");
}

QTEST_MAIN(TestFormat)
#include "tst_format.moc"
