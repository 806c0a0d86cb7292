// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/address.h"

#include <QTest>

using namespace Qt::StringLiterals;

class TestAddress : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void survivesTheRoundTrip_data();
    void survivesTheRoundTrip();
};

void TestAddress::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("filter");

    QTest::newRow("a page") << u"shopfleet://orders"_s << u"orders"_s << QString() << QString();
    QTest::newRow("a page, short") << u"orders"_s << u"orders"_s << QString() << QString();
    QTest::newRow("a thing") << u"shopfleet://orders/1043"_s << u"orders"_s << u"1043"_s
                             << QString();
    QTest::newRow("a thing, short") << u"orders/1043"_s << u"orders"_s << u"1043"_s << QString();
    QTest::newRow("a slash at the end")
        << u"shopfleet://orders/"_s << u"orders"_s << QString() << QString();
    QTest::newRow("a filter") << u"shopfleet://orders/1043?filter=state%20%3D%20STUCK&sort=total"_s
                              << u"orders"_s << u"1043"_s << u"state = STUCK"_s;
    QTest::newRow("a plus is a plus")
        << u"orders?filter=a+b"_s << u"orders"_s << QString() << u"a+b"_s;
    QTest::newRow("a slash in a thing")
        << u"services/orders/orders-1"_s << u"services"_s << u"orders/orders-1"_s << QString();
    QTest::newRow("cyrillic") << u"customers?filter=%D0%BC%D0%B8%D1%80"_s << u"customers"_s
                              << QString() << u"мир"_s;
}

void TestAddress::parses()
{
    QFETCH(QString, text);
    const auto address = Address::parse(text);
    QVERIFY(address.has_value());
    QTEST(address->page, "page");
    QTEST(address->id, "id");
    QTEST(address->value(u"filter"_s), "filter");
}

void TestAddress::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no page") << u"shopfleet://"_s;
    QTest::newRow("another scheme") << u"https://orders/1"_s;
    QTest::newRow("capitals") << u"Orders"_s;
    QTest::newRow("a space") << u"orders /1"_s;
    QTest::newRow("a value without a name") << u"orders?=1"_s;
    QTest::newRow("no value at all") << u"orders?filter"_s;
    QTest::newRow("a fragment") << u"orders#1"_s;
}

void TestAddress::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!Address::parse(text).has_value());
}

void TestAddress::survivesTheRoundTrip_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("filter");
    QTest::newRow("plain") << u"1043"_s << u"stuck"_s;
    QTest::newRow("signs of its own") << u"a/b c"_s << u"a=b&c?d#e%20+"_s;
    QTest::newRow("quotes and more")
        << u"C536379"_s << u"placed_at >= \"2011-01-01T00:00:00Z\" AND «мир»"_s;
}

void TestAddress::survivesTheRoundTrip()
{
    QFETCH(QString, id);
    QFETCH(QString, filter);
    Address address{u"orders"_s, id, {}};
    address.set(u"filter"_s, filter);
    address.set(u"sort"_s, u"total desc"_s);
    QCOMPARE(Address::parse(address.toString()), std::optional(address));
}

QTEST_GUILESS_MAIN(TestAddress)
#include "tst_address.moc"
