// SPDX-License-Identifier: GPL-3.0-or-later
// Goods against other goods: the money adds up whatever the new ones cost, and whether or not they
// can be sent.
#include "services/runtime/status.h"
#include "tests/services/orders/ordersshop.h"

#include <QtTest>

using namespace shopfleet;
using namespace shopfleet::orders;
using Stub = v1::Orders::Stub;
using When = FakePeers::When;

namespace {

constexpr int kUnits = 3; // Of 2.50 each.

v1::ExchangeOrderRequest exchangeOf(const std::string& requestId, const v1::Order& order,
    int backUnits, const std::string& sku, int units)
{
    v1::ExchangeOrderRequest request;
    request.set_request_id(requestId);
    request.set_id(order.id());
    request.set_reason("too small");
    auto& back = *request.add_out();
    back.set_line_id(order.lines(0).id());
    back.set_quantity(backUnits);
    auto& sent = *request.add_in();
    sent.set_sku(sku);
    sent.set_quantity(units);
    return request;
}

} // namespace

class TestOrdersExchanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_shop = std::make_unique<OrdersShop>(); }
    void cleanup() { m_shop.reset(); }
    void sendsOneForTheOther();
    void givesTheRestBack();
    void theNewGoodsComeBackToo();
    void isAReturnWhereTheNewGoodsAreOut();
    void isAReturnWhereTheirParcelIsCalledOff_data();
    void isAReturnWhereTheirParcelIsCalledOff();
    void oneExchangeAfterLostAnswers_data();
    void oneExchangeAfterLostAnswers();
    void refuses_data();
    void refuses();
    void refusesWhileUnderWay();
    void previewChangesNothing();
    void asksAgainWhileInventoryIsAway();

private:
    v1::Order delivered();
    absl::StatusOr<v1::OrderChange> exchange(const v1::ExchangeOrderRequest& request);
    void goodsAreBack(const std::string& id);
    void move(const std::string& id, int fulfilment, deliveries::v1::ShipmentState state);
    bool becomes(const std::string& id, const std::function<bool(const v1::Order&)>& is)
    {
        return m_shop->becomes(id, is);
    }
    bool sums(const v1::Order& order);

    std::unique_ptr<OrdersShop> m_shop;
};

v1::Order TestOrdersExchanges::delivered()
{
    m_shop->peers.addCart("cart-1", "TEAPOT", kUnits);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place", "cart-1"), &order);
    becomes(order.id(), [](const v1::Order& now) { return !now.shipment_ids().empty(); });
    move(order.id(), 1, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    becomes(
        order.id(), [](const v1::Order& now) { return now.state() == v1::ORDER_STATE_SHIPPED; });
    move(order.id(), 1, deliveries::v1::SHIPMENT_STATE_DELIVERED);
    becomes(
        order.id(), [](const v1::Order& now) { return now.state() == v1::ORDER_STATE_DELIVERED; });
    return m_shop->get(order.id());
}

absl::StatusOr<v1::OrderChange> TestOrdersExchanges::exchange(
    const v1::ExchangeOrderRequest& request)
{
    v1::OrderChange change;
    const auto status = runtime::fromWire(m_shop->call(&Stub::ExchangeOrder, request, &change));
    if (!status.ok())
        return status;
    return change;
}

void TestOrdersExchanges::goodsAreBack(const std::string& id)
{
    m_shop->peers.tell(
        id, deliveries::v1::SHIPMENT_STATE_DELIVERED, deliveries::v1::SHIPMENT_DIRECTION_RETURN, 1);
}

void TestOrdersExchanges::move(
    const std::string& id, int fulfilment, deliveries::v1::ShipmentState state)
{
    m_shop->peers.tell(id, state, deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND, fulfilment);
}

/// The total is what its lines say, and what was paid.
bool TestOrdersExchanges::sums(const v1::Order& order)
{
    std::int64_t sum = 0;
    for (const auto& line : order.lines())
        sum += line.total().minor();
    return sum == order.total().minor() && sum == kUnits * 250
        && order.subtotal().minor() + order.adjustment().minor() == sum;
}

void TestOrdersExchanges::sendsOneForTheOther()
{
    const auto order = delivered();
    const auto change = exchange(exchangeOf("swap", order, 1, "CUP", 1));
    QVERIFY2(change.ok(), change.status().ToString().c_str());
    QCOMPARE(change->refund().minor(), 0);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds(0).state() == v1::REFUND_STATE_AWAITING_GOODS
            && now.reships(0).state() == v1::RESHIP_STATE_PLANNED;
    }));
    auto now = m_shop->get(order.id());
    QCOMPARE(now.lines_size(), 3);
    QCOMPARE(now.lines(1).sku(), "CUP");
    QCOMPARE(now.lines(1).shipped(), 0);
    QVERIFY(sums(now));
    QCOMPARE(now.units(), kUnits + 1);

    move(order.id(), 2, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(becomes(order.id(),
        [](const v1::Order& each) { return each.reships(0).state() == v1::RESHIP_STATE_SENT; }));
    QCOMPARE(m_shop->get(order.id()).lines(1).shipped(), 1);
    goodsAreBack(order.id());
    QVERIFY(becomes(order.id(),
        [](const v1::Order& each) { return each.refunds(0).state() == v1::REFUND_STATE_DONE; }));
    now = m_shop->get(order.id());
    QCOMPARE(now.lines(0).returned(), 1);
    QCOMPARE(now.refunded().minor(), 0);
    QCOMPARE(m_shop->peers.effects("RefundPayment"), 0); // There is no money to send back.
    QCOMPARE(now.state(), v1::ORDER_STATE_DELIVERED);
    QVERIFY(std::ranges::any_of(
        now.timeline(), [](const auto& event) { return event.kind() == "exchange.asked"; }));
}

void TestOrdersExchanges::givesTheRestBack()
{
    m_shop->peers.setPrice("SAUCER", 90);
    const auto order = delivered();
    QVERIFY(exchange(exchangeOf("swap", order, 2, "SAUCER", 1)).ok());
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds(0).state() == v1::REFUND_STATE_AWAITING_GOODS;
    }));
    QCOMPARE(m_shop->get(order.id()).refunds(0).total().minor(), 410);
    QCOMPARE(m_shop->get(order.id()).refunds(0).exchanged().minor(), 90);
    QCOMPARE(m_shop->peers.effects("RefundPayment"), 0); // Not before the goods are here.
    goodsAreBack(order.id());
    QVERIFY(
        becomes(order.id(), [](const v1::Order& now) { return now.refunded().minor() == 410; }));
    QCOMPARE(m_shop->peers.effects("RefundPayment"), 1);
    QVERIFY(sums(m_shop->get(order.id())));
}

/// And everything that was paid can go back in the end, and not a penny more.
void TestOrdersExchanges::theNewGoodsComeBackToo()
{
    m_shop->peers.setPrice("SAUCER", 90);
    const auto order = delivered();
    QVERIFY(exchange(exchangeOf("swap", order, kUnits, "SAUCER", 2)).ok());
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds(0).state() == v1::REFUND_STATE_AWAITING_GOODS;
    }));
    v1::RefundOrderRequest refund;
    refund.set_request_id("not yet");
    refund.set_id(order.id());
    auto& line = *refund.add_lines();
    line.set_line_id(m_shop->get(order.id()).lines(1).id());
    line.set_quantity(2);
    v1::OrderChange change;
    QCOMPARE(m_shop->call(&Stub::RefundOrder, refund, &change).error_code(),
        grpc::StatusCode::INVALID_ARGUMENT); // Nobody has sent them.
    goodsAreBack(order.id());
    move(order.id(), 2, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.reships(0).state() == v1::RESHIP_STATE_SENT
            && now.refunds(0).state() == v1::REFUND_STATE_DONE;
    }));
    refund.set_request_id("now");
    QVERIFY(m_shop->call(&Stub::RefundOrder, refund, &change).ok());
    QVERIFY(becomes(
        order.id(), [](const v1::Order& now) { return now.state() == v1::ORDER_STATE_REFUNDED; }));
    const auto now = m_shop->get(order.id());
    QCOMPARE(now.refunded().minor(), now.captured().minor());
}

void TestOrdersExchanges::isAReturnWhereTheNewGoodsAreOut()
{
    const auto order = delivered();
    m_shop->peers.sellOut("CUP");
    QVERIFY(exchange(exchangeOf("swap", order, 1, "CUP", 1)).ok());
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds(0).state() == v1::REFUND_STATE_AWAITING_GOODS;
    }));
    auto now = m_shop->get(order.id());
    QCOMPARE(now.reships(0).state(), v1::RESHIP_STATE_STOPPED);
    QCOMPARE(now.reships(0).stop_reason(), "OUT_OF_STOCK");
    QCOMPARE(now.lines_size(), 1);
    QCOMPARE(now.refunds(0).total().minor(), 250);
    QVERIFY(sums(now));
    goodsAreBack(order.id());
    QVERIFY(
        becomes(order.id(), [](const v1::Order& each) { return each.refunded().minor() == 250; }));
}

void TestOrdersExchanges::isAReturnWhereTheirParcelIsCalledOff_data()
{
    QTest::addColumn<bool>("goodsFirst");
    QTest::newRow("before the goods are back") << false;
    QTest::newRow("after") << true;
}

void TestOrdersExchanges::isAReturnWhereTheirParcelIsCalledOff()
{
    QFETCH(bool, goodsFirst);
    m_shop->peers.setPrice("SAUCER", 90);
    const auto order = delivered();
    QVERIFY(exchange(exchangeOf("swap", order, 1, "SAUCER", 1)).ok());
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds(0).state() == v1::REFUND_STATE_AWAITING_GOODS;
    }));
    const auto back = [&] {
        goodsAreBack(order.id());
        QVERIFY(becomes(order.id(),
            [](const v1::Order& now) { return now.refunds(0).state() == v1::REFUND_STATE_DONE; }));
    };
    if (goodsFirst)
        back();
    move(order.id(), 2, deliveries::v1::SHIPMENT_STATE_CANCELLED);
    QVERIFY(becomes(order.id(),
        [](const v1::Order& now) { return now.reships(0).state() == v1::RESHIP_STATE_STOPPED; }));
    if (!goodsFirst)
        back();
    QVERIFY(
        becomes(order.id(), [](const v1::Order& now) { return now.refunded().minor() == 250; }));
    QCOMPARE(m_shop->get(order.id()).lines_size(), 1);
    QVERIFY(sums(m_shop->get(order.id())));
    QCOMPARE(m_shop->peers.effects("ReleaseReservation"), 1);
}

void TestOrdersExchanges::oneExchangeAfterLostAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    for (const auto* method : {"ReserveStock", "PlanShipment", "CreateReturn"})
        QTest::newRow(method) << QByteArray(method);
}

void TestOrdersExchanges::oneExchangeAfterLostAnswers()
{
    QFETCH(QByteArray, method);
    const auto order = delivered();
    m_shop->peers.fail(method.toStdString(), 2, grpc::StatusCode::UNAVAILABLE, When::AfterActing);
    const auto request = exchangeOf("swap", order, 1, "CUP", 1);
    QVERIFY(exchange(request).ok());
    QVERIFY(exchange(request).ok());
    QVERIFY(becomes(order.id(), [](const v1::Order& now) {
        return now.refunds(0).state() == v1::REFUND_STATE_AWAITING_GOODS
            && now.reships(0).state() == v1::RESHIP_STATE_PLANNED;
    }));
    const auto now = m_shop->get(order.id());
    QCOMPARE(now.refunds_size(), 1);
    QCOMPARE(now.reships_size(), 1);
    QCOMPARE(m_shop->peers.effects("ReserveStock"), 2);
    QCOMPARE(m_shop->peers.effects("PlanShipment"), 2);
    QCOMPARE(m_shop->peers.effects("CreateReturn"), 1);
}

void TestOrdersExchanges::refuses_data()
{
    QTest::addColumn<int>("backUnits");
    QTest::addColumn<QByteArray>("sku");
    QTest::addColumn<int>("units");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("more than was bought")
        << kUnits + 1 << QByteArray("CUP") << 1 << QByteArray("out[0].quantity");
    QTest::newRow("nothing back") << 0 << QByteArray("CUP") << 1 << QByteArray("out[0].quantity");
    QTest::newRow("a negative number")
        << 1 << QByteArray("CUP") << -1 << QByteArray("in[0].quantity");
    QTest::newRow("no goods") << 1 << QByteArray() << 1 << QByteArray("in[0].sku");
    QTest::newRow("unknown goods")
        << 1 << QByteArray("UNKNOWN") << 1 << QByteArray("not known to inventory");
    QTest::newRow("dearer goods") << 1 << QByteArray("CUP") << 2 << QByteArray("2.50 GBP more");
}

void TestOrdersExchanges::refuses()
{
    QFETCH(int, backUnits);
    QFETCH(QByteArray, sku);
    QFETCH(int, units);
    QFETCH(QByteArray, says);
    const auto order = delivered();
    const auto answer = exchange(exchangeOf("swap", order, backUnits, sku.toStdString(), units));
    QVERIFY(!answer.ok());
    QVERIFY2(QByteArray::fromStdString(answer.status().ToString()).contains(says),
        answer.status().ToString().c_str());
    QCOMPARE(m_shop->get(order.id()).etag(), order.etag());
}

void TestOrdersExchanges::refusesWhileUnderWay()
{
    m_shop->peers.addCart("cart-1", "TEAPOT", kUnits);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place", "cart-1"), &order);
    QVERIFY(becomes(order.id(), [](const v1::Order& now) { return !now.shipment_ids().empty(); }));
    QVERIFY(!exchange(exchangeOf("early", order, 1, "CUP", 1)).ok());
    move(order.id(), 1, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(becomes(
        order.id(), [](const v1::Order& now) { return now.state() == v1::ORDER_STATE_SHIPPED; }));
    const auto answer = exchange(exchangeOf("soon", order, 1, "CUP", 1));
    QCOMPARE(runtime::reason(answer.status()), "NOT_ARRIVED");
}

void TestOrdersExchanges::previewChangesNothing()
{
    m_shop->peers.setPrice("SAUCER", 90);
    const auto order = delivered();
    auto request = exchangeOf("", order, 1, "SAUCER", 1);
    request.clear_request_id();
    request.set_validate_only(true);
    const auto foreseen = exchange(request);
    QVERIFY2(foreseen.ok(), foreseen.status().ToString().c_str());
    QCOMPARE(foreseen->refund().minor(), 160);
    QCOMPARE(foreseen->order().lines_size(), 3);
    QCOMPARE(foreseen->order().lines(1).title(), "Thing SAUCER");
    QCOMPARE(m_shop->get(order.id()).etag(), order.etag());
    QCOMPARE(m_shop->peers.effects("ReserveStock"), 1);
}

void TestOrdersExchanges::asksAgainWhileInventoryIsAway()
{
    const auto order = delivered();
    m_shop->peers.fail("BatchGetVariants", 1, grpc::StatusCode::UNAVAILABLE);
    const auto request = exchangeOf("swap", order, 1, "CUP", 1);
    QCOMPARE(exchange(request).status().code(), absl::StatusCode::kUnavailable);
    QCOMPARE(m_shop->get(order.id()).etag(), order.etag());
    QVERIFY(exchange(request).ok());
}

QTEST_GUILESS_MAIN(TestOrdersExchanges)
#include "tst_ordersexchanges.moc"
