// SPDX-License-Identifier: GPL-3.0-or-later
// A checkout against neighbours that fail in every way that matters.
#include "services/runtime/clock.h"
#include "services/runtime/telemetry.h"
#include "tests/services/orders/ordersshop.h"
#include "tests/slowness.h"

#include <QTest>

#include <future>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::orders;
using When = FakePeers::When;

struct Script {
    std::function<void(FakePeers&)> run = [](FakePeers&) {};
};
Q_DECLARE_METATYPE(Script)

namespace {

constexpr auto kAway = grpc::StatusCode::UNAVAILABLE;

QString kindsOf(const v1::Order& order)
{
    QStringList kinds;
    for (const auto& event : order.timeline())
        kinds.append(QString::fromStdString(event.kind()));
    return kinds.join(u' ');
}

QString stateOf(const v1::Order& order)
{
    return QString::fromStdString(v1::OrderState_Name(order.state())).mid(12);
}

struct Dwelt {
    std::uint64_t orders = 0;
    double seconds = 0;
};

/// In this process so far, at the step that asks for this.
Dwelt dweltAt(const std::string& method)
{
    Dwelt dwelt;
    for (const auto& family : runtime::metrics().Collect())
        for (const auto& metric : family.metric)
            for (const auto& label : metric.label)
                if (family.name == "shopfleet_saga_step_seconds" && label.value == method)
                    dwelt = {metric.histogram.sample_count, metric.histogram.sample_sum};
    return dwelt;
}

} // namespace

class TestOrdersSaga : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ends_data();
    void ends();
    void goesOnAfterRestart_data();
    void goesOnAfterRestart();
    void sameRequestSameOrder();
    void sameRequestAtOnce();
    void answersInTimeWithWhatThereIs();
    void cancels_data();
    void cancels();
    void cancelPreviewChangesNothing();
    void holdParksBeforeTheParcel();
    void callsForAPerson();
    void refusesCheckouts_data();
    void refusesCheckouts();
};

void TestOrdersSaga::ends_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("events");

    const QString good
        = u"order.placed stock.reserved payment.authorised order.confirmed delivery.planned"_s;
    const auto row = [](const char* name, Script script, const char* token, const QString& state,
                         const QString& reason, const QString& events) {
        QTest::newRow(name) << script << QByteArray(token) << state << reason << events;
    };
    row("all is well", {}, "tok_visa", u"CONFIRMED"_s, {}, good);
    row("out of stock", {[](FakePeers& p) { p.sellOut("TEA"); }}, "tok_visa", u"REJECTED"_s,
        u"OUT_OF_STOCK"_s, u"order.placed stock.short order.rejected"_s);
    row("declined gives the stock back", {}, "tok_declined", u"REJECTED"_s, u"PAYMENT_DECLINED"_s,
        u"order.placed stock.reserved payment.declined stock.released order.rejected"_s);
    row("unknown, then authorised",
        {[](FakePeers& p) { p.settleAfter(1, payments::v1::PAYMENT_STATE_AUTHORISED); }},
        "tok_timeout", u"CONFIRMED"_s, {},
        u"order.placed stock.reserved payment.unknown payment.authorised order.confirmed delivery.planned"_s);
    row("unknown, then declined",
        {[](FakePeers& p) { p.settleAfter(0, payments::v1::PAYMENT_STATE_DECLINED); }},
        "tok_timeout", u"REJECTED"_s, u"PAYMENT_DECLINED"_s,
        u"order.placed stock.reserved payment.unknown payment.declined stock.released order.rejected"_s);
    row("inventory away for a while", {[](FakePeers& p) { p.fail("ReserveStock", 2, kAway); }},
        "tok_visa", u"CONFIRMED"_s, {},
        u"order.placed step.failed stock.reserved payment.authorised order.confirmed delivery.planned"_s);
    row("payments away for a while", {[](FakePeers& p) { p.fail("AuthorisePayment", 2, kAway); }},
        "tok_visa", u"CONFIRMED"_s, {},
        u"order.placed stock.reserved step.failed payment.authorised order.confirmed delivery.planned"_s);
    row("the reservation's answer is lost",
        {[](FakePeers& p) { p.fail("ReserveStock", 1, kAway, When::AfterActing); }}, "tok_visa",
        u"CONFIRMED"_s, {},
        u"order.placed step.failed stock.reserved payment.authorised order.confirmed delivery.planned"_s);
    row("the payment's answer is lost",
        {[](FakePeers& p) { p.fail("AuthorisePayment", 1, kAway, When::AfterActing); }}, "tok_visa",
        u"CONFIRMED"_s, {},
        u"order.placed stock.reserved step.failed payment.authorised order.confirmed delivery.planned"_s);
    row("deliveries away: confirmed all the same",
        {[](FakePeers& p) { p.fail("PlanShipment", 2, kAway); }}, "tok_visa", u"CONFIRMED"_s, {},
        u"order.placed stock.reserved payment.authorised order.confirmed step.failed delivery.planned"_s);
    row("cart away: the parcel is planned meanwhile",
        {[](FakePeers& p) { p.fail("CloseCart", 1, kAway); }}, "tok_visa", u"CONFIRMED"_s, {},
        u"order.placed stock.reserved payment.authorised order.confirmed step.failed delivery.planned"_s);
    row("releasing away for a while",
        {[](FakePeers& p) { p.fail("ReleaseReservation", 2, kAway); }}, "tok_declined",
        u"REJECTED"_s, u"PAYMENT_DECLINED"_s,
        u"order.placed stock.reserved payment.declined step.failed stock.released order.rejected"_s);
    row("accounts away: sold all the same", {[](FakePeers& p) { p.fail("GetCustomer", 1, kAway); }},
        "tok_visa", u"CONFIRMED"_s, {}, good);
}

void TestOrdersSaga::ends()
{
    QFETCH(Script, script);
    QFETCH(QByteArray, token);
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 3);
    script.run(shop.peers);
    v1::Order placed;

    const auto status = shop.call(
        &v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c", token.toStdString()), &placed);

    QVERIFY2(status.ok(), status.error_message().c_str());
    QTEST(stateOf(placed), "state");
    QTRY_VERIFY(!shop.get(placed.id()).has_waiting());
    const v1::Order order = shop.get(placed.id());
    QTEST(stateOf(order), "state");
    QTEST(QString::fromStdString(order.reject_reason()), "reason");
    QTEST(kindsOf(order), "events");
    QCOMPARE(order.id(), std::string("1000001"));
    QCOMPARE(order.total().minor(), 750);
    // Whatever was asked twice was asked with the same key, so that it was done once.
    for (const char* method :
        {"ReserveStock", "AuthorisePayment", "CloseCart", "PlanShipment", "ReleaseReservation"})
        QVERIFY2(shop.peers.effects(method) <= 1, method);
    const bool confirmed = order.state() == v1::ORDER_STATE_CONFIRMED;
    QCOMPARE(shop.peers.effects("PlanShipment"), confirmed ? 1 : 0);
    QCOMPARE(shop.peers.effects("CloseCart"), confirmed ? 1 : 0);
    QCOMPARE(order.shipment_ids_size(), confirmed ? 1 : 0);
}

void TestOrdersSaga::goesOnAfterRestart_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("acted");
    for (const char* method : {"ReserveStock", "AuthorisePayment", "CloseCart", "PlanShipment"})
        for (const bool acted : {false, true})
            QTest::addRow("%s, %s", method, acted ? "answer lost" : "not begun")
                << QByteArray(method) << acted;
}

// The process ends while it waits on a step; the next one picks the order up and finishes it.
void TestOrdersSaga::goesOnAfterRestart()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, acted);
    OrdersShop shop;
    const auto before = dweltAt(method.toStdString());
    shop.peers.addCart("c", "TEA", 1);
    shop.peers.fail(
        method.toStdString(), 1000, kAway, acted ? When::AfterActing : When::BeforeActing);
    v1::Order placed;
    const auto status = shop.call(
        &v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &placed, 350 * slowness());
    QVERIFY2(status.ok(), status.error_message().c_str());
    v1::Waiting waiting;
    const auto waitsForIt = [&] {
        waiting = shop.get(placed.id()).waiting();
        return waiting.attempts() > 0 && waiting.method() == method.toStdString();
    };
    QTRY_VERIFY_WITH_TIMEOUT(waitsForIt(), 5'000 * slowness());

    shop.end();
    shop.peers.fail(method.toStdString(), 0, kAway);
    const auto began = runtime::nowUs();
    shop.begin();

    QTRY_VERIFY_WITH_TIMEOUT(!shop.get(placed.id()).has_waiting(), 5'000 * slowness());
    QCOMPARE(stateOf(shop.get(placed.id())), u"CONFIRMED"_s);
    for (const char* one : {"ReserveStock", "AuthorisePayment", "CloseCart", "PlanShipment"})
        QCOMPARE(shop.peers.effects(one), 1);
    // It dwelt there since before the restart. The parcel is planned before a cart is asked again.
    const auto dwelt = dweltAt(method.toStdString());
    QCOMPARE(dwelt.orders, before.orders + (method == "CloseCart" ? 2 : 1));
    QVERIFY(dwelt.seconds - before.seconds
        >= static_cast<double>(began - runtime::toUs(waiting.since())) / 1e6);
    // And the request that made it still gives it.
    v1::Order again;
    QVERIFY(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &again).ok());
    QCOMPARE(again.id(), placed.id());
}

void TestOrdersSaga::sameRequestSameOrder()
{
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    v1::Order first, second, other;
    QVERIFY(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &first).ok());
    QVERIFY(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &second).ok());
    QCOMPARE(second.id(), first.id());
    QCOMPARE(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c2"), &other).error_code(),
        grpc::StatusCode::ABORTED);
    QCOMPARE(shop.peers.effects("ReserveStock"), 1);
}

void TestOrdersSaga::sameRequestAtOnce()
{
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    std::vector<std::future<std::string>> calls;
    for (int i = 0; i < 16; ++i)
        calls.push_back(std::async(std::launch::async, [&] {
            v1::Order order;
            const auto status
                = shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &order);
            return status.ok() ? order.id() + " " + v1::OrderState_Name(order.state())
                               : status.error_message();
        }));
    for (auto& call : calls)
        QCOMPARE(call.get(), std::string("1000001 ORDER_STATE_CONFIRMED"));
    QCOMPARE(shop.peers.effects("ReserveStock"), 1);
    QCOMPARE(shop.peers.effects("AuthorisePayment"), 1);
}

void TestOrdersSaga::answersInTimeWithWhatThereIs()
{
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    shop.peers.fail("AuthorisePayment", 1'000, kAway);
    v1::Order placed;
    const auto status = shop.call(
        &v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &placed, 400 * slowness());
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(stateOf(placed), u"RESERVED"_s);
    QCOMPARE(placed.waiting().service(), std::string("payments"));
    QCOMPARE(placed.waiting().method(), std::string("AuthorisePayment"));
    QVERIFY(!placed.waiting().last_error().empty());
    shop.peers.fail("AuthorisePayment", 0, kAway);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(shop.get(placed.id())), u"CONFIRMED"_s, 15'000 * slowness());
}

void TestOrdersSaga::cancels_data()
{
    QTest::addColumn<QByteArray>("stuckAt"); // Empty: cancelled when all was done.
    QTest::addColumn<QString>("undone");
    QTest::newRow("when all was done")
        << ""_ba << u"CancelShipment VoidPayment ReleaseReservation"_s;
    QTest::newRow("while it waits on the parcel")
        << "PlanShipment"_ba << u"CancelShipment VoidPayment ReleaseReservation"_s;
    QTest::newRow("while it waits on the money")
        << "AuthorisePayment"_ba << u"VoidPayment ReleaseReservation"_s;
    QTest::newRow("while it waits on stock") << "ReserveStock"_ba << u"ReleaseReservation"_s;
}

void TestOrdersSaga::cancels()
{
    QFETCH(QByteArray, stuckAt);
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    if (!stuckAt.isEmpty())
        shop.peers.fail(stuckAt.toStdString(), 1000, kAway);
    v1::Order placed;
    QVERIFY(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &placed, 400).ok());
    if (stuckAt.isEmpty())
        QTRY_VERIFY(!shop.get(placed.id()).has_waiting());
    else
        QTRY_VERIFY(shop.get(placed.id()).waiting().attempts() > 0);

    v1::CancelOrderRequest request;
    request.set_request_id("x1");
    request.set_id(placed.id());
    request.set_reason("changed his mind");
    v1::OrderChange change;
    const auto status = shop.call(&v1::Orders::Stub::CancelOrder, request, &change);
    QVERIFY2(status.ok(), status.error_message().c_str());
    QCOMPARE(shop.call(&v1::Orders::Stub::CancelOrder, request, &change).error_code(),
        grpc::StatusCode::OK);
    if (!stuckAt.isEmpty())
        shop.peers.fail(stuckAt.toStdString(), 0, kAway);

    QTRY_COMPARE(stateOf(shop.get(placed.id())), u"CANCELLED"_s);
    QStringList undone;
    for (const char* method : {"CancelShipment", "VoidPayment", "ReleaseReservation"})
        if (shop.peers.effects(method) == 1)
            undone.append(QString::fromLatin1(method));
    QTEST(undone.join(u' '), "undone");
    request.set_request_id("x2");
    QCOMPARE(shop.call(&v1::Orders::Stub::CancelOrder, request, &change).error_code(),
        grpc::StatusCode::FAILED_PRECONDITION);
    // The cart is free again.
    QCOMPARE(shop.get(placed.id()).timeline(shop.get(placed.id()).timeline_size() - 1).actor().id(),
        std::string("staff:owner"));
}

void TestOrdersSaga::cancelPreviewChangesNothing()
{
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    v1::Order placed;
    QVERIFY(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &placed).ok());
    QTRY_VERIFY(!shop.get(placed.id()).has_waiting());
    const v1::Order before = shop.get(placed.id());
    v1::CancelOrderRequest request;
    request.set_id(placed.id());
    request.set_validate_only(true);
    v1::OrderChange change;
    QVERIFY(shop.call(&v1::Orders::Stub::CancelOrder, request, &change).ok());
    QCOMPARE(stateOf(change.order()), u"CANCELLED"_s);
    QCOMPARE(change.restocked_skus_size(), 1);
    QCOMPARE(shop.get(placed.id()).SerializeAsString().size(), before.SerializeAsString().size());
    QCOMPARE(shop.get(placed.id()).etag(), before.etag());
    QCOMPARE(shop.peers.calls("VoidPayment"), 0);
}

void TestOrdersSaga::holdParksBeforeTheParcel()
{
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    shop.peers.fail("AuthorisePayment", 1'000, kAway);
    v1::Order placed;
    QVERIFY(
        shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &placed, 300 * slowness())
            .ok());
    v1::HoldOrderRequest hold;
    hold.set_request_id("h1");
    hold.set_id(placed.id());
    hold.set_reason("looks odd");
    v1::OrderChange change;
    QVERIFY(shop.call(&v1::Orders::Stub::HoldOrder, hold, &change).ok());
    QVERIFY(change.order().held());
    shop.peers.fail("AuthorisePayment", 0, kAway);
    QTRY_COMPARE_WITH_TIMEOUT(
        shop.get(placed.id()).waiting().method(), std::string("PlanShipment"), 15'000 * slowness());
    QCOMPARE(shop.peers.calls("PlanShipment"), 0);

    v1::ReleaseOrderRequest release;
    release.set_request_id("h2");
    release.set_id(placed.id());
    QVERIFY(shop.call(&v1::Orders::Stub::ReleaseOrder, release, &change).ok());
    QTRY_VERIFY_WITH_TIMEOUT(!shop.get(placed.id()).has_waiting(), 5'000 * slowness());
    QCOMPARE(shop.peers.effects("PlanShipment"), 1);
}

void TestOrdersSaga::callsForAPerson()
{
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    shop.peers.fail("PlanShipment", 1, grpc::StatusCode::PERMISSION_DENIED);
    v1::Order placed;
    QVERIFY(shop.call(&v1::Orders::Stub::PlaceOrder, checkoutOf("r1", "c"), &placed).ok());
    QTRY_VERIFY(shop.get(placed.id()).waiting().needs_person());
    v1::ListOrdersRequest stuck;
    stuck.set_filter("stuck = true AND waiting_service = deliveries AND needs_person = true");
    v1::ListOrdersResponse listed;
    QVERIFY(shop.call(&v1::Orders::Stub::ListOrders, stuck, &listed).ok());
    QCOMPARE(listed.orders_size(), 1);
    v1::OrderStats stats;
    QVERIFY(shop.call(&v1::Orders::Stub::GetOrderStats, v1::GetOrderStatsRequest(), &stats).ok());
    QCOMPARE(stats.waiting_size(), 1);
    QCOMPARE(stats.waiting(0).needs_person(), 1);
    QCOMPARE(stats.waiting(0).total_minor(), 250);

    v1::ResumeOrderRequest resume;
    resume.set_request_id("m1");
    resume.set_id(placed.id());
    v1::Order resumed;
    QVERIFY(shop.call(&v1::Orders::Stub::ResumeOrder, resume, &resumed).ok());
    QTRY_VERIFY(!shop.get(placed.id()).has_waiting());
    resume.set_request_id("m2");
    QCOMPARE(shop.call(&v1::Orders::Stub::ResumeOrder, resume, &resumed).error_code(),
        grpc::StatusCode::FAILED_PRECONDITION);
}

void TestOrdersSaga::refusesCheckouts_data()
{
    QTest::addColumn<QByteArray>("change"); // FIELD=VALUE.
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    const int bad = grpc::StatusCode::INVALID_ARGUMENT;
    const int no = grpc::StatusCode::FAILED_PRECONDITION;
    const int missing = grpc::StatusCode::NOT_FOUND;
    QTest::newRow("no request id") << "request_id="_ba << bad << "request_id"_ba;
    QTest::newRow("long request id")
        << "request_id="_ba + QByteArray(65, 'x') << bad << "request_id"_ba;
    QTest::newRow("no cart") << "cart_id="_ba << bad << "cart_id"_ba;
    QTest::newRow("no token") << "payment_token="_ba << bad << "payment_token"_ba;
    QTest::newRow("no country") << "country="_ba << bad << "shipping_address.country"_ba;
    QTest::newRow("unknown currency") << "currency=XXX"_ba << bad << "expected_total.currency"_ba;
    QTest::newRow("unknown cart") << "cart_id=lost"_ba << missing << ""_ba;
    QTest::newRow("unknown customer") << "customer_id=nobody"_ba << missing << ""_ba;
    QTest::newRow("blocked customer") << "customer_id=blocked"_ba << no << "customer"_ba;
    QTest::newRow("empty cart") << "cart_id=empty"_ba << no << "cart"_ba;
    QTest::newRow("unknown SKU") << "cart_id=odd"_ba << no << "UNKNOWN"_ba;
    QTest::newRow("overflowing quantity") << "cart_id=huge"_ba << no << "TEA"_ba;
    QTest::newRow("another total was agreed") << "expected=1"_ba << no << "expected_total"_ba;
}

void TestOrdersSaga::refusesCheckouts()
{
    QFETCH(QByteArray, change);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    OrdersShop shop;
    shop.peers.addCart("c", "TEA", 1);
    shop.peers.addCart("odd", "UNKNOWN", 1);
    shop.peers.addCart("huge", "TEA", std::numeric_limits<std::int64_t>::max());
    shop.peers.addCart("empty", "", 0);
    auto request = checkoutOf("r1", "c");
    const std::string value = change.mid(change.indexOf('=') + 1).toStdString();
    const QByteArray field = change.left(change.indexOf('='));
    if (field == "country")
        request.mutable_shipping_address()->set_country(value);
    else if (field == "currency")
        request.mutable_expected_total()->set_currency(value);
    else if (field == "expected") {
        request.mutable_expected_total()->set_currency("GBP");
        request.mutable_expected_total()->set_minor(1);
    } else
        request.GetReflection()->SetString(
            &request, request.GetDescriptor()->FindFieldByName(field.toStdString()), value);
    v1::Order order;

    const auto status = shop.call(&v1::Orders::Stub::PlaceOrder, request, &order);

    QCOMPARE(int(status.error_code()), code);
    QVERIFY2(QByteArray::fromStdString(status.error_message()).contains(says),
        status.error_message().c_str());
    v1::ListOrdersResponse listed;
    QVERIFY(shop.call(&v1::Orders::Stub::ListOrders, v1::ListOrdersRequest(), &listed).ok());
    QCOMPARE(listed.total_size(), 0);
    QCOMPARE(shop.peers.calls("ReserveStock"), 0);
}

QTEST_GUILESS_MAIN(TestOrdersSaga)
#include "tst_orderssaga.moc"
