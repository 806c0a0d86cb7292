// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, pages and searches, each against plain SQL over the same database.
#include "services/orders/liststore.h"
#include "tests/services/orders/madeorders.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::orders;

namespace {

QStringList idsOf(const v1::ListOrdersResponse& response)
{
    QStringList ids;
    for (const auto& one : response.orders())
        ids.append(QString::fromStdString(one.id()));
    return ids;
}

} // namespace

class TestOrdersLists : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void lists_data();
    void lists();
    void pages_data();
    void pages();
    void searches_data();
    void searches();
    void refusesBadLists_data();
    void refusesBadLists();

private:
    v1::ListOrdersResponse list(const v1::ListOrdersRequest& request);
    QStringList idsBySql(const QString& where, const QString& order);

    runtime::TestDatabase m_db{kSchema};
    Writes m_writes;
};

v1::ListOrdersResponse TestOrdersLists::list(const v1::ListOrdersRequest& request)
{
    auto response = listOrders(m_db.reader(), request);
    if (!response.ok())
        qWarning("%s", sayOf(response.status()).constData());
    return response.ok() ? *response : v1::ListOrdersResponse();
}

QStringList TestOrdersLists::idsBySql(const QString& where, const QString& order)
{
    const QString sql = u"SELECT id FROM orders WHERE %1 ORDER BY %2"_s.arg(where, order);
    const auto found
        = m_db.reader().select(sql.toStdString(), [](std::string text) { return text; });
    QStringList ids;
    for (const std::string& id : *found)
        ids.append(QString::fromStdString(id));
    return ids;
}

void TestOrdersLists::initTestCase()
{
    QVERIFY2(m_db.status().ok(), sayOf(m_db.status()).constData());
    const auto imported = importInto(m_db, m_writes, importOf(0, kOrders));
    QVERIFY2(imported.ok(), sayOf(imported.status()).constData());
    QCOMPARE(imported->created(), kOrders);
}

void TestOrdersLists::lists_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<QString>("where"); // The same in plain SQL.
    QTest::addColumn<QString>("sqlOrder");

    const QString latest = u"placed_at DESC, key DESC"_s;
    QTest::newRow("everything") << u""_s << u""_s << u"1"_s << latest;
    QTest::newRow("oldest first") << u""_s << u"placed_at"_s << u"1"_s << u"placed_at, key"_s;
    QTest::newRow("one state") << u"state = CANCELLED"_s << u""_s << u"state = 7"_s << latest;
    QTest::newRow("one state, oldest first")
        << u"state = DELIVERED"_s << u"placed_at"_s << u"state = 6"_s << u"placed_at, key"_s;
    QTest::newRow("a state that no order is in")
        << u"state = SHIPPED"_s << u""_s << u"0"_s << latest;
    QTest::newRow("by total") << u""_s << u"total desc"_s << u"1"_s << u"total DESC, key DESC"_s;
    QTest::newRow("by number") << u""_s << u"id"_s << u"1"_s << u"id"_s;
    QTest::newRow("by state, then time")
        << u""_s << u"state"_s << u"1"_s << u"state, placed_at, key"_s;
    QTest::newRow("customer") << u"customer_id = 12007"_s << u""_s << u"customer_id = '12007'"_s
                              << latest;
    QTest::newRow("e-mail") << u"email = \"person7@example.com\""_s << u""_s
                            << u"email = 'person7@example.com'"_s << latest;
    QTest::newRow("time range")
        << u"placed_at >= \"2010-12-10T00:00:00Z\" AND placed_at < \"2010-12-11T00:00:00Z\""_s
        << u""_s << u"placed_at >= 1291939200000000 AND placed_at < 1292025600000000"_s << latest;
    QTest::newRow("state and money") << u"state = DELIVERED AND total > 500"_s << u"total"_s
                                     << u"state = 6 AND total > 500"_s << u"total, key"_s;
    QTest::newRow("or, not") << u"NOT (country = France OR state = DELIVERED)"_s << u""_s
                             << u"country <> 'France' AND state <> 6"_s << latest;
    QTest::newRow("payment") << u"payment_id = P-536044"_s << u""_s << u"id = '536044'"_s << latest;
    QTest::newRow("contains") << u"id : 3604"_s << u""_s << u"id LIKE '%3604%'"_s << latest;
    QTest::newRow("nothing is stuck") << u"stuck = true"_s << u""_s << u"0"_s << latest;
    QTest::newRow("nothing is held") << u"held = true"_s << u""_s << u"0"_s << latest;
    QTest::newRow("quotation marks are text")
        << u"customer_name = \"' OR 1=1 --\""_s << u""_s << u"0"_s << latest;
}

void TestOrdersLists::lists()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    QFETCH(QString, where);
    QFETCH(QString, sqlOrder);
    v1::ListOrdersRequest request;
    request.set_page_size(1000);
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());

    const auto response = list(request);

    const QStringList wanted = idsBySql(where, sqlOrder);
    QCOMPARE(idsOf(response), wanted);
    QCOMPARE(response.total_size(), wanted.size());
    QVERIFY(response.next_page_token().empty());
}

void TestOrdersLists::pages_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::newRow("all") << u""_s << u""_s;
    QTest::newRow("all, oldest first") << u""_s << u"placed_at"_s;
    QTest::newRow("one state") << u"state = DELIVERED"_s << u""_s;
    QTest::newRow("by total") << u""_s << u"total"_s;
    QTest::newRow("filtered") << u"country = France"_s << u""_s;
    QTest::newRow("found") << u"bag"_s << u""_s;
}

// Whatever way one comes to a row, by skip or from page to page, it is the same row.
void TestOrdersLists::pages()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    v1::ListOrdersRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());
    request.set_page_size(1000);
    const QStringList all = idsOf(list(request));
    QVERIFY(all.size() > 50);

    request.set_page_size(17);
    QStringList paged;
    do {
        const auto page = list(request);
        QCOMPARE(page.total_size(), all.size());
        paged += idsOf(page);
        request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty() && paged.size() <= all.size());
    QCOMPARE(paged, all);

    request.set_page_token("");
    for (qsizetype skip = 0; skip < all.size() + 20; skip += 13) {
        request.set_skip(skip);
        QCOMPARE(idsOf(list(request)), all.mid(skip, 17));
    }
}

void TestOrdersLists::searches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("where");

    QTest::newRow("number") << u"536044"_s << u"id = '536044'"_s;
    QTest::newRow("beginning of a number") << u"53601"_s << u"id LIKE '53601%'"_s;
    QTest::newRow("customer") << u"12007"_s << u"customer_id = '12007'"_s;
    QTest::newRow("name without its accent") << u"muller"_s << u"customer_name LIKE 'Jane%'"_s;
    QTest::newRow("name with an apostrophe") << u"\"o'neill\""_s << u"customer_name LIKE 'John%'"_s;
    QTest::newRow("first part of an e-mail")
        << u"person12@example.com"_s << u"email = 'person12@example.com'"_s;
    QTest::newRow("sku") << u"22635"_s << u"key % 1 = 0 AND id % 10 = 5"_s;
    QTest::newRow("sku in small letters") << u"85123a"_s << u"1"_s;
    QTest::newRow("title word") << u"retrospot"_s << u"id % 2 = 1"_s;
    QTest::newRow("beginning of a title word") << u"retros"_s << u"id % 2 = 1"_s;
    QTest::newRow("two letters") << u"ba"_s << u"id % 2 = 1"_s;
    QTest::newRow("one letter says nothing") << u"b"_s << u"1"_s;
    QTest::newRow("two words") << u"retrospot jane"_s
                               << u"id % 2 = 1 AND customer_name LIKE 'Jane%'"_s;
    QTest::newRow("a quoted word is whole") << u"\"retros\""_s << u"0"_s;
    QTest::newRow("payment") << u"P-536044"_s << u"id = '536044'"_s;
    QTest::newRow("nobody has this") << u"zebra"_s << u"0"_s;
    QTest::newRow("words and a state")
        << u"retrospot state = CANCELLED"_s << u"id % 2 = 1 AND state = 7"_s;
    QTest::newRow("words and a customer")
        << u"retrospot customer_id = 12007"_s << u"id % 2 = 1 AND customer_id = '12007'"_s;
}

void TestOrdersLists::searches()
{
    QFETCH(QString, text);
    QFETCH(QString, where);
    v1::ListOrdersRequest request;
    request.set_page_size(1000);
    request.set_filter(text.toStdString());

    const auto response = list(request);

    QCOMPARE(idsOf(response), idsBySql(where, u"placed_at DESC, key DESC"_s));
    QCOMPARE(response.total_size(), response.orders_size());
}

void TestOrdersLists::refusesBadLists_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QByteArray>("orderBy");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<int>("pageSize");
    QTest::newRow("open bracket") << "(state = DELIVERED"_ba
                                  << ""_ba
                                  << ""_ba << 0;
    QTest::newRow("unknown field") << "colour = red"_ba
                                   << ""_ba
                                   << ""_ba << 0;
    QTest::newRow("unknown state") << "state = LOST"_ba
                                   << ""_ba
                                   << ""_ba << 0;
    QTest::newRow("no number") << "total > much"_ba
                               << ""_ba
                               << ""_ba << 0;
    QTest::newRow("no time") << "placed_at > yesterday"_ba
                             << ""_ba
                             << ""_ba << 0;
    QTest::newRow("order by what is not sorted") << ""_ba
                                                 << "email"_ba
                                                 << ""_ba << 0;
    QTest::newRow("order by SQL") << ""_ba
                                  << "id; DROP TABLE orders"_ba
                                  << ""_ba << 0;
    QTest::newRow("wrong page token") << ""_ba
                                      << ""_ba
                                      << "nonsense"_ba << 0;
    QTest::newRow("page too large") << ""_ba
                                    << ""_ba
                                    << ""_ba << 1001;
    QTest::newRow("negative page") << ""_ba
                                   << ""_ba
                                   << ""_ba << -1;
}

void TestOrdersLists::refusesBadLists()
{
    QFETCH(QByteArray, filter);
    QFETCH(QByteArray, orderBy);
    QFETCH(QByteArray, token);
    QFETCH(int, pageSize);
    v1::ListOrdersRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());
    request.set_page_token(token.toStdString());
    request.set_page_size(pageSize);
    const auto response = listOrders(m_db.reader(), request);
    QVERIFY2(absl::IsInvalidArgument(response.status()), sayOf(response.status()).constData());
}

QTEST_GUILESS_MAIN(TestOrdersLists)
#include "tst_orderslists.moc"
