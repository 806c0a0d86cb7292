// SPDX-License-Identifier: GPL-3.0-or-later
// Fewer units before shipping: the parcel, the stock, the order and the money become smaller
// together, with every answer that may be lost, and whatever happens meanwhile.
#include "services/runtime/status.h"
#include "tests/services/orders/ordersshop.h"

#include <QtTest>

using namespace shopfleet;
using namespace shopfleet::orders;
using namespace Qt::StringLiterals;
using Stub = v1::Orders::Stub;
using When = FakePeers::When;

namespace {

constexpr int kUnits = 3;
constexpr std::int64_t kPrice = 250;

/// The order's lines of goods with these units; without a line that has none.
v1::UpdateOrderRequest fewerOf(
    const std::string& requestId, const v1::Order& order, const std::vector<std::int64_t>& units)
{
    v1::UpdateOrderRequest request;
    request.set_request_id(requestId);
    request.mutable_order()->set_id(order.id());
    request.mutable_update_mask()->add_paths("lines");
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i] == 0)
            continue;
        auto& line = *request.mutable_order()->add_lines();
        line.set_id(order.lines(static_cast<int>(i)).id());
        line.set_quantity(units[i]);
    }
    return request;
}

} // namespace

class TestOrdersLess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_shop = std::make_unique<OrdersShop>(); }
    void cleanup() { m_shop.reset(); }
    void fewerUnits();
    void withoutALine();
    void previewChangesNothing();
    void staysAsItLeft();
    void leavesWhileItsUnitsAreSetFree();
    void actsOnceAfterLostAnswers_data();
    void actsOnceAfterLostAnswers();
    void cancelWaitsForTheParcel();
    void cancelForgetsWhatHasNotBegun();
    void movesAsWell();
    void refuses_data();
    void refuses();
    void refusesInOtherStates();
    void figuresFollow();

private:
    /// With the parcel planned; the second line only where it is asked for.
    v1::Order placed(int lamps = 0);
    v1::OrderChange fewer(const v1::UpdateOrderRequest& request)
    {
        v1::OrderChange change;
        const auto status = runtime::fromWire(m_shop->call(&Stub::UpdateOrder, request, &change));
        if (!status.ok())
            qWarning("%s", status.ToString().c_str());
        return change;
    }
    std::string refusal(const v1::UpdateOrderRequest& request)
    {
        v1::OrderChange change;
        return runtime::reason(
            runtime::fromWire(m_shop->call(&Stub::UpdateOrder, request, &change)));
    }
    bool becomes(const std::string& id, const std::function<bool(const v1::Order&)>& is)
    {
        return m_shop->becomes(id, is);
    }
    bool isMadeSmaller(const std::string& id)
    {
        return becomes(id, [](const v1::Order& order) { return order.lines_changes().empty(); });
    }
    bool isShipped(const std::string& id)
    {
        return becomes(
            id, [](const v1::Order& order) { return order.state() == v1::ORDER_STATE_SHIPPED; });
    }

    std::unique_ptr<OrdersShop> m_shop;
    int m_carts = 0;
};

v1::Order TestOrdersLess::placed(int lamps)
{
    const std::string cart = "cart-" + std::to_string(++m_carts);
    m_shop->peers.addCart(cart, "TEAPOT", kUnits);
    if (lamps > 0)
        m_shop->peers.addCart(cart, "LAMP", lamps);
    v1::Order order;
    m_shop->call(&Stub::PlaceOrder, checkoutOf("place-" + cart, cart), &order);
    becomes(order.id(), [](const v1::Order& now) { return !now.shipment_ids().empty(); });
    return m_shop->get(order.id());
}

void TestOrdersLess::fewerUnits()
{
    const auto before = placed();
    QCOMPARE(before.authorised().minor(), kUnits * kPrice);
    const auto change = fewer(fewerOf("fewer", before, {2}));
    QCOMPARE(change.refund().minor(), kPrice); // Not charged, rather.
    QVERIFY(isMadeSmaller(before.id()));

    auto now = m_shop->get(before.id());
    QCOMPARE(now.state(), v1::ORDER_STATE_CONFIRMED);
    QCOMPARE(now.lines(0).quantity(), 2);
    QCOMPARE(now.lines(0).total().minor(), 2 * kPrice);
    QCOMPARE(now.units(), 2);
    QCOMPARE(now.subtotal().minor(), 2 * kPrice);
    QCOMPARE(now.total().minor(), 2 * kPrice);
    QCOMPARE(m_shop->peers.goodsOf("S-" + now.id()), (FakePeers::Units{{"TEAPOT", 2}}));
    QCOMPARE(m_shop->peers.freed(), (FakePeers::Units{{"TEAPOT", 1}}));
    QVERIFY(told(now, "order.lines_asked"));
    QVERIFY(told(now, "order.lines_changed"));

    m_shop->peers.tell(now.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(isShipped(now.id()));
    now = m_shop->get(now.id());
    QCOMPARE(now.captured().minor(), 2 * kPrice);
    QCOMPARE(now.authorised().minor(), 2 * kPrice); // The rest was given up.
    QCOMPARE(now.lines(0).shipped(), 2);
    QVERIFY(told(now, "payment.rest_voided"));
    QCOMPARE(m_shop->peers.payment(now.id()).captured().minor(), 2 * kPrice);
    QCOMPARE(m_shop->peers.payment(now.id()).authorised().minor(), 2 * kPrice);
}

void TestOrdersLess::withoutALine()
{
    const auto before = placed(2);
    QCOMPARE(before.lines_size(), 2);
    fewer(fewerOf("fewer", before, {0, 1}));
    QVERIFY(isMadeSmaller(before.id()));
    const auto now = m_shop->get(before.id());
    QCOMPARE(now.lines_size(), 1);
    QCOMPARE(now.line_count(), 1);
    QCOMPARE(now.lines(0).sku(), std::string("LAMP"));
    QCOMPARE(now.lines(0).id(), before.lines(1).id());
    QCOMPARE(now.first_title(), now.lines(0).title());
    QCOMPARE(now.total().minor(), kPrice);
    QCOMPARE(m_shop->peers.goodsOf("S-" + now.id()), (FakePeers::Units{{"LAMP", 1}}));
    QCOMPARE(m_shop->peers.freed(), (FakePeers::Units{{"LAMP", 1}, {"TEAPOT", kUnits}}));
    // Who looks for what is not in it any more does not find it.
    v1::ListOrdersRequest list;
    list.set_filter("TEAPOT");
    v1::ListOrdersResponse found;
    QVERIFY(m_shop->call(&Stub::ListOrders, list, &found).ok());
    QCOMPARE(found.total_size(), 0);
}

void TestOrdersLess::previewChangesNothing()
{
    const auto before = placed();
    auto request = fewerOf("preview", before, {1});
    request.set_validate_only(true);
    const auto change = fewer(request);
    QCOMPARE(change.order().total().minor(), kPrice);
    QCOMPARE(change.order().units(), 1);
    QVERIFY(change.order().lines_changes().empty());
    QCOMPARE(change.refund().minor(), 2 * kPrice);
    QCOMPARE(change.restocked_skus_size(), 1);
    QCOMPARE(change.warnings_size(), 1);
    QCOMPARE(m_shop->get(before.id()).etag(), before.etag());
    QCOMPARE(m_shop->peers.calls("UpdateShipment"), 0);
}

void TestOrdersLess::staysAsItLeft()
{
    const auto before = placed();
    m_shop->peers.fail("UpdateShipment", 3, grpc::StatusCode::UNAVAILABLE);
    fewer(fewerOf("fewer", before, {1}));
    m_shop->peers.tell(before.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(isShipped(before.id()));
    const auto now = m_shop->get(before.id());
    QVERIFY(told(now, "order.lines_refused"));
    QVERIFY(now.lines_changes().empty());
    QCOMPARE(now.total().minor(), before.total().minor());
    QCOMPARE(now.captured().minor(), before.total().minor());
    QCOMPARE(now.lines(0).shipped(), kUnits);
    QCOMPARE(m_shop->peers.effects("VoidPayment"), 0);
    QCOMPARE(m_shop->peers.effects("ReleaseReservation"), 0);
}

/// What deliveries has granted is carried through, though the parcel leaves in the middle of it.
void TestOrdersLess::leavesWhileItsUnitsAreSetFree()
{
    const auto before = placed();
    m_shop->peers.fail("ReleaseReservation", 1'000, grpc::StatusCode::UNAVAILABLE);
    fewer(fewerOf("fewer", before, {1}));
    QTRY_COMPARE(m_shop->peers.effects("UpdateShipment"), 1);
    m_shop->peers.tell(before.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QTRY_VERIFY(m_shop->get(before.id()).waiting().attempts() > 2);
    QCOMPARE(m_shop->peers.calls("CapturePayment"), 0);
    m_shop->peers.fail("ReleaseReservation", 0, grpc::StatusCode::OK);
    QVERIFY(isShipped(before.id()));
    const auto now = m_shop->get(before.id());
    QCOMPARE(now.total().minor(), kPrice);
    QCOMPARE(now.captured().minor(), kPrice);
    QCOMPARE(now.lines(0).shipped(), 1);
    QCOMPARE(m_shop->peers.freed(), (FakePeers::Units{{"TEAPOT", 2}}));
}

void TestOrdersLess::actsOnceAfterLostAnswers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("restarts");
    for (const auto* method :
        {"UpdateShipment", "ReleaseReservation", "CapturePayment", "VoidPayment"}) {
        QTest::addRow("%s answers nothing twice", method) << QByteArray(method) << false;
        QTest::addRow("%s answers nothing, and orders begins again", method)
            << QByteArray(method) << true;
    }
}

void TestOrdersLess::actsOnceAfterLostAnswers()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, restarts);
    const auto before = placed();
    m_shop->peers.fail(method.toStdString(), restarts ? 1'000 : 2, grpc::StatusCode::UNAVAILABLE,
        When::AfterActing);
    const auto restart = [&] {
        if (!restarts || m_shop->peers.effects(method.toStdString()) == 0)
            return;
        m_shop->end();
        m_shop->peers.fail(method.toStdString(), 0, grpc::StatusCode::OK);
        m_shop->begin();
    };
    fewer(fewerOf("fewer", before, {2}));
    const bool isLater = method == "CapturePayment" || method == "VoidPayment";
    if (!isLater) {
        QTRY_COMPARE(m_shop->peers.effects(method.toStdString()), 1);
        restart();
    }
    QVERIFY(isMadeSmaller(before.id()));
    m_shop->peers.tell(before.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    if (isLater) {
        QTRY_COMPARE(m_shop->peers.effects(method.toStdString()), 1);
        restart();
    }
    QVERIFY(isShipped(before.id()));
    const auto now = m_shop->get(before.id());
    QCOMPARE(now.captured().minor(), 2 * kPrice);
    QCOMPARE(now.lines(0).shipped(), 2);
    QCOMPARE(m_shop->peers.freed(), (FakePeers::Units{{"TEAPOT", 1}}));
    QCOMPARE(m_shop->peers.payment(now.id()).captured().minor(), 2 * kPrice);
    QCOMPARE(m_shop->peers.payment(now.id()).authorised().minor(), 2 * kPrice);
    for (const auto* once :
        {"UpdateShipment", "ReleaseReservation", "CapturePayment", "VoidPayment"})
        QCOMPARE(m_shop->peers.effects(once), 1);
}

void TestOrdersLess::cancelWaitsForTheParcel()
{
    const auto before = placed();
    m_shop->peers.fail("UpdateShipment", 1'000, grpc::StatusCode::UNAVAILABLE);
    fewer(fewerOf("fewer", before, {1}));
    QTRY_VERIFY(m_shop->get(before.id()).waiting().attempts() > 0);
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(before.id());
    v1::OrderChange change;
    const auto early = runtime::fromWire(m_shop->call(&Stub::CancelOrder, cancel, &change));
    QCOMPARE(runtime::reason(early), std::string("LINES_CHANGING"));
    cancel.set_validate_only(true);
    const auto preview = runtime::fromWire(m_shop->call(&Stub::CancelOrder, cancel, &change));
    QCOMPARE(runtime::reason(preview), std::string("LINES_CHANGING"));

    m_shop->peers.fail("UpdateShipment", 0, grpc::StatusCode::OK);
    QVERIFY(isMadeSmaller(before.id()));
    cancel.set_validate_only(false);
    cancel.set_request_id("cancel again");
    QVERIFY(m_shop->call(&Stub::CancelOrder, cancel, &change).ok());
    QVERIFY(becomes(before.id(),
        [](const v1::Order& order) { return order.state() == v1::ORDER_STATE_CANCELLED; }));
    const auto payment = m_shop->peers.payment(before.id());
    QCOMPARE(payment.state(), payments::v1::PAYMENT_STATE_VOIDED);
    QCOMPARE(m_shop->peers.effects("ReleaseReservation"), 2); // One unit, and then the rest.
}

void TestOrdersLess::cancelForgetsWhatHasNotBegun()
{
    const auto before = placed();
    m_shop->peers.fail("UpdateShipment", 2, grpc::StatusCode::UNAVAILABLE);
    v1::UpdateOrderRequest move;
    move.set_request_id("move");
    move.mutable_order()->set_id(before.id());
    move.mutable_order()->mutable_shipping_address()->set_country("FR");
    move.mutable_update_mask()->add_paths("shipping_address");
    fewer(move); // This comes first.
    fewer(fewerOf("fewer", before, {1}));
    v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(before.id());
    v1::OrderChange change;
    QVERIFY(m_shop->call(&Stub::CancelOrder, cancel, &change).ok());
    QVERIFY(becomes(before.id(),
        [](const v1::Order& order) { return order.state() == v1::ORDER_STATE_CANCELLED; }));
    QVERIFY(m_shop->get(before.id()).lines_changes().empty());
    QVERIFY(m_shop->peers.freed().empty());
}

void TestOrdersLess::movesAsWell()
{
    const auto before = placed();
    fewer(fewerOf("fewer", before, {1}));
    v1::UpdateOrderRequest move;
    move.set_request_id("move");
    move.mutable_order()->set_id(before.id());
    move.mutable_order()->mutable_shipping_address()->set_line1("2 New Road");
    move.mutable_order()->mutable_shipping_address()->set_country("FR");
    move.mutable_update_mask()->add_paths("shipping_address");
    fewer(move);
    QVERIFY(becomes(before.id(), [](const v1::Order& order) {
        return order.lines_changes().empty() && !order.has_address_change();
    }));
    const auto now = m_shop->get(before.id());
    QCOMPARE(now.total().minor(), kPrice);
    QCOMPARE(now.shipping_address().line1(), std::string("2 New Road"));
    QCOMPARE(m_shop->peers.addressOf("S-" + now.id()), std::string("2 New Road"));
    QCOMPARE(m_shop->peers.goodsOf("S-" + now.id()), (FakePeers::Units{{"TEAPOT", 1}}));
}

void TestOrdersLess::refuses_data()
{
    QTest::addColumn<QByteArray>("units");
    QTest::addColumn<QByteArray>("says");
    const QByteArray quantity("order.lines[0].quantity");
    QTest::newRow("more") << "4 2"_ba << quantity;
    QTest::newRow("none of a line that stays") << "!0 2"_ba << quantity;
    QTest::newRow("less than none") << "-1 2"_ba << quantity;
    QTest::newRow("beyond 64 bits of sense") << "9223372036854775807 2"_ba << quantity;
    QTest::newRow("nothing changes") << "3 2"_ba
                                     << "order.lines"_ba;
    QTest::newRow("nothing is left") << "0 0"_ba
                                     << "order.lines"_ba;
    QTest::newRow("no such line") << "id"_ba
                                  << "order.lines[2].id"_ba;
    QTest::newRow("the same twice") << "twice"_ba
                                    << "order.lines[2].id"_ba;
    QTest::newRow("with something else") << "mask"_ba
                                         << "update_mask.paths"_ba;
    QTest::newRow("another has changed it") << "etag"_ba
                                            << ""_ba;
}

void TestOrdersLess::refuses()
{
    QFETCH(QByteArray, units);
    QFETCH(QByteArray, says);
    const auto before = placed(2);
    auto request = fewerOf("fewer", before, {2, 2});
    if (units == "id") {
        auto& line = *request.mutable_order()->add_lines();
        line.set_id("17");
        line.set_quantity(1);
    } else if (units == "twice") {
        *request.mutable_order()->add_lines() = request.order().lines(0);
    } else if (units == "mask") {
        request.mutable_update_mask()->add_paths("email");
    } else if (units == "etag") {
        request.mutable_order()->set_etag("1");
    } else {
        const auto parts = units.split(' ');
        request = fewerOf("fewer", before, {parts[0].toLongLong(), parts[1].toLongLong()});
        if (parts[0] == "!0")
            request.mutable_order()->mutable_lines(0)->set_quantity(0);
    }
    v1::OrderChange change;
    const auto status = m_shop->call(&Stub::UpdateOrder, request, &change);
    QCOMPARE(status.error_code(),
        units == "etag" ? grpc::StatusCode::ABORTED : grpc::StatusCode::INVALID_ARGUMENT);
    QCOMPARE(QByteArray::fromStdString(fieldOf(status)), says);
    QCOMPARE(m_shop->get(before.id()).etag(), before.etag());
    QCOMPARE(m_shop->peers.calls("UpdateShipment"), 0);
}

void TestOrdersLess::refusesInOtherStates()
{
    const auto before = placed();
    m_shop->peers.fail("UpdateShipment", 1'000, grpc::StatusCode::UNAVAILABLE);
    fewer(fewerOf("fewer", before, {2}));
    QCOMPARE(refusal(fewerOf("fewer again", before, {1})), std::string("LINES_CHANGING"));
    m_shop->peers.fail("UpdateShipment", 0, grpc::StatusCode::OK);
    QVERIFY(isMadeSmaller(before.id()));

    // Not while its money is being taken, and not afterwards.
    m_shop->peers.fail("CapturePayment", 1'000, grpc::StatusCode::UNAVAILABLE);
    m_shop->peers.tell(before.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QTRY_VERIFY(m_shop->peers.calls("CapturePayment") > 0);
    QCOMPARE(refusal(fewerOf("late", before, {1})), std::string("WRONG_STATE"));
    m_shop->peers.fail("CapturePayment", 0, grpc::StatusCode::OK);
    QVERIFY(isShipped(before.id()));
    QCOMPARE(refusal(fewerOf("too late", before, {1})), std::string("WRONG_STATE"));
}

void TestOrdersLess::figuresFollow()
{
    const auto before = placed();
    const auto figures = [this] {
        v1::GetOrderStatsRequest request;
        v1::OrderStats stats;
        m_shop->call(&Stub::GetOrderStats, request, &stats);
        std::int64_t units = 0;
        std::int64_t revenue = 0;
        for (const auto& interval : stats.intervals()) {
            units += interval.units();
            revenue += interval.revenue_minor();
        }
        return std::pair(units, revenue);
    };
    QCOMPARE(figures(), std::pair(std::int64_t{kUnits}, kUnits * kPrice));
    fewer(fewerOf("fewer", before, {1}));
    QVERIFY(isMadeSmaller(before.id()));
    QCOMPARE(figures(), std::pair(std::int64_t{1}, kPrice));
    m_shop->peers.tell(before.id(), deliveries::v1::SHIPMENT_STATE_DISPATCHED);
    QVERIFY(isShipped(before.id()));
    QCOMPARE(figures(), std::pair(std::int64_t{1}, kPrice));
}

QTEST_GUILESS_MAIN(TestOrdersLess)
#include "tst_ordersless.moc"
