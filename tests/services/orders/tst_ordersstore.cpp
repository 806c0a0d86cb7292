// SPDX-License-Identifier: GPL-3.0-or-later
// Imports, figures and numbers.
#include "services/orders/liststore.h"
#include "services/orders/tallystore.h"
#include "tests/services/orders/madeorders.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::orders;
using runtime::Connection;

namespace {

QStringList idsOf(const v1::ListOrdersResponse& response)
{
    QStringList ids;
    for (const auto& one : response.orders())
        ids.append(QString::fromStdString(one.id()));
    return ids;
}

} // namespace

class TestOrdersStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
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
    absl::StatusOr<v1::ImportOrdersResponse> import(const v1::ImportOrdersRequest& request)
    {
        return importInto(m_db, m_writes, request);
    }
    v1::ListOrdersResponse list(const v1::ListOrdersRequest& request);

    runtime::TestDatabase m_db{kSchema};
    Writes m_writes;
};

v1::ListOrdersResponse TestOrdersStore::list(const v1::ListOrdersRequest& request)
{
    auto response = listOrders(m_db.reader(), request);
    if (!response.ok())
        qWarning("%s", sayOf(response.status()).constData());
    return response.ok() ? *response : v1::ListOrdersResponse();
}

void TestOrdersStore::initTestCase()
{
    QVERIFY2(m_db.status().ok(), sayOf(m_db.status()).constData());
    const auto imported = import(importOf(0, kOrders));
    QVERIFY2(imported.ok(), sayOf(imported.status()).constData());
    QCOMPARE(imported->created(), kOrders);
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
                {"order.annotated", {}}, {"staff:owner", "", runtime::nowUs()})
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
