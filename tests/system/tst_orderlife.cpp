// SPDX-License-Identifier: GPL-3.0-or-later
// One order from its cart to its refund, through the real services, each of which dies on the way.
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

using namespace shopfleet;
using storeworld::call;

class TestOrderLife : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void shipsRefundsAndTakesBack_data();
    void shipsRefundsAndTakesBack();
    void carrierBringsIt_data();
    void carrierBringsIt();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    orders::v1::Order order(const std::string& id);
    bool becomes(const std::string& id, orders::v1::OrderState state);
    inventory::v1::Stock stock(const std::string& sku);
    deliveries::v1::Shipment shipment(const std::string& id);
    /// Until the parcel goes there.
    void sendTo(const StoreWorld& world, const std::string& postalCode);
    /// By somebody who waits for a second and then goes home.
    grpc::StatusCode dispatch(const StoreWorld& world, const std::string& requestId);
    /// kill -9, as often as somebody wants to be sure.
    void kill();
    bool healed();

    RealFleet m_fleet;
    StoreWorld::Channels m_channels;
    std::string m_victim;
    std::int64_t m_killed = 0;
    int m_worlds = 0;
};

void TestOrderLife::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_channels = StoreWorld::open();
}

orders::v1::Order TestOrderLife::order(const std::string& id)
{
    const auto stub = orders::v1::Orders::NewStub(m_channels["orders"]);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
    orders::v1::GetOrderRequest request;
    request.set_id(id);
    orders::v1::Order order;
    stub->GetOrder(&context, request, &order); // While it is away it is asked again.
    return order;
}

bool TestOrderLife::becomes(const std::string& id, orders::v1::OrderState state)
{
    return QTest::qWaitFor(
        [&] {
            const auto now = order(id);
            return now.state() == state && !now.has_waiting();
        },
        20'000);
}

inventory::v1::Stock TestOrderLife::stock(const std::string& sku)
{
    const auto stub = inventory::v1::Inventory::NewStub(m_channels["inventory"]);
    inventory::v1::BatchGetVariantsRequest request;
    request.add_skus(sku);
    return call(*stub, &inventory::v1::Inventory::Stub::BatchGetVariants, request)
        .variants(0)
        .variant()
        .stock();
}

void TestOrderLife::kill()
{
    if (!m_victim.empty())
        m_killed = m_fleet.kill(m_victim);
}

bool TestOrderLife::healed()
{
    // That it has died may not be known yet.
    return QTest::qWaitFor(
        [this] {
            return m_fleet.allServe()
                && (m_victim.empty() || m_fleet.serves(m_victim, 1, m_killed));
        },
        20'000);
}

void TestOrderLife::shipsRefundsAndTakesBack_data()
{
    QTest::addColumn<QByteArray>("victim");
    QTest::newRow("nobody dies") << QByteArray();
    for (const auto* name : {"orders", "payments", "inventory", "deliveries"})
        QTest::addRow("%s dies at every turn", name) << QByteArray(name);
}

void TestOrderLife::shipsRefundsAndTakesBack()
{
    QFETCH(QByteArray, victim);
    m_victim = victim.toStdString();
    const auto world = StoreWorld::make(m_channels, ++m_worlds);
    const auto id = world.order;
    const auto before = stock(world.sku);
    QCOMPARE(before.reserved(), 2);

    const auto deliveries = deliveries::v1::Deliveries::NewStub(m_channels["deliveries"]);
    deliveries::v1::DispatchShipmentRequest dispatch;
    dispatch.set_request_id(world.mark + "-leaves");
    dispatch.set_id(world.shipment);
    call(*deliveries, &deliveries::v1::Deliveries::Stub::DispatchShipment, dispatch);
    kill();
    QVERIFY(becomes(id, orders::v1::ORDER_STATE_SHIPPED));
    QVERIFY(healed());
    QCOMPARE(stock(world.sku).on_hand(), before.on_hand() - 2);
    QCOMPARE(stock(world.sku).reserved(), 0);

    const auto arrive = [&](const std::string& shipment, const std::string& event) {
        deliveries::v1::RecordTrackingEventRequest arrived;
        arrived.set_request_id(world.mark + event);
        arrived.set_shipment_id(shipment);
        arrived.mutable_event()->set_id(event);
        arrived.mutable_event()->set_state(deliveries::v1::SHIPMENT_STATE_DELIVERED);
        arrived.mutable_event()->mutable_at()->set_seconds(std::time(nullptr));
        call(*deliveries, &deliveries::v1::Deliveries::Stub::RecordTrackingEvent, arrived);
    };
    arrive(world.shipment, "-there");
    QVERIFY(becomes(id, orders::v1::ORDER_STATE_DELIVERED));

    const auto orders = orders::v1::Orders::NewStub(m_channels["orders"]);
    orders::v1::RefundOrderRequest refund;
    refund.set_request_id(world.mark + "-refund");
    refund.set_id(id);
    refund.set_reason("one is broken");
    auto& broken = *refund.add_lines();
    broken.set_line_id(order(id).lines(0).id());
    broken.set_quantity(1);
    call(*orders, &orders::v1::Orders::Stub::RefundOrder, refund);
    kill();
    QTRY_COMPARE_WITH_TIMEOUT(order(id).refunded().minor(), 250, 20'000);
    QVERIFY(becomes(id, orders::v1::ORDER_STATE_DELIVERED));
    QVERIFY(healed());

    orders::v1::ReturnOrderRequest back;
    back.set_request_id(world.mark + "-return");
    back.set_id(id);
    auto& line = *back.add_lines();
    line.set_line_id(order(id).lines(0).id());
    line.set_quantity(1);
    line.set_restock(true);
    call(*orders, &orders::v1::Orders::Stub::ReturnOrder, back);
    kill();
    QTRY_COMPARE_WITH_TIMEOUT(
        static_cast<int>(order(id).refunds_size() < 2 ? 0 : order(id).refunds(1).state()),
        static_cast<int>(orders::v1::REFUND_STATE_AWAITING_GOODS), 20'000);
    QVERIFY(healed());
    const auto way = order(id).refunds(1).shipment_id();
    deliveries::v1::GetShipmentRequest get;
    get.set_id(way);
    const auto parcel = call(*deliveries, &deliveries::v1::Deliveries::Stub::GetShipment, get);
    if (parcel.state() == deliveries::v1::SHIPMENT_STATE_PLANNED) {
        dispatch.set_request_id(world.mark + "-sent-back");
        dispatch.set_id(way);
        call(*deliveries, &deliveries::v1::Deliveries::Stub::DispatchShipment, dispatch);
    }
    arrive(way, "-back");
    kill();
    QVERIFY(becomes(id, orders::v1::ORDER_STATE_REFUNDED));
    QVERIFY(healed());

    // What orders says and what payments and inventory hold is one.
    payments::v1::GetPaymentRequest paid;
    paid.set_id(world.payment);
    const auto payments = payments::v1::Payments::NewStub(m_channels["payments"]);
    const auto payment = call(*payments, &payments::v1::Payments::Stub::GetPayment, paid);
    QCOMPARE(payment.captured().minor(), 500);
    QCOMPARE(payment.refunded().minor(), 500);
    QCOMPARE(order(id).refunded().minor(), 500);
    QCOMPARE(stock(world.sku).on_hand(), before.on_hand() - 1);
}

deliveries::v1::Shipment TestOrderLife::shipment(const std::string& id)
{
    const auto stub = deliveries::v1::Deliveries::NewStub(m_channels["deliveries"]);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
    deliveries::v1::GetShipmentRequest request;
    request.set_id(id);
    deliveries::v1::Shipment shipment;
    stub->GetShipment(&context, request, &shipment); // While it is away it is asked again.
    return shipment;
}

void TestOrderLife::sendTo(const StoreWorld& world, const std::string& postalCode)
{
    orders::v1::UpdateOrderRequest request;
    request.set_request_id(world.mark + postalCode);
    *request.mutable_order() = order(world.order);
    request.mutable_order()->mutable_shipping_address()->set_postal_code(postalCode);
    request.mutable_update_mask()->add_paths("shipping_address");
    const auto stub = orders::v1::Orders::NewStub(m_channels["orders"]);
    call(*stub, &orders::v1::Orders::Stub::UpdateOrder, request);
    QTRY_COMPARE_WITH_TIMEOUT(shipment(world.shipment).address().postal_code(), postalCode, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(!order(world.order).has_address_change(), 20'000);
}

grpc::StatusCode TestOrderLife::dispatch(const StoreWorld& world, const std::string& requestId)
{
    const auto stub = deliveries::v1::Deliveries::NewStub(m_channels["deliveries"]);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
    deliveries::v1::DispatchShipmentRequest request;
    request.set_request_id(world.mark + requestId);
    request.set_id(world.shipment);
    deliveries::v1::Shipment answer;
    return stub->DispatchShipment(&context, request, &answer).error_code();
}

void TestOrderLife::carrierBringsIt_data()
{
    QTest::addColumn<QByteArray>("victim");
    QTest::newRow("nobody dies") << QByteArray();
    for (const auto* name : {"carrier", "deliveries", "orders"})
        QTest::addRow("%s dies at every turn", name) << QByteArray(name);
}

/// The carrier refuses one address; at the next its answer is lost. From then on nobody does
/// anything: it is found out that it has the parcel, the money is taken, and the customer gets it.
void TestOrderLife::carrierBringsIt()
{
    QFETCH(QByteArray, victim);
    m_victim = victim.toStdString();
    const auto world = StoreWorld::make(m_channels, ++m_worlds, false);
    sendTo(world, "SBX REFUSED");
    QCOMPARE(dispatch(world, "-refused"), grpc::StatusCode::FAILED_PRECONDITION);
    kill();
    QVERIFY(healed());
    sendTo(world, "SBX TIMEOUT");
    QCOMPARE(dispatch(world, "-leaves"), grpc::StatusCode::DEADLINE_EXCEEDED);
    QVERIFY(shipment(world.shipment).has_handover());
    kill();
    QTRY_VERIFY_WITH_TIMEOUT(order(world.order).state() >= orders::v1::ORDER_STATE_SHIPPED, 20'000);
    kill();
    QVERIFY(becomes(world.order, orders::v1::ORDER_STATE_DELIVERED));
    QVERIFY(healed());
    QTRY_COMPARE_WITH_TIMEOUT(shipment(world.shipment).events_size(), 3, 20'000);
    QVERIFY(shipment(world.shipment).tracking_number().starts_with("SB"));
    QCOMPARE(order(world.order).captured().minor(), 500);
}

QTEST_GUILESS_MAIN(TestOrderLife)
#include "tst_orderlife.moc"
