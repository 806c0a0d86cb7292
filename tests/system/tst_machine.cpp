// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine does to a service: a disk that fails to sync (F13), and a clock that somebody
// sets by an hour or a day (F14).
#include "tests/system/auditing.h"
#include "tests/system/checkouts.h"
#include "tests/system/insist.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"
#include "tests/system/trouble.h"

#include <csignal>
#include <mutex>
#include <set>

using namespace shopfleet;
using namespace std::chrono_literals;
using storeworld::insist;

class TestMachine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void diskFailsToSync_data();
    void diskFailsToSync();
    void clockIsSet_data();
    void clockIsSet();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    orders::v1::Order buy(const std::string& mark);
    inventory::v1::Reservation reserve(const std::string& mark, int seconds);
    inventory::v1::Reservation reservation(const std::string& holder);
    QByteArray logOf(const std::string& service);

    RealFleet m_fleet;
    QTemporaryDir m_folder;
    std::map<std::string, Trouble*> m_troubles; ///< By service.
    StoreWorld::Channels m_channels;
    StoreWorld m_world;
};

void TestMachine::initTestCase()
{
    for (const auto* service : {"accounts", "inventory", "cart", "orders", "payments", "deliveries",
             "provider", "carrier", "traces", "gateway"}) {
        m_troubles[service] = Trouble::open(
            m_folder.filePath(QString::fromLatin1(service) + u'd').toStdString(), true);
        QVERIFY(m_troubles[service]);
    }
    m_fleet.environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(TROUBLE_LIBRARY));
    // Under AddressSanitizer it would have to come first itself.
    m_fleet.environment.insert(
        QStringLiteral("ASAN_OPTIONS"), QStringLiteral("verify_asan_link_order=0"));
    m_fleet.environment.insert(QStringLiteral("TROUBLE"), m_folder.path());
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_channels = StoreWorld::open();
    m_world = StoreWorld::make(m_channels, 1, false);
}

/// One unit, as a buyer who does not give up.
orders::v1::Order TestMachine::buy(const std::string& mark)
{
    const auto carts = cart::v1::Cart::NewStub(m_channels["cart"]);
    const auto orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    const auto cart
        = insist(*carts, &cart::v1::Cart::Stub::CreateCart, checkouts::cartOf(mark, m_world.sku));
    return insist(
        *orders, &orders::v1::Orders::Stub::PlaceOrder, checkouts::checkoutOf(mark, cart.id()));
}

QByteArray TestMachine::logOf(const std::string& service)
{
    QByteArray all;
    const QDir logs(m_fleet.path() + QStringLiteral("/data/logs"));
    for (const auto& name : logs.entryList({QString::fromStdString(service) + u'*'})) {
        QFile file(logs.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

void TestMachine::diskFailsToSync_data()
{
    QTest::addColumn<QByteArray>("service");
    for (const auto* service : {"orders", "payments", "inventory", "deliveries"})
        QTest::newRow(service) << QByteArray(service);
}

/// What a failed fsync has left on the disk nobody knows: the process ends with its first, and who
/// was told "done" before finds it done after.
void TestMachine::diskFailsToSync()
{
    QFETCH(QByteArray, service);
    const auto name = service.toStdString();
    Trouble& trouble = *m_troubles[name];
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::set<std::string> told;
    QString wrong;
    std::vector<std::thread> buyers;
    for (int i = 0; i < 8; ++i)
        buyers.emplace_back([&, i] {
            for (int n = 0; !stop; ++n)
                try {
                    const auto order
                        = buy(name + "-" + std::to_string(i) + "-" + std::to_string(n));
                    const std::lock_guard lock(mutex);
                    told.insert(order.id());
                } catch (const std::exception& error) {
                    const std::lock_guard lock(mutex);
                    wrong += QString::fromUtf8(error.what()) + u'\n';
                }
        });
    const auto count = [&] {
        const std::lock_guard lock(mutex);
        return told.size();
    };
    [[maybe_unused]] const bool warm = QTest::qWaitFor([&] { return count() > 50; }, 20'000);
    const auto pid = m_fleet.service(name).replicas(0).pid();
    const int failedBefore = trouble.syncsFailed;
    trouble.syncFails = 1;
    const bool ended = QTest::qWaitFor([&] { return ::kill(pid_t(pid), 0) != 0; }, 5'000);
    const int failed = trouble.syncsFailed - failedBefore;
    trouble.syncFails = 0;
    const bool serves = QTest::qWaitFor([&] { return m_fleet.serves(name, 1, pid); }, 20'000);
    const auto before = count();
    const bool sells = QTest::qWaitFor([&] { return count() > before + 20; }, 30'000);
    stop = true;
    for (auto& buyer : buyers)
        buyer.join();

    QVERIFY(ended);
    QVERIFY2(failed > 0, "no sync was tried: this proves nothing");
    QVERIFY(serves);
    QVERIFY(sells);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QVERIFY(logOf(name).contains("disk I/O error"));
    const auto found = violationsIn(m_fleet.path() + QStringLiteral("/data"), 60);
    QVERIFY2(found.isEmpty(), qPrintable(found));
    const auto orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    for (const auto& id : told) {
        orders::v1::GetOrderRequest get;
        get.set_id(id);
        QCOMPARE(insist(*orders, &orders::v1::Orders::Stub::GetOrder, get).id(), id);
    }
    qInfo("ended after %d failed syncs; all of the %d orders are there", failed, int(told.size()));
}

inventory::v1::Reservation TestMachine::reserve(const std::string& mark, int seconds)
{
    const auto inventory = inventory::v1::Inventory::NewStub(m_channels["inventory"]);
    inventory::v1::ReserveStockRequest request;
    request.set_request_id(mark);
    request.set_holder(mark);
    request.set_ttl_seconds(seconds);
    auto& line = *request.add_lines();
    line.set_sku(m_world.sku);
    line.set_quantity(1);
    return insist(*inventory, &inventory::v1::Inventory::Stub::ReserveStock, request);
}

inventory::v1::Reservation TestMachine::reservation(const std::string& holder)
{
    const auto inventory = inventory::v1::Inventory::NewStub(m_channels["inventory"]);
    inventory::v1::ListReservationsRequest request;
    request.set_filter("holder = \"" + holder + "\"");
    return insist(*inventory, &inventory::v1::Inventory::Stub::ListReservations, request)
        .reservations(0);
}

void TestMachine::clockIsSet_data()
{
    QTest::addColumn<QByteArray>("service"); // Empty: everybody's.
    QTest::addColumn<int>("hours");
    for (const auto* service : {"inventory", "orders", "payments", ""})
        for (const int hours : {1, -1, 24, -24})
            QTest::addRow("%s %+d h", *service ? service : "all", hours)
                << QByteArray(service) << hours;
}

/// While orders are under way and goods are set aside. Nothing ends early, nothing waits for the
/// clock to come back, and nobody is signed out.
void TestMachine::clockIsSet()
{
    QFETCH(QByteArray, service);
    QFETCH(int, hours);
    const auto mark = QByteArray(QTest::currentDataTag()).replace(' ', '-').toStdString();
    constexpr int kShort = 3;
    const auto lasting = reserve(mark + "-lasting", 600);
    const auto brief = reserve(mark + "-brief", kShort);
    QElapsedTimer sinceReserved;
    sinceReserved.start();
    QCOMPARE(brief.state(), inventory::v1::RESERVATION_STATE_HELD);

    const auto set = [&](int by) {
        for (auto& [name, trouble] : m_troubles)
            if (service.isEmpty() || service == QByteArray::fromStdString(name))
                trouble->clockNs = std::int64_t(by) * 3'600 * 1'000'000'000;
    };
    set(hours);
    QElapsedTimer timer;
    timer.start();
    const auto ordered = buy(mark);
    const auto took = timer.elapsed();
    QTest::qWait(500);
    const auto whileHeld = reservation(mark + "-brief").state();
    // A second early or late is what the rule allows.
    const auto state = [&] { return reservation(mark + "-brief").state(); };
    const bool expired = QTest::qWaitFor(
        [&] { return state() == inventory::v1::RESERVATION_STATE_EXPIRED; }, 10'000);
    const auto expiredAfter = sinceReserved.elapsed();
    const auto lastingState = reservation(mark + "-lasting").state();
    set(0);

    QCOMPARE(ordered.state(), orders::v1::ORDER_STATE_CONFIRMED);
    QVERIFY2(took < 2'000, QByteArray::number(took).constData());
    QCOMPARE(whileHeld, inventory::v1::RESERVATION_STATE_HELD);
    QVERIFY(expired);
    QVERIFY2(expiredAfter > kShort * 1'000 - 1'000 && expiredAfter < kShort * 1'000 + 2'500,
        QByteArray::number(expiredAfter).constData());
    QCOMPARE(lastingState, inventory::v1::RESERVATION_STATE_HELD);
    // It was set indeed, and the log says so.
    QVERIFY(logOf(service.isEmpty() ? "orders" : service.toStdString()).contains("clock was set"));
    const auto found = violationsIn(m_fleet.path() + QStringLiteral("/data"), 20);
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

QTEST_GUILESS_MAIN(TestMachine)
#include "tst_machine.moc"
