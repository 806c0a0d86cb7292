// SPDX-License-Identifier: GPL-3.0-or-later
#include "orders_schema.h"
#include "services/orders/liststore.h"
#include "services/orders/rules.h"
#include "services/orders/store.h"
#include "services/orders/tallystore.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::orders;
using runtime::Connection;

namespace {

constexpr int kOrders = 600;
constexpr std::int64_t kStart = 1'291'191'960; // 2010-12-01 08:26.

v1::OrderLine line(v1::LineKind kind, const std::string& sku, const std::string& title,
    std::int64_t quantity, std::int64_t total)
{
    v1::OrderLine line;
    line.set_kind(kind);
    line.set_sku(sku);
    line.set_title(title);
    line.set_quantity(quantity);
    line.mutable_total()->set_currency("GBP");
    line.mutable_total()->set_minor(total);
    return line;
}

/// Orders that differ in all that a list looks at; every fifth shares its minute with the one
/// before.
v1::Order order(int i)
{
    v1::Order order;
    order.set_id(std::to_string(536'000 + i));
    order.set_kind(i % 50 == 7 ? v1::ORDER_KIND_CREDIT : v1::ORDER_KIND_SALE);
    order.set_state(i % 50 == 7 ? v1::ORDER_STATE_REFUNDED
            : i % 10 == 3       ? v1::ORDER_STATE_CANCELLED
                                : v1::ORDER_STATE_DELIVERED);
    order.set_customer_id(i % 4 ? std::to_string(12'000 + i % 30) : "");
    order.set_customer_name(i % 3 ? "Jane Müller" : "John O'Neill");
    order.set_email("person" + std::to_string(i % 30) + "@example.com");
    order.set_country(i % 7 ? "United Kingdom" : "France");
    order.set_origin("import:test");
    order.mutable_placed_at()->set_seconds(kStart + std::int64_t{i - (i % 5 == 4)} * 3'660);
    order.add_payment_ids("P-" + order.id());
    *order.add_lines()
        = line(v1::LINE_KIND_PRODUCT, "85123A", "WHITE HANGING HEART", 1 + i % 9, 100 + i);
    if (i % 2)
        *order.add_lines() = line(
            v1::LINE_KIND_PRODUCT, "2263" + std::to_string(i % 10), "RED RETROSPOT BAG", 2, 250);
    order.mutable_total()->set_currency("GBP");
    order.mutable_total()->set_minor(100 + i + (i % 2 ? 250 : 0));
    return order;
}

v1::ImportOrdersRequest importOf(int from, int to)
{
    v1::ImportOrdersRequest request;
    for (int i = from; i < to; ++i)
        *request.add_orders() = order(i);
    if (auto status = checkImport(request); !status.ok())
        qFatal("%s", std::string(status.message()).c_str());
    return request;
}

QByteArray sayOf(const absl::Status& status)
{
    return QByteArray::fromStdString(status.ToString());
}

} // namespace

class TestOrdersStore : public QObject {
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
    void statsAddUp_data();
    void statsAddUp();
    void importsOnce();
    void importsChanges();
    void importKeepsNotes();
    void importRefusesAnotherOrigin();
    void ordersOfOneMomentKeepTheirOrder();
    void numbersAreNew();
    void cartIsOrderedOnce();

private:
    absl::StatusOr<v1::ImportOrdersResponse> import(const v1::ImportOrdersRequest& request);
    v1::ListOrdersResponse list(const v1::ListOrdersRequest& request);
    QStringList idsBySql(const QString& where, const QString& order);

    runtime::TestDatabase m_db{kSchema};
    Writes m_writes;
};

absl::StatusOr<v1::ImportOrdersResponse> TestOrdersStore::import(
    const v1::ImportOrdersRequest& request)
{
    v1::ImportOrdersResponse response;
    const auto status = m_db.write([&](Connection& db) {
        auto result = m_writes.import(db, request, {"staff:owner", "", runtime::nowUs()});
        if (result.ok())
            response = *result;
        return result.status();
    });
    if (!status.ok())
        return status;
    return response;
}

v1::ListOrdersResponse TestOrdersStore::list(const v1::ListOrdersRequest& request)
{
    auto response = listOrders(m_db.reader(), request);
    if (!response.ok())
        qWarning("%s", sayOf(response.status()).constData());
    return response.ok() ? *response : v1::ListOrdersResponse();
}

QStringList TestOrdersStore::idsBySql(const QString& where, const QString& order)
{
    const QString sql = u"SELECT id FROM orders WHERE %1 ORDER BY %2"_s.arg(where, order);
    const auto found
        = m_db.reader().select(sql.toStdString(), [](std::string text) { return text; });
    QStringList ids;
    for (const std::string& id : *found)
        ids.append(QString::fromStdString(id));
    return ids;
}

QStringList idsOf(const v1::ListOrdersResponse& response)
{
    QStringList ids;
    for (const auto& one : response.orders())
        ids.append(QString::fromStdString(one.id()));
    return ids;
}

void TestOrdersStore::initTestCase()
{
    QVERIFY2(m_db.status().ok(), sayOf(m_db.status()).constData());
    const auto imported = import(importOf(0, kOrders));
    QVERIFY2(imported.ok(), sayOf(imported.status()).constData());
    QCOMPARE(imported->created(), kOrders);
}

void TestOrdersStore::lists_data()
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

void TestOrdersStore::lists()
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

void TestOrdersStore::pages_data()
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
void TestOrdersStore::pages()
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

void TestOrdersStore::searches_data()
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

void TestOrdersStore::searches()
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

void TestOrdersStore::refusesBadLists_data()
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

void TestOrdersStore::refusesBadLists()
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

void TestOrdersStore::statsAddUp_data()
{
    QTest::addColumn<int>("interval");
    QTest::addColumn<qint64>("from");
    QTest::addColumn<qint64>("to");
    const qint64 day = 1'291'161'600; // 2010-12-01 00:00.
    QTest::newRow("days") << 86'400 << day << day + 60 * 86'400;
    QTest::newRow("hours") << 3'600 << day << day + 80 * 3'600;
    QTest::newRow("minutes") << 60 << day + 8 * 3'600 << day + 12 * 3'600;
    QTest::newRow("seconds") << 7 << qint64(kStart - 20) << qint64(kStart + 13'000);
    QTest::newRow("hours that begin in between")
        << 3'600 << day + 1'800 << day + 40 * 3'600 + 1'800;
}

void TestOrdersStore::statsAddUp()
{
    QFETCH(int, interval);
    QFETCH(qint64, from);
    QFETCH(qint64, to);
    v1::GetOrderStatsRequest request;
    request.set_interval_seconds(interval);
    request.mutable_from()->set_seconds(from);
    request.mutable_to()->set_seconds(to);

    const auto stats = orderStats(m_db.reader(), request);

    QVERIFY2(stats.ok(), sayOf(stats.status()).constData());
    struct Sums {
        std::int64_t orders, revenue, units;
    };
    const auto wanted = m_db.reader().select(R"sql(
        SELECT count(*), coalesce(sum(CASE WHEN state <> 7 THEN total ELSE 0 END), 0), coalesce(sum(units), 0)
        FROM orders WHERE placed_at >= :1 AND placed_at < :2)sql",
        [](std::int64_t orders, std::int64_t revenue, std::int64_t units) {
            return Sums{orders, revenue, units};
        },
        from * 1'000'000, to * 1'000'000);
    std::int64_t orders = 0, revenue = 0, units = 0;
    for (const auto& one : stats->intervals()) {
        orders += one.orders();
        revenue += one.revenue_minor();
        units += one.units();
    }
    QVERIFY(orders > 0);
    QCOMPARE(orders, wanted->front().orders);
    QCOMPARE(revenue, wanted->front().revenue);
    QCOMPARE(units, wanted->front().units);
    QCOMPARE(stats->orders(), orders);
    QCOMPARE(stats->revenue_minor(), revenue);
    QCOMPARE(stats->currency(), std::string("GBP"));
    QCOMPARE(stats->intervals_size(), int((to - from + interval - 1) / interval));
}

void TestOrdersStore::importsOnce()
{
    const auto again = import(importOf(0, 50));
    QVERIFY2(again.ok(), sayOf(again.status()).constData());
    QCOMPARE(again->unchanged(), 50);
    QCOMPARE(again->created() + again->updated(), 0);
}

void TestOrdersStore::importsChanges()
{
    // Another time, another title: the row moves, the words change, the figures stay right.
    v1::ImportOrdersRequest request = importOf(20, 21);
    v1::Order& changed = *request.mutable_orders(0);
    changed.mutable_placed_at()->set_seconds(kStart + 50'000'000);
    changed.mutable_lines(0)->set_title("ZEBRA LAMP");
    changed.clear_first_title();
    const auto imported = import(request);
    QVERIFY2(imported.ok(), sayOf(imported.status()).constData());
    QCOMPARE(imported->updated(), 1);

    v1::ListOrdersRequest search;
    search.set_filter("zebra");
    QCOMPARE(idsOf(list(search)), QStringList{u"536020"_s});
    search.set_filter("536020 heart");
    QCOMPARE(list(search).orders_size(), 0);
    v1::ListOrdersRequest all;
    all.set_page_size(1);
    QCOMPARE(idsOf(list(all)), QStringList{u"536020"_s});
    QCOMPARE(list(all).total_size(), kOrders);

    QVERIFY(import(importOf(20, 21)).ok());
    QCOMPARE(list(search).orders_size(), 1);
}

void TestOrdersStore::importKeepsNotes()
{
    const auto noted = m_db.write([&](Connection& db) {
        return m_writes
            .change(db, "536021", "",
                [](v1::Order& one) {
                    one.set_note("calls back");
                    return absl::OkStatus();
                },
                "order.annotated", {}, {"staff:owner", "", runtime::nowUs()})
            .status();
    });
    QVERIFY2(noted.ok(), sayOf(noted).constData());
    QCOMPARE(import(importOf(21, 22))->unchanged(), 1);
    v1::ImportOrdersRequest request = importOf(21, 22);
    request.mutable_orders(0)->set_country("Spain");
    QCOMPARE(import(request)->updated(), 1);
    const auto order = getOrder(m_db.reader(), "536021");
    QCOMPARE(order->note(), std::string("calls back"));
    QCOMPARE(order->country(), std::string("Spain"));
    QCOMPARE(order->timeline_size(), 3);
}

void TestOrdersStore::importRefusesAnotherOrigin()
{
    v1::ImportOrdersRequest request = importOf(kOrders, kOrders + 1);
    *request.add_orders() = importOf(22, 23).orders(0);
    request.mutable_orders(1)->set_origin("load");
    const auto refused = import(request);
    QCOMPARE(refused.status().code(), absl::StatusCode::kFailedPrecondition);
    QVERIFY(QByteArray::fromStdString(std::string(refused.status().message()))
                .contains("orders[1].id"));
    // All or nothing.
    QVERIFY(absl::IsNotFound(getOrder(m_db.reader(), request.orders(0).id()).status()));
}

void TestOrdersStore::ordersOfOneMomentKeepTheirOrder()
{
    runtime::TestDatabase fresh(kSchema);
    Writes writes;
    v1::ImportOrdersRequest request;
    for (int i = 0; i < 50; ++i) {
        v1::Order& one = *request.add_orders();
        one = order(i);
        one.mutable_placed_at()->set_seconds(kStart);
    }
    QVERIFY(checkImport(request).ok());
    QVERIFY(
        fresh.write([&](Connection& db) { return writes.import(db, request, {}).status(); }).ok());
    v1::ListOrdersRequest listed;
    listed.set_order_by("placed_at");
    const auto response = listOrders(fresh.reader(), listed);
    QCOMPARE(response->orders_size(), 50);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(response->orders(i).id(), request.orders(i).id());
}

void TestOrdersStore::numbersAreNew()
{
    // An import may bring the number that comes next.
    runtime::TestDatabase fresh(kSchema);
    Writes writes;
    v1::ImportOrdersRequest request = importOf(0, 1);
    request.mutable_orders(0)->set_id("1000001");
    std::string first, second;
    QVERIFY(fresh
                .write([&](Connection& db) {
                    auto status = writes.import(db, request, {}).status();
                    first = *nextNumber(db);
                    second = *nextNumber(db);
                    return status;
                })
                .ok());
    QCOMPARE(first, std::string("1000002"));
    QCOMPARE(second, std::string("1000003"));
}

void TestOrdersStore::cartIsOrderedOnce()
{
    runtime::TestDatabase fresh(kSchema);
    Writes writes;
    v1::Order bought = order(1);
    bought.set_state(v1::ORDER_STATE_CREATED);
    bought.set_cart_id("cart-1");
    const auto place = [&](const std::string& request) {
        return fresh.write([&](Connection& db) {
            return writes.place(db, bought, request, 1, "tok", {"guest", "", runtime::nowUs()})
                .status();
        });
    };
    QVERIFY(place("a").ok());
    const auto second = place("b");
    QCOMPARE(second.code(), absl::StatusCode::kFailedPrecondition);
    QCOMPARE(runtime::reason(second), std::string("CART_ORDERED"));
    QCOMPARE(*countOrders(fresh.reader(), 0), 1);
}

QTEST_GUILESS_MAIN(TestOrdersStore)
#include "tst_ordersstore.moc"
