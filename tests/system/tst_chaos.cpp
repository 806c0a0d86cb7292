// SPDX-License-Identifier: GPL-3.0-or-later
// Orders while processes die, freeze and answer late, at random: every order that a customer was
// told of is there, each comes to an end, and the auditor finds nothing. SHOPFLEET_TEST_ORDERS says
// how many orders, SHOPFLEET_TEST_SEED which faults: the same seed gives the same.
#include "tests/system/auditing.h"
#include "tests/system/checkouts.h"
#include "tests/system/insist.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QTemporaryDir>

#include <csignal>
#include <mutex>
#include <random>
#include <set>

using namespace shopfleet;
using namespace std::chrono_literals;
using storeworld::insist;

namespace {

constexpr int kBuyers = 24;

int numberOf(const char* variable, int otherwise)
{
    const int number = qEnvironmentVariableIntValue(variable);
    return number > 0 ? number : otherwise;
}

} // namespace

class TestChaos : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingIsLostOrDoneTwice();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    /// One fault: a process of this service dies, or stops for so long.
    void hit(const std::string& service, std::chrono::milliseconds stopped);

    RealFleet m_fleet;
    StoreWorld::Channels m_channels;
    std::string m_sku;
};

void TestChaos::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_channels = StoreWorld::open();
    const auto world = StoreWorld::make(m_channels, 1, false);
    m_sku = world.sku;
    const auto inventory = inventory::v1::Inventory::NewStub(m_channels["inventory"]);
    inventory::v1::ReceiveStockRequest receive;
    receive.set_request_id("stock");
    receive.set_reason("delivery");
    auto& line = *receive.add_lines();
    line.set_sku(m_sku);
    line.set_quantity(1'000'000);
    insist(*inventory, &inventory::v1::Inventory::Stub::ReceiveStock, receive);
    for (const auto* service : {"orders", "payments", "inventory"})
        QVERIFY(m_fleet.scale(service, 2));
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
}

void TestChaos::hit(const std::string& service, std::chrono::milliseconds stopped)
{
    const auto view = m_fleet.service(service);
    for (const auto& replica : view.replicas()) {
        if (!replica.is_writer() || replica.pid() == 0)
            continue;
        const auto pid = static_cast<pid_t>(replica.pid());
        if (stopped.count() == 0) {
            ::kill(pid, SIGKILL);
            return;
        }
        ::kill(pid, SIGSTOP);
        std::this_thread::sleep_for(stopped);
        ::kill(pid, SIGCONT); // Of a longer one the control plane has made an end meanwhile.
        return;
    }
}

void TestChaos::nothingIsLostOrDoneTwice()
{
    const int count = numberOf("SHOPFLEET_TEST_ORDERS", 1'500);
    std::mutex mutex;
    std::set<std::string> told; // Orders that a buyer has heard of.
    QString wrong;
    std::atomic<int> next = 0;
    std::atomic<int> buying = kBuyers;
    std::vector<std::thread> buyers;
    for (int i = 0; i < kBuyers; ++i)
        buyers.emplace_back([&] {
            const auto carts = cart::v1::Cart::NewStub(m_channels["cart"]);
            const auto orders = orders::v1::Orders::NewStub(m_channels["orders"]);
            for (int n = next++; n < count; n = next++) {
                const auto mark = "buy-" + std::to_string(n);
                try {
                    const auto cart = insist(
                        *carts, &cart::v1::Cart::Stub::CreateCart, checkouts::cartOf(mark, m_sku));
                    auto checkout = checkouts::checkoutOf(mark, cart.id());
                    // Some of them meet a provider that fails after the fact.
                    if (n % 16 == 0)
                        checkout.set_payment_token("tok_error");
                    const auto order
                        = insist(*orders, &orders::v1::Orders::Stub::PlaceOrder, checkout);
                    const std::lock_guard lock(mutex);
                    told.insert(order.id());
                } catch (const std::exception& error) {
                    const std::lock_guard lock(mutex);
                    wrong += QString::fromUtf8(error.what()) + QLatin1Char('\n');
                }
            }
            --buying;
        });

    // Half of the faults are deaths; the others are slow answers and, now and then, a long freeze.
    const auto seed = static_cast<unsigned>(numberOf("SHOPFLEET_TEST_SEED", 1));
    std::minstd_rand random(seed);
    const std::string victims[]
        = {"orders", "payments", "inventory", "cart", "deliveries", "provider"};
    int faults = 0;
    while (buying > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(400 + random() % 800));
        const auto& victim = victims[random() % std::size(victims)];
        const auto kind = random() % 8;
        hit(victim, kind < 4 ? 0ms : kind < 7 ? 200ms : 2'000ms);
        ++faults;
    }
    for (auto& buyer : buyers)
        buyer.join();
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QCOMPARE(told.size(), std::size_t(count)); // One order for each request, and no two for one.
    QElapsedTimer healing;
    healing.start();
    const auto found = violationsIn(m_fleet.path() + QStringLiteral("/data"), 120);
    QVERIFY2(found.isEmpty(), qPrintable(found));

    // The provider, who died with the others, says the same as our books.
    QProcess command;
    command.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {QStringLiteral("reconcile"), QStringLiteral("--timeout"), QStringLiteral("60"),
            QStringLiteral("--control"), QString::fromStdString(m_fleet.address())});
    QVERIFY(command.waitForFinished(70'000));
    const QByteArray said = command.readAllStandardOutput() + command.readAllStandardError();
    QVERIFY2(command.exitCode() == 0 && said.contains(" 0 differences"), said.constData());

    const auto orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    int open = 0;
    const bool settled = QTest::qWaitFor(
        [&] {
            orders::v1::ListOrdersRequest unsettled;
            unsettled.set_filter("state = CREATED OR state = RESERVED OR stuck = true");
            open = static_cast<int>(
                insist(*orders, &orders::v1::Orders::Stub::ListOrders, unsettled).total_size());
            return open == 0;
        },
        60'000);
    QVERIFY2(settled, qPrintable(QString::number(open)));
    for (const auto& id : told) {
        orders::v1::GetOrderRequest get;
        get.set_id(id);
        QCOMPARE(insist(*orders, &orders::v1::Orders::Stub::GetOrder, get).id(), id);
    }
    qInfo("seed %u: %d orders, %d faults, healed after %lld ms", seed, count, faults,
        healing.elapsed());
}

QTEST_GUILESS_MAIN(TestChaos)
#include "tst_chaos.moc"
