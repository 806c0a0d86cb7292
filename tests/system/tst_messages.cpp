// SPDX-License-Identifier: GPL-3.0-or-later
// Messages between the companies come twice, late, early, in the wrong order or not at all (F16):
// every pair of a card's and a parcel's trouble, while nobody dies, and while everybody does. Each
// order is delivered and paid for once, and its history says each thing once.
#include "tests/system/auditing.h"
#include "tests/system/checkouts.h"
#include "tests/system/insist.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <map>
#include <thread>

using namespace shopfleet;
using namespace std::chrono_literals;
using storeworld::insist;

namespace {

constexpr const char* kCards[] = {"tok_visa", "tok_webhook_late", "tok_webhook_early",
    "tok_webhook_twice", "tok_timeout", "tok_error"};
constexpr const char* kPlaces[]
    = {"SBX FAST", "SBX TWICE", "SBX REORDER", "SBX TIMEOUT", "SBX ERROR"};

} // namespace

class TestMessages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void eachHasItsEffectOnce_data();
    void eachHasItsEffectOnce();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    orders::v1::Order get(const std::string& id);
    /// An order as far as the carrier, by people who do not give up.
    std::string sell(const std::string& mark, const std::string& card, const std::string& place);
    /// The next of them, kill -9.
    void kill(int turn);

    RealFleet m_fleet;
    StoreWorld m_world;
    std::unique_ptr<cart::v1::Cart::Stub> m_carts;
    std::unique_ptr<orders::v1::Orders::Stub> m_orders;
    std::unique_ptr<deliveries::v1::Deliveries::Stub> m_deliveries;
};

void TestMessages::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    auto channels = StoreWorld::open();
    m_world = StoreWorld::make(channels, 1, false);
    m_carts = cart::v1::Cart::NewStub(channels["cart"]);
    m_orders = orders::v1::Orders::NewStub(channels["orders"]);
    m_deliveries = deliveries::v1::Deliveries::NewStub(channels["deliveries"]);
}

orders::v1::Order TestMessages::get(const std::string& id)
{
    orders::v1::GetOrderRequest request;
    request.set_id(id);
    return insist(*m_orders, &orders::v1::Orders::Stub::GetOrder, request);
}

std::string TestMessages::sell(
    const std::string& mark, const std::string& card, const std::string& place)
{
    const auto cart
        = insist(*m_carts, &cart::v1::Cart::Stub::CreateCart, checkouts::cartOf(mark, m_world.sku));
    auto checkout = checkouts::checkoutOf(mark, cart.id());
    checkout.set_payment_token(card);
    checkout.mutable_shipping_address()->set_postal_code(place);
    auto order = insist(*m_orders, &orders::v1::Orders::Stub::PlaceOrder, checkout);
    const auto end = storeworld::Clock::now() + storeworld::kHeals;
    while (order.shipment_ids().empty() || order.state() != orders::v1::ORDER_STATE_CONFIRMED) {
        if (storeworld::Clock::now() > end)
            throw std::runtime_error("not confirmed: " + order.ShortDebugString());
        std::this_thread::sleep_for(20ms);
        order = get(order.id());
    }
    deliveries::v1::DispatchShipmentRequest leaves;
    leaves.set_request_id(mark);
    leaves.set_id(order.shipment_ids(0));
    insist(*m_deliveries, &deliveries::v1::Deliveries::Stub::DispatchShipment, leaves);
    return order.id();
}

void TestMessages::kill(int turn)
{
    const std::string victims[] = {"carrier", "orders", "provider", "deliveries", "payments"};
    m_fleet.kill(victims[static_cast<std::size_t>(turn) % std::size(victims)]);
}

void TestMessages::eachHasItsEffectOnce_data()
{
    QTest::addColumn<bool>("kills");
    QTest::newRow("nobody dies") << false;
    QTest::newRow("everybody dies") << true;
}

void TestMessages::eachHasItsEffectOnce()
{
    QFETCH(bool, kills);
    std::mutex mutex;
    std::vector<std::string> sold;
    QString wrong;
    std::vector<std::thread> sellers;
    std::atomic<int> selling = 0;
    for (const char* card : kCards) {
        ++selling;
        sellers.emplace_back([&, card] {
            for (const char* place : kPlaces) {
                try {
                    auto id = sell(std::string(kills ? "d " : "l ") + card + place, card, place);
                    const std::lock_guard lock(mutex);
                    sold.push_back(std::move(id));
                } catch (const std::exception& error) {
                    const std::lock_guard lock(mutex);
                    wrong += QString::fromUtf8(error.what()) + QLatin1Char('\n');
                }
            }
            --selling;
        });
    }
    for (int turn = 0; kills && selling > 0; ++turn) {
        kill(turn);
        std::this_thread::sleep_for(1s);
    }
    for (auto& seller : sellers)
        seller.join();
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    QCOMPARE(sold.size(), std::size(kCards) * std::size(kPlaces));

    for (const std::string& id : sold) {
        const auto arrived = [&] {
            const auto order = get(id);
            return order.state() == orders::v1::ORDER_STATE_DELIVERED && !order.has_waiting();
        };
        QVERIFY2(QTest::qWaitFor(arrived, 60'000), get(id).ShortDebugString().c_str());
        const auto order = get(id);
        QCOMPARE(order.captured().minor(), order.total().minor());
        QCOMPARE(order.payment_ids_size(), 1);
        std::map<std::string, int> said;
        for (const auto& event : order.timeline())
            ++said[event.kind()];
        for (const auto* kind : {"order.placed", "order.confirmed", "order.shipped",
                 "order.delivered", "payment.captured"})
            QVERIFY2(said[kind] == 1, (id + " " + kind + " " + std::to_string(said[kind])).c_str());
        deliveries::v1::GetShipmentRequest request;
        request.set_id(order.shipment_ids(0));
        const auto allStations = [&] {
            return insist(*m_deliveries, &deliveries::v1::Deliveries::Stub::GetShipment, request)
                       .events_size()
                == 3;
        };
        QVERIFY(QTest::qWaitFor(allStations, 20'000));
    }
    QCOMPARE(violationsIn(m_fleet.path() + QStringLiteral("/data"), 10), QString());
}

QTEST_GUILESS_MAIN(TestMessages)
#include "tst_messages.moc"
