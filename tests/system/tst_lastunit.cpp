// SPDX-License-Identifier: GPL-3.0-or-later
// One unit and a thousand buyers at once: exactly one order, and everybody else is told why not.
#include "tests/system/checkouts.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

using namespace shopfleet;
using storeworld::call;

namespace {

constexpr int kBuyers = 1'000;
constexpr int kRounds = 10; // SHOPFLEET_TEST_ROUNDS for more.

} // namespace

class TestLastUnit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void oneBuyerGetsIt();
    void cleanupTestCase();

private:
    RealFleet m_fleet;
    StoreWorld::Channels m_channels;
};

void TestLastUnit::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_channels = StoreWorld::open();
}

void TestLastUnit::oneBuyerGetsIt()
{
    const auto inventory = inventory::v1::Inventory::NewStub(m_channels["inventory"]);
    const auto carts = cart::v1::Cart::NewStub(m_channels["cart"]);
    const auto orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    const int rounds = std::max(qEnvironmentVariableIntValue("SHOPFLEET_TEST_ROUNDS"), kRounds);
    for (int round = 0; round < rounds; ++round) {
        const std::string mark = "r" + std::to_string(round);
        inventory::v1::CreateProductRequest create;
        create.set_request_id(mark + "-product");
        create.mutable_product()->set_id(mark);
        create.mutable_product()->set_title("The last one");
        create.mutable_product()->set_state(inventory::v1::PRODUCT_STATE_ACTIVE);
        auto& variant = *create.mutable_product()->add_variants();
        variant.set_sku(mark);
        variant.mutable_price()->set_currency("GBP");
        variant.mutable_price()->set_minor(999);
        call(*inventory, &inventory::v1::Inventory::Stub::CreateProduct, create);
        inventory::v1::ReceiveStockRequest receive;
        receive.set_request_id(mark + "-stock");
        auto& line = *receive.add_lines();
        line.set_sku(mark);
        line.set_quantity(1);
        call(*inventory, &inventory::v1::Inventory::Stub::ReceiveStock, receive);

        std::vector<cart::v1::CreateCartRequest> wishes;
        for (int i = 0; i < kBuyers; ++i)
            wishes.push_back(checkouts::cartOf(mark + "-cart-" + std::to_string(i), mark));
        checkouts::Carts filling(carts->async(), &checkouts::CartAsync::CreateCart, wishes);
        std::vector<orders::v1::PlaceOrderRequest> buys;
        for (const auto& [status, cart, ms] : filling.run(64)) {
            QVERIFY2(status.ok(), status.error_message().c_str());
            buys.push_back(checkouts::checkoutOf(mark + "-buy-" + cart.id(), cart.id()));
        }
        checkouts::Orders buying(orders->async(), &checkouts::OrdersAsync::PlaceOrder, buys);
        int promised = 0;
        int refused = 0;
        for (const auto& [status, order, ms] : buying.run(kBuyers)) {
            QVERIFY2(status.ok(), status.error_message().c_str());
            promised += order.state() == orders::v1::ORDER_STATE_CONFIRMED;
            refused += order.state() == orders::v1::ORDER_STATE_REJECTED
                && order.reject_reason() == "OUT_OF_STOCK";
        }
        QCOMPARE(promised, 1);
        QCOMPARE(refused, kBuyers - 1);
    }
}

void TestLastUnit::cleanupTestCase()
{
    QProcess audit;
    audit.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {QStringLiteral("audit"), QStringLiteral("--control"),
            QString::fromStdString(m_fleet.address())});
    QVERIFY(audit.waitForFinished(60'000));
    QVERIFY(audit.readAllStandardOutput().endsWith("\n0 violations\n"));
    m_fleet.stopControl();
}

QTEST_GUILESS_MAIN(TestLastUnit)
#include "tst_lastunit.moc"
