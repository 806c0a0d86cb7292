// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/latencies.h"
#include "services/ctl/madeuporders.h"
#include "tests/services/ctl/commandrun.h"
#include "tests/services/ctl/fakestore.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::ctl;
using tests::CommandRun;
using tests::FakeStore;

/// Made-up orders can be told from real ones, add up, and come out the same each time.
class TestLoad : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void marksEverything();
    void makesTheSameAgain();
    void makesOthersFromAnotherSeed();
    void isShapedByTheRealOnes();
    void sendsOnceHoweverOften();
    void measuresLatency_data();
    void measuresLatency();

private:
    static MadeUpPlan plan(int64_t orders)
    {
        return {.seed = 7,
            .orders = orders,
            .customers = orders / 3 + 1,
            .mostLines = 100,
            .days = 30,
            .end = 1'700'006'400,
            .articles = madeUpArticles()};
    }
};

void TestLoad::marksEverything()
{
    const MadeUpOrders made(plan(1000));
    for (int64_t i = 0; i < 1000; ++i) {
        const orders::v1::Order order = made.order(i);
        QVERIFY(order.id().starts_with("LOAD-7-"));
        QVERIFY(order.customer_id().starts_with("LOAD-7-C"));
        QVERIFY(order.email().ends_with("@load.invalid"));
        QCOMPARE(order.origin(), "load");
        QCOMPARE(order.payment_ids_size() + order.shipment_ids_size(), 0);
        int64_t total = 0;
        for (const auto& line : order.lines()) {
            QCOMPARE(line.total().minor(), line.unit_price().minor() * line.quantity());
            total += line.total().minor();
        }
        QVERIFY(total > 0);
        QCOMPARE(order.total().minor(), total);
        QVERIFY(order.placed_at().seconds() >= 1'700'006'400 - 30 * 86'400);
        QVERIFY(order.placed_at().seconds() < 1'700'006'400);
    }
    QCOMPARE(made.customer(5).origin(), "load");
    QVERIFY(made.customer(5).id().starts_with("LOAD-"));
}

void TestLoad::makesTheSameAgain()
{
    const MadeUpOrders one(plan(500));
    const MadeUpOrders two(plan(500));
    for (int64_t i = 499; i >= 0; --i)
        QCOMPARE(one.order(i).SerializeAsString(), two.order(i).SerializeAsString());
    // A customer is the same whether it is looked at from an order or by itself.
    QSet<QString> known;
    for (int64_t i = 0; i < one.plan().customers; ++i)
        known.insert(QString::fromStdString(one.customer(i).id() + one.customer(i).country()));
    for (int64_t i = 0; i < 500; ++i)
        QVERIFY(known.contains(
            QString::fromStdString(one.order(i).customer_id() + one.order(i).country())));
}

void TestLoad::makesOthersFromAnotherSeed()
{
    MadeUpPlan other = plan(100);
    other.seed = 8;
    const MadeUpOrders one(plan(100));
    const MadeUpOrders two(other);
    for (int64_t i = 0; i < 100; ++i)
        QVERIFY(one.order(i).id() != two.order(i).id());
    QVERIFY(one.order(3).total().minor() != two.order(3).total().minor()
        || one.order(4).total().minor() != two.order(4).total().minor());
}

void TestLoad::isShapedByTheRealOnes()
{
    const MadeUpOrders made(plan(4000));
    std::vector<int> lines;
    int cancelled = 0;
    int british = 0;
    for (int64_t i = 0; i < 4000; ++i) {
        const orders::v1::Order order = made.order(i);
        lines.push_back(order.lines_size());
        cancelled += order.state() == orders::v1::ORDER_STATE_CANCELLED;
        british += order.country() == "United Kingdom";
    }
    std::sort(lines.begin(), lines.end());
    QVERIFY2(lines[2000] >= 13 && lines[2000] <= 17, "the real median is 15 lines");
    QVERIFY(lines.front() == 1 && lines.back() <= 72);
    QVERIFY(cancelled > 60 && cancelled < 200);
    QVERIFY2(british > 3500 && british < 3800, "91 in a hundred real ones are");
}

void TestLoad::sendsOnceHoweverOften()
{
    FakeStore store;
    store.fault = [](int number) {
        return number % 3 == 0 ? FakeStore::Fault::LoseAnswer : FakeStore::Fault::None;
    };
    const std::vector<std::string> arguments
        = {"load", "--orders", "2500", "--lines-max", "3", "--json", "--target", store.target()};
    const CommandRun first(arguments);
    QCOMPARE(first.code, int(kDone));
    QCOMPARE(store.orders.size(), 2500u);
    QCOMPARE(store.customers.size(), 834u);
    QCOMPARE(first.json()[u"orders"][u"created"].toInt(), 2500);
    QVERIFY(store.largestBatch <= 1000);
    const std::string contents = store.contents();
    const CommandRun second(arguments);
    QCOMPARE(second.json()[u"orders"][u"unchanged"].toInt(), 2500);
    QVERIFY(store.contents() == contents);
}

void TestLoad::measuresLatency_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("step");
    QTest::newRow("one value") << 1 << 5000;
    QTest::newRow("microseconds") << 100 << 1;
    QTest::newRow("milliseconds") << 1000 << 1000;
    QTest::newRow("seconds") << 1000 << 100'000;
}

void TestLoad::measuresLatency()
{
    QFETCH(int, count);
    QFETCH(int, step);
    Latencies latencies;
    Latencies half;
    for (int i = 1; i <= count; ++i)
        (i % 2 == 0 ? half : latencies).add(int64_t(i) * step);
    latencies.add(half);
    QCOMPARE(latencies.count(), count);
    for (const double share : {0.5, 0.95, 0.99, 1.0}) {
        const double exact = std::ceil(share * count) * step / 1000.0;
        const double measured = latencies.percentileMs(share);
        QVERIFY2(measured >= exact * 0.999 && measured <= exact * 1.04,
            qPrintable(u"%1: %2, exactly %3"_s.arg(share).arg(measured).arg(exact)));
    }
    QCOMPARE(Latencies().percentileMs(0.99), 0.0);
}

QTEST_GUILESS_MAIN(TestLoad)
#include "tst_load.moc"
