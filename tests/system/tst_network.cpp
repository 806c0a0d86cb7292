// SPDX-License-Identifier: GPL-3.0-or-later
// What the network does to the store (F9, F10): orders is cut off from another service, or hears it
// late, or a byte a second. Nobody waits longer than he said, nothing is lost or done twice, and it
// goes on by itself within ten seconds of the end of the trouble.
#include "tests/system/auditing.h"
#include "tests/system/checkouts.h"
#include "tests/system/insist.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"
#include "tests/system/troubledlink.h"

using namespace shopfleet;
using namespace std::chrono_literals;
using storeworld::insist;

namespace {

constexpr int kHealed = 10'000; // ms.
constexpr int kOrders = 20;

} // namespace

class TestNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void cutOff_data() { troubles(); }
    void cutOff();
    void late_data();
    void late();
    void callersDeadlineCounts();
    void cleanupTestCase();

private:
    void troubles();
    std::vector<std::string> carts(const std::string& mark);
    checkouts::Orders place(const std::vector<std::string>& carts);
    orders::v1::Order order(const std::string& id);
    int confirmed(const std::vector<std::string>& ids);
    void goesOn(const std::vector<std::string>& ids, const QElapsedTimer& healed);

    RealFleet m_fleet;
    QTemporaryDir m_folder;
    std::map<std::string, std::unique_ptr<TroubledLink>> m_links; ///< Of orders to the others.
    StoreWorld::Channels m_channels;
    std::unique_ptr<orders::v1::Orders::Stub> m_orders;
    StoreWorld m_world;
    int m_number = 0;
};

/// Orders reaches the others through links that the test holds in its hand.
void TestNetwork::initTestCase()
{
    QString peers;
    for (const auto* service : {"inventory", "payments", "deliveries"}) {
        m_links[service] = std::make_unique<TroubledLink>();
        peers += QStringLiteral("%1--peer, \"%2=ipv4:%3\"")
                     .arg(peers.isEmpty() ? QString() : QStringLiteral(", "),
                         QString::fromLatin1(service),
                         QString::fromStdString(m_links[service]->address()));
    }
    QFile file(m_fleet.fleetFile);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QString text = QString::fromUtf8(file.readAll());
    const auto program = QStringLiteral("program: ordersd,");
    QVERIFY(text.contains(program));
    text.replace(program, program + QStringLiteral(" arguments: [%1],").arg(peers));
    m_fleet.fleetFile = m_folder.filePath(QStringLiteral("fleet.yaml"));
    QFile ours(m_fleet.fleetFile);
    QVERIFY(ours.open(QIODevice::WriteOnly) && ours.write(text.toUtf8()) > 0);
    ours.close();

    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    for (const auto& [name, link] : m_links)
        link->leadTo(m_fleet.service(name).replicas(0).port());
    m_channels = StoreWorld::open();
    m_orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            try {
                m_world = StoreWorld::make(m_channels, ++m_number, false);
                return true;
            } catch (const std::exception& error) {
                qInfo("not yet: %s", error.what());
                return false;
            }
        }(),
        20'000);
}

/// What one leaves broken is not the next one's trouble.
void TestNetwork::cleanup()
{
    for (const auto& [name, link] : m_links)
        link->heal();
}

void TestNetwork::troubles()
{
    QTest::addColumn<QByteArray>("service");
    for (const auto& [name, link] : m_links)
        QTest::newRow(name.c_str()) << QByteArray::fromStdString(name);
}

std::vector<std::string> TestNetwork::carts(const std::string& mark)
{
    const auto stub = cart::v1::Cart::NewStub(m_channels["cart"]);
    std::vector<std::string> ids;
    for (int i = 0; i < kOrders; ++i)
        ids.push_back(insist(*stub, &cart::v1::Cart::Stub::CreateCart,
            checkouts::cartOf(mark + std::to_string(i), m_world.sku))
                          .id());
    return ids;
}

checkouts::Orders TestNetwork::place(const std::vector<std::string>& carts)
{
    std::vector<orders::v1::PlaceOrderRequest> requests;
    for (const auto& cart : carts)
        requests.push_back(checkouts::checkoutOf("order-" + cart, cart));
    return {m_orders->async(), &checkouts::OrdersAsync::PlaceOrder, std::move(requests)};
}

orders::v1::Order TestNetwork::order(const std::string& id)
{
    orders::v1::GetOrderRequest get;
    get.set_id(id);
    return insist(*m_orders, &orders::v1::Orders::Stub::GetOrder, get);
}

int TestNetwork::confirmed(const std::vector<std::string>& ids)
{
    return static_cast<int>(std::ranges::count_if(ids, [this](const std::string& id) {
        const auto now = order(id);
        return now.state() == orders::v1::ORDER_STATE_CONFIRMED && !now.shipment_ids().empty()
            && !now.has_waiting();
    }));
}

void TestNetwork::goesOn(const std::vector<std::string>& ids, const QElapsedTimer& healed)
{
    QTRY_COMPARE_WITH_TIMEOUT(confirmed(ids), int(ids.size()), kHealed);
    qInfo(
        "%d orders are through %lld ms after the trouble's end", int(ids.size()), healed.elapsed());
    QVERIFY(healed.elapsed() < kHealed);
    const auto found = violationsIn(m_fleet.path() + QStringLiteral("/data"), 20);
    QVERIFY2(found.isEmpty(), qPrintable(found));
}

void TestNetwork::cutOff()
{
    QFETCH(QByteArray, service);
    auto& link = *m_links[service.toStdString()];
    const auto baskets = carts("cut-" + service.toStdString());
    link.cut();
    auto volley = place(baskets);
    const auto& answers = volley.run(kOrders);
    // What cannot be promised without the other side is refused; what can be is on record, and says
    // what it waits on.
    std::vector<std::string> known;
    for (const auto& answer : answers) {
        QVERIFY2(answer.ms < 7'000, QByteArray::number(answer.ms).constData());
        if (answer.status.ok()) {
            known.push_back(answer.response.id());
            // It is answered once it is promised, which may be before the first try has failed.
            QTRY_COMPARE_WITH_TIMEOUT(
                order(known.back()).waiting().service(), service.toStdString(), 5'000);
        } else {
            QCOMPARE(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
        }
    }
    // Prices are inventory's: nothing is ordered without it.
    QCOMPARE(int(known.size()), service == "inventory" ? 0 : kOrders);
    // So long that pauses between two tries have grown beyond the ten seconds.
    if (service == "payments")
        QTest::qWait(30'000);
    link.heal();
    QElapsedTimer healed;
    healed.start();
    auto again = place(baskets);
    std::set<std::string> all(known.begin(), known.end());
    for (const auto& answer : again.run(kOrders)) {
        QVERIFY2(answer.status.ok(), answer.status.error_message().c_str());
        all.insert(answer.response.id());
    }
    QCOMPARE(int(all.size()), kOrders); // The same orders, not new ones.
    goesOn({all.begin(), all.end()}, healed);
}

void TestNetwork::late_data()
{
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<int>("ms"); // -1: a byte each second.
    for (const auto& [name, link] : m_links) {
        for (const int ms : {200, 5'000, -1})
            QTest::addRow("%s, %d", name.c_str(), ms) << QByteArray::fromStdString(name) << ms;
    }
}

void TestNetwork::late()
{
    QFETCH(QByteArray, service);
    QFETCH(int, ms);
    auto& link = *m_links[service.toStdString()];
    const auto baskets = carts("late-" + service.toStdString() + std::to_string(ms));
    if (ms > 0)
        link.slow(std::chrono::milliseconds(ms));
    else
        link.trickle();
    auto volley = place(baskets);
    std::vector<std::string> known;
    double longest = 0;
    for (const auto& answer : volley.run(kOrders)) {
        longest = std::max(longest, answer.ms);
        if (answer.status.ok())
            known.push_back(answer.response.id());
    }
    qInfo("%d of %d were answered, the last after %.0f ms", int(known.size()), kOrders, longest);
    QVERIFY(longest < 7'000);
    if (ms == 200)
        QCOMPARE(int(known.size()), kOrders); // Slow, and nothing else.
    // Nobody is promised anything before inventory and payments have spoken: it was late indeed.
    if (service != "deliveries")
        QVERIFY(longest > (ms == 200 ? 200 : 1'000));
    link.heal();
    QElapsedTimer healed;
    healed.start();
    auto again = place(baskets);
    for (const auto& answer : again.run(kOrders)) {
        QVERIFY2(answer.status.ok(), answer.status.error_message().c_str());
        if (std::ranges::find(known, answer.response.id()) == known.end())
            known.push_back(answer.response.id());
    }
    QCOMPARE(int(known.size()), kOrders);
    goesOn(known, healed);
}

/// Who cannot wait is not made to, and his order is there all the same: asking again finds it.
void TestNetwork::callersDeadlineCounts()
{
    const auto baskets = carts("impatient");
    m_links["payments"]->slow(2'000ms);
    const auto request = checkouts::checkoutOf("order-" + baskets[0], baskets[0]);
    const auto stub = orders::v1::Orders::NewStub(m_channels["orders"]);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 1s);
    orders::v1::Order answer;
    QElapsedTimer timer;
    timer.start();
    const auto status = stub->PlaceOrder(&context, request, &answer);
    QVERIFY2(timer.elapsed() < 1'100, QByteArray::number(timer.elapsed()).constData());
    // It is told the state of things just before its time is over.
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(answer.waiting().service(), "payments");
    m_links["payments"]->heal();
    QElapsedTimer healed;
    healed.start();
    goesOn({insist(*stub, &orders::v1::Orders::Stub::PlaceOrder, request).id()}, healed);
}

void TestNetwork::cleanupTestCase()
{
    m_fleet.stopControl();
}

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
