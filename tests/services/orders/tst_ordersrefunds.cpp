// SPDX-License-Identifier: GPL-3.0-or-later
// From the promise to the end: shipping, refunds and returns, with every answer that may be lost.
#include "services/orders/exchanges.h"
#include "services/orders/refunds.h"
#include "services/runtime/status.h"
#include "tests/services/orders/ordersshop.h"

#include <QtTest>

#include <random>
#include <thread>

using namespace shopfleet;
using namespace shopfleet::orders;
using Stub = v1::Orders::Stub;
using When = FakePeers::When;

namespace {

constexpr int kUnits = 3;
constexpr int kTotal = 750; // 3 × £2.50

v1::RefundOrderRequest refundOf(const std::string& requestId, const v1::Order& order)
{
    v1::RefundOrderRequest request;
    request.set_request_id(requestId);
    request.set_id(order.id());
    request.set_reason("broken");
    return request;
}

void addLine(v1::RefundOrderRequest& request, const v1::Order& order, int quantity, bool restock)
{
    auto& line = *request.add_lines();
    line.set_line_id(order.lines(0).id());
    line.set_quantity(quantity);
    line.set_restock(restock);
}

void setAmount(v1::RefundOrderRequest& request, std::int64_t minor)
{
    request.mutable_amount()->set_currency("GBP");
    request.mutable_amount()->set_minor(minor);
}

QByteArrayList kindsOf(const v1::Order& order)
{
    QByteArrayList kinds;
    for (const auto& event : order.timeline())
        kinds << QByteArray::fromStdString(event.kind());
    return kinds;
}

/// What inventory says of cups.
inventory::v1::BatchGetVariantsResponse cups(std::int64_t price)
{
    inventory::v1::BatchGetVariantsResponse prices;
    auto& priced = *prices.add_variants();
    priced.set_product_title("Cup");
    priced.set_product_state(inventory::v1::PRODUCT_STATE_ACTIVE);
    priced.mutable_variant()->set_sku("CUP");
    priced.mutable_variant()->mutable_price()->set_currency("GBP");
    priced.mutable_variant()->mutable_price()->set_minor(price);
    return prices;
}

} // namespace

class TestOrdersRefunds : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_shop = std::make_unique<OrdersShop>(); }
    void cleanup() { m_shop.reset(); }
    void shipsAndArrives();
    void lateNewsChangeNothing();
    void asksAfterAGap();
    void shipsAfterLostAnswers_data();
    void shipsAfterLostAnswers();
    void shippingBeatsCancelling();
    void refunds();
    void previewChangesNothing();
    void refusesRefunds_data();
    void refusesRefunds();
    void refundsAfterLostAnswers_data();
    void refundsAfterLostAnswers();
    void refundsInParallel();
    void refundsOneAfterTheOther();
    void returns();
    void neverMoreThanCaptured();

private:
    v1::Order confirmed();
    v1::Order shipped();
    v1::Order delivered();
    bool becomes(const std::string& id, v1::OrderState state)
    {
        return QTest::qWaitFor(
            [&] {
                const auto order = m_shop->get(id);
                return order.state() == state && !order.has_waiting();
            },
            10'000);
    }

    std::unique_ptr<OrdersShop> m_shop;
    int m_carts = 0;
};

v1::Order TestOrdersRefunds::confirmed()
{
    const std::string cart = "cart-" + std::to_string(++m_carts);
    m_shop->peers.addCart(cart, "TEAPOT", kUnits);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place-" + cart, cart), &order);
    if (!QTest::qWaitFor([&] { return !m_shop->get(order.id()).has_waiting(); }))
        qWarning("the order did not get through");
    return m_shop->get(order.id());
}

v1::Order TestOrdersRefunds::shipped()
{
    const auto order = confirmed();
    m_shop->peers.tell(order.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    becomes(order.id(), v1::ORDER_STATE_SHIPPED);
    return m_shop->get(order.id());
}

v1::Order TestOrdersRefunds::delivered()
{
    const auto order = shipped();
    m_shop->peers.tell(order.id(), deliveries::v1::SHIPMENT_STATE_DELIVERED);
    becomes(order.id(), v1::ORDER_STATE_DELIVERED);
    return m_shop->get(order.id());
}

void TestOrdersRefunds::shipsAndArrives()
{
    const auto id = confirmed().id();
    QCOMPARE(m_shop->get(id).state(), v1::ORDER_STATE_CONFIRMED);
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(becomes(id, v1::ORDER_STATE_SHIPPED));
    const auto order = m_shop->get(id);
    QCOMPARE(order.captured().minor(), kTotal);
    QCOMPARE(order.lines(0).shipped(), kUnits);
    QCOMPARE(kindsOf(order).mid(kindsOf(order).size() - 3),
        QByteArrayList({"payment.captured", "stock.taken", "order.shipped"}));
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DELIVERED);
    QVERIFY(becomes(id, v1::ORDER_STATE_DELIVERED));
    QCOMPARE(m_shop->peers.effects("CapturePayment"), 1);
    QCOMPARE(m_shop->peers.effects("CommitReservation"), 1);
}

void TestOrdersRefunds::lateNewsChangeNothing()
{
    const auto id = confirmed().id();
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DELIVERED);
    QVERIFY(becomes(id, v1::ORDER_STATE_DELIVERED));
    const auto etag = m_shop->get(id).etag();
    for (const auto late : {deliveries::v1::SHIPMENT_STATE_DISPATCHED,
             deliveries::v1::SHIPMENT_STATE_DELIVERED, deliveries::v1::SHIPMENT_STATE_IN_TRANSIT})
        m_shop->peers.tell(id, late);
    // Another order's news come after those, so they were heard.
    const auto next = confirmed().id();
    m_shop->peers.tell(next, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(becomes(next, v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->get(id).etag(), etag);
}

void TestOrdersRefunds::asksAfterAGap()
{
    const auto id = confirmed().id();
    m_shop->end();
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DELIVERED);
    m_shop->peers.forgetNews();
    m_shop->begin();
    QVERIFY(becomes(id, v1::ORDER_STATE_DELIVERED));
}

void TestOrdersRefunds::shipsAfterLostAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("acts");
    for (const auto* method : {"CapturePayment", "CommitReservation"}) {
        QTest::addRow("%s, nothing done", method) << QByteArray(method) << false;
        QTest::addRow("%s, answer lost", method) << QByteArray(method) << true;
    }
}

void TestOrdersRefunds::shipsAfterLostAnswers()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, acts);
    const auto id = confirmed().id();
    const auto name = method.toStdString();
    m_shop->peers.fail(
        name, 1'000, grpc::StatusCode::UNAVAILABLE, acts ? When::AfterActing : When::BeforeActing);
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QTRY_VERIFY(m_shop->peers.calls(name) > 0);
    QTRY_COMPARE(m_shop->get(id).waiting().method(), name);
    m_shop->end(); // As kill -9 would: nothing but the database is left.
    m_shop->peers.fail(name, 0, grpc::StatusCode::OK);
    m_shop->begin();
    QVERIFY(becomes(id, v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->peers.effects("CapturePayment"), 1);
    QCOMPARE(m_shop->peers.effects("CommitReservation"), 1);
}

void TestOrdersRefunds::shippingBeatsCancelling()
{
    const auto id = confirmed().id();
    // Deliveries has let the parcel go, and the word of it is late.
    m_shop->end();
    m_shop->begin();
    m_shop->peers.fail("CancelShipment", 3, grpc::StatusCode::UNAVAILABLE);
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(id);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::CancelOrder, cancel, &change).ok());
    m_shop->peers.tell(id, deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(becomes(id, v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->peers.effects("VoidPayment"), 0);
    QCOMPARE(m_shop->peers.effects("ReleaseReservation"), 0);
    QCOMPARE(kindsOf(m_shop->get(id)).count("order.cancel_refused"), 1);
}

void TestOrdersRefunds::refunds()
{
    const auto order = shipped();
    auto request = refundOf("refund-1", order);
    addLine(request, order, 1, true);
    setAmount(request, 100);
    v1::OrderChange change;
    const auto status = m_shop->call(&Stub::RefundOrder, request, &change);
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(change.refund().minor(), 350);
    QCOMPARE(change.restocked_skus(0), "TEAPOT");
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_SHIPPED));
    auto now = m_shop->get(order.id());
    QCOMPARE(now.refunded().minor(), 350);
    QCOMPARE(now.lines(0).refunded(), 1);
    QCOMPARE(m_shop->peers.payment(order.id()).refunded().minor(), 350);
    QCOMPARE(m_shop->peers.effects("ReceiveStock"), 1);

    // The same request is the same refund, whatever became of its answer.
    v1::OrderChange again;
    QVERIFY(m_shop->call(&Stub::RefundOrder, request, &again).ok());
    QCOMPARE(again.SerializeAsString(), change.SerializeAsString());

    auto rest = refundOf("refund-2", order);
    setAmount(rest, 400);
    QVERIFY(m_shop->call(&Stub::RefundOrder, rest, &change).ok());
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_REFUNDED));
    now = m_shop->get(order.id());
    QCOMPARE(now.refunded().minor(), kTotal);
    QCOMPARE(m_shop->peers.payment(order.id()).refunded().minor(), kTotal);
    QVERIFY(kindsOf(now).contains("order.refunded"));
}

void TestOrdersRefunds::previewChangesNothing()
{
    const auto order = shipped();
    auto request = refundOf("", order);
    addLine(request, order, kUnits, false);
    request.set_validate_only(true);
    v1::OrderChange change;
    const auto status = m_shop->call(&Stub::RefundOrder, request, &change);
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(change.refund().minor(), kTotal);
    QCOMPARE(change.order().state(), v1::ORDER_STATE_REFUNDED);
    QCOMPARE(m_shop->get(order.id()).etag(), order.etag());
    QCOMPARE(m_shop->peers.calls("RefundPayment"), 0);
}

void TestOrdersRefunds::refusesRefunds_data()
{
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("field");
    const auto bad = static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT);
    const auto state = static_cast<int>(grpc::StatusCode::FAILED_PRECONDITION);
    QTest::newRow("nothing") << QByteArray("nothing") << bad << QByteArray("lines");
    QTest::newRow("no such line") << QByteArray("line") << bad << QByteArray("lines[0].line_id");
    QTest::newRow("a line twice") << QByteArray("twice") << bad << QByteArray("lines[1].line_id");
    QTest::newRow("no unit") << QByteArray("zero") << bad << QByteArray("lines[0].quantity");
    QTest::newRow("too many units") << QByteArray("many") << bad << QByteArray("lines[0].quantity");
    QTest::newRow("less than nothing") << QByteArray("minus") << bad << QByteArray("amount.minor");
    QTest::newRow("other currency") << QByteArray("euros") << bad << QByteArray("amount.currency");
    QTest::newRow("shipping that was free")
        << QByteArray("shipping") << bad << QByteArray("shipping.minor");
    QTest::newRow("more than was taken") << QByteArray("more") << state << QByteArray();
    QTest::newRow("not taken yet") << QByteArray("early") << state << QByteArray();
    QTest::newRow("changed meanwhile")
        << QByteArray("etag") << static_cast<int>(grpc::StatusCode::ABORTED) << QByteArray();
}

void TestOrdersRefunds::refusesRefunds()
{
    QFETCH(QByteArray, fault);
    QFETCH(int, code);
    QFETCH(QByteArray, field);
    const auto order = fault == "early" ? confirmed() : shipped();
    auto request = refundOf("refund", order);
    if (fault == "line" || fault == "twice" || fault == "zero" || fault == "many")
        addLine(request, order, fault == "zero" ? 0 : fault == "many" ? kUnits + 1 : 1, false);
    if (fault == "line")
        request.mutable_lines(0)->set_line_id("9");
    if (fault == "twice")
        addLine(request, order, 1, false);
    if (fault == "minus" || fault == "euros" || fault == "more" || fault == "early"
        || fault == "etag")
        setAmount(request, fault == "minus" ? -1 : fault == "more" ? kTotal + 1 : 1);
    if (fault == "euros")
        request.mutable_amount()->set_currency("EUR");
    if (fault == "etag")
        request.set_etag("0");
    if (fault == "shipping") {
        request.mutable_shipping()->set_currency("GBP");
        request.mutable_shipping()->set_minor(1);
    }
    v1::OrderChange change;
    const auto status = m_shop->call(&Stub::RefundOrder, request, &change);
    QCOMPARE(static_cast<int>(status.error_code()), code);
    QCOMPARE(fieldOf(status), field.toStdString());
    QCOMPARE(m_shop->get(order.id()).etag(), order.etag());
    QCOMPARE(m_shop->peers.calls("RefundPayment"), 0);
}

void TestOrdersRefunds::refundsAfterLostAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("acts");
    for (const auto* method : {"RefundPayment", "ReceiveStock"}) {
        QTest::addRow("%s, nothing done", method) << QByteArray(method) << false;
        QTest::addRow("%s, answer lost", method) << QByteArray(method) << true;
    }
}

void TestOrdersRefunds::refundsAfterLostAnswers()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, acts);
    const auto order = shipped();
    const auto name = method.toStdString();
    m_shop->peers.fail(
        name, 1'000, grpc::StatusCode::UNAVAILABLE, acts ? When::AfterActing : When::BeforeActing);
    auto request = refundOf("refund", order);
    addLine(request, order, 2, true);
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::RefundOrder, request, &change).ok());
    QTRY_VERIFY(m_shop->peers.calls(name) > 0);
    m_shop->end();
    m_shop->peers.fail(name, 0, grpc::StatusCode::OK);
    m_shop->begin();
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->get(order.id()).refunded().minor(), 500);
    QCOMPARE(m_shop->peers.payment(order.id()).refunded().minor(), 500);
    QCOMPARE(m_shop->peers.effects("RefundPayment"), 1);
    QCOMPARE(m_shop->peers.effects("ReceiveStock"), 1);
}

void TestOrdersRefunds::refundsInParallel()
{
    const auto order = shipped();
    std::atomic<int> taken = 0;
    std::atomic<int> refused = 0;
    std::vector<std::thread> people;
    for (int i = 0; i < 64; ++i)
        people.emplace_back([&, i] {
            auto request = refundOf("refund-" + std::to_string(i), order);
            setAmount(request, 100);
            v1::OrderChange change;
            const auto status = m_shop->call(&Stub::RefundOrder, request, &change);
            taken += status.ok();
            refused += status.error_code() == grpc::StatusCode::FAILED_PRECONDITION;
        });
    for (auto& one : people)
        one.join();
    QCOMPARE(taken, kTotal / 100);
    QCOMPARE(refused, 64 - kTotal / 100);
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->get(order.id()).refunded().minor(), 700);
    QCOMPARE(m_shop->peers.payment(order.id()).refunded().minor(), 700);
}

void TestOrdersRefunds::refundsOneAfterTheOther()
{
    const auto order = shipped();
    m_shop->peers.fail("RefundPayment", 2, grpc::StatusCode::UNAVAILABLE);
    for (const auto* name : {"first", "second"}) {
        auto request = refundOf(name, order);
        addLine(request, order, 1, true);
        v1::OrderChange change;
        QVERIFY(m_shop->call(&Stub::RefundOrder, request, &change).ok());
    }
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_SHIPPED));
    QCOMPARE(m_shop->get(order.id()).lines(0).refunded(), 2);
    QCOMPARE(m_shop->peers.effects("RefundPayment"), 2);
    QCOMPARE(m_shop->peers.effects("ReceiveStock"), 2);
    QCOMPARE(kindsOf(m_shop->get(order.id())).count("payment.refunded"), 2);
}

void TestOrdersRefunds::returns()
{
    const auto order = delivered();
    v1::ReturnOrderRequest request;
    request.set_request_id("return");
    request.set_id(order.id());
    auto& line = *request.add_lines();
    line.set_line_id(order.lines(0).id());
    line.set_quantity(kUnits);
    line.set_restock(true);
    v1::OrderChange change;
    const auto status = m_shop->call(&Stub::ReturnOrder, request, &change);
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(change.refund().minor(), kTotal);
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_DELIVERED));
    auto now = m_shop->get(order.id());
    QCOMPARE(now.refunds(0).state(), v1::REFUND_STATE_AWAITING_GOODS);
    QCOMPARE(now.refunded().minor(), 0);
    // What is promised for goods on their way is not given back beside.
    auto more = refundOf("more", order);
    setAmount(more, 1);
    QCOMPARE(m_shop->call(&Stub::RefundOrder, more, &change).error_code(),
        grpc::StatusCode::FAILED_PRECONDITION);
    QCOMPARE(m_shop->peers.calls("RefundPayment"), 0);

    m_shop->peers.tell(order.id(), deliveries::v1::SHIPMENT_STATE_DELIVERED,
        deliveries::v1::SHIPMENT_DIRECTION_RETURN);
    QVERIFY(becomes(order.id(), v1::ORDER_STATE_REFUNDED));
    now = m_shop->get(order.id());
    QCOMPARE(now.lines(0).returned(), kUnits);
    QCOMPARE(now.refunded().minor(), kTotal);
    QCOMPARE(m_shop->peers.effects("ReceiveStock"), 1);
    QVERIFY(kindsOf(now).contains("order.returned"));
}

// Any sequence of refunds, returns and exchanges, carried out at any time, in any order.
void TestOrdersRefunds::neverMoreThanCaptured()
{
    std::minstd_rand random(20'261'127);
    const auto below = [&](int most) { return static_cast<int>(random() % most); };
    int exchanges = 0;
    for (int round = 0; round < 3'000; ++round) {
        v1::Order order;
        order.set_id("1");
        order.set_origin("web");
        order.set_state(v1::ORDER_STATE_CONFIRMED);
        std::int64_t total = 0;
        for (int i = 0, lines = 1 + below(3); i < lines; ++i) {
            auto& line = *order.add_lines();
            line.set_id(std::to_string(i + 1));
            line.set_kind(v1::LINE_KIND_PRODUCT);
            line.set_sku("POT-" + line.id());
            line.set_quantity(1 + below(7));
            line.mutable_total()->set_currency("GBP");
            line.mutable_total()->set_minor(below(1'000));
            total += line.total().minor();
        }
        order.mutable_total()->set_currency("GBP");
        order.mutable_total()->set_minor(total);
        order.mutable_captured()->set_minor(total);
        ship(order);
        order.set_state(v1::ORDER_STATE_DELIVERED);
        for (int i = 0; i < 16; ++i) {
            v1::RefundLine asked;
            asked.set_line_id(std::to_string(1 + below(order.lines_size())));
            asked.set_quantity(1 + below(4));
            const int what = below(4);
            absl::StatusOr<v1::Refund> made = absl::UnknownError("");
            if (what == 0) {
                Lines lines;
                *lines.Add() = asked;
                made = makeReturn(order, lines, "lines", "");
            } else if (what == 3 && below(2) == 0) {
                v1::ExchangeOrderRequest request;
                *request.add_out() = asked;
                auto& goods = *request.add_in();
                goods.set_sku("CUP");
                goods.set_quantity(1 + below(2));
                if (auto after = order; exchange(after, request, cups(below(300))).ok()) {
                    order = after;
                    ++exchanges;
                }
            } else if (what == 3 && order.reships_size() > 0 && below(2) == 0) {
                auto& one = *order.mutable_reships(below(order.reships_size()));
                if (one.state() == v1::RESHIP_STATE_ASKED) {
                    const bool leaves = below(2) == 0;
                    one.set_state(leaves ? v1::RESHIP_STATE_SENT : v1::RESHIP_STATE_STOPPED);
                    leaves ? sendExchanged(order, one) : undoExchange(order, one);
                }
            } else if (what < 3) {
                v1::RefundOrderRequest request;
                if (what == 1)
                    *request.add_lines() = asked;
                else
                    setAmount(request, 1 + below(500));
                made = makeRefund(order, request);
            } else if (order.refunds_size() > 0) {
                auto& one = *order.mutable_refunds(below(order.refunds_size()));
                if (one.state() == v1::REFUND_STATE_RETURN_ASKED)
                    one.set_state(v1::REFUND_STATE_AWAITING_GOODS);
                else if (one.state() == v1::REFUND_STATE_AWAITING_GOODS)
                    arrive(order, one);
                else
                    giveBack(order, one);
            }
            if (made.ok())
                *order.add_refunds() = *made;
            QVERIFY(refundable(order) >= 0);
            QVERIFY(order.refunded().minor() <= order.captured().minor());
            QCOMPARE(order.total().minor(), total);
            for (const auto& line : order.lines()) {
                QVERIFY(line.refunded() <= line.quantity());
                QVERIFY(line.returned() <= line.shipped());
            }
        }
    }
    QVERIFY2(exchanges > 500, QByteArray::number(exchanges).constData());
}

QTEST_GUILESS_MAIN(TestOrdersRefunds)
#include "tst_ordersrefunds.moc"
