// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/deliveries/rules.h"
#include "tests/badtimes.h"

#include <QTest>

#include <limits>
#include <vector>

using namespace Qt::StringLiterals;
using namespace shopfleet::deliveries;

Q_DECLARE_METATYPE(shopfleet::deliveries::v1::ShipmentState)
Q_DECLARE_METATYPE(std::vector<shopfleet::deliveries::v1::ShipmentState>)

namespace {

constexpr auto kPlanned = v1::SHIPMENT_STATE_PLANNED;
constexpr auto kDispatched = v1::SHIPMENT_STATE_DISPATCHED;
constexpr auto kPickedUp = v1::SHIPMENT_STATE_PICKED_UP;
constexpr auto kInTransit = v1::SHIPMENT_STATE_IN_TRANSIT;
constexpr auto kDelivered = v1::SHIPMENT_STATE_DELIVERED;
constexpr auto kReturned = v1::SHIPMENT_STATE_RETURNED;
constexpr auto kCancelled = v1::SHIPMENT_STATE_CANCELLED;
constexpr auto kLost = v1::SHIPMENT_STATE_LOST;

v1::Shipment shipment(v1::ShipmentState state, v1::ShipmentDirection direction, int quantity)
{
    v1::Shipment result;
    result.set_id("S-1");
    result.set_state(state);
    result.set_direction(direction);
    auto* line = result.add_lines();
    line->set_sku("85123A");
    line->set_quantity(quantity);
    return result;
}

v1::TrackingEvent report(const std::string& id, v1::ShipmentState state)
{
    v1::TrackingEvent result;
    result.set_id(id);
    result.set_state(state);
    result.mutable_at()->set_seconds(1'300'000'000);
    return result;
}

} // namespace

/// What a shipment may become, one sentence per row.
class TestDeliveriesRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tracking_data();
    void tracking();
    void repeatedEventChangesNothing();
    void timesAreTimes();
    void beforeDispatch_data();
    void beforeDispatch();
    void events_data();
    void events();
    void plans_data();
    void plans();
    void returns_data();
    void returns();
};

void TestDeliveriesRules::tracking_data()
{
    using States = std::vector<v1::ShipmentState>;
    QTest::addColumn<v1::ShipmentState>("from");
    QTest::addColumn<States>("events");
    QTest::addColumn<v1::ShipmentState>("to");

    QTest::newRow("the usual way")
        << kDispatched << States{kPickedUp, kInTransit, kDelivered} << kDelivered;
    QTest::newRow("late pick-up does not go back")
        << kDispatched << States{kInTransit, kPickedUp} << kInTransit;
    QTest::newRow("nothing moves what has arrived")
        << kDispatched << States{kDelivered, kInTransit, kLost, kReturned} << kDelivered;
    QTest::newRow("steps may be missing") << kDispatched << States{kDelivered} << kDelivered;
    QTest::newRow("lost turns up") << kDispatched << States{kLost, kDelivered} << kDelivered;
    QTest::newRow("lost stays lost in transit")
        << kDispatched << States{kLost, kInTransit} << kLost;
    QTest::newRow("returned to sender")
        << kDispatched << States{kInTransit, kReturned} << kReturned;
    QTest::newRow("cancelled stays cancelled") << kCancelled << States{kInTransit} << kCancelled;
}

void TestDeliveriesRules::tracking()
{
    QFETCH(v1::ShipmentState, from);
    QFETCH(std::vector<v1::ShipmentState>, events);
    auto current = shipment(from, v1::SHIPMENT_DIRECTION_OUTBOUND, 1);

    int count = 0;
    for (const auto state : events) {
        auto next = withEvent(current, report(std::to_string(++count), state));
        QVERIFY(next.ok());
        current = *next;
    }

    QTEST(current.state(), "to");
    QCOMPARE(current.events_size(), count); // The history keeps the late ones too.
}

void TestDeliveriesRules::timesAreTimes()
{
    for (const auto& time : badTimes()) {
        auto event = report("e", kInTransit);
        *event.mutable_at() = time;
        QVERIFY(checkEvent(event).message().find("event.at") == 0);
        v1::ImportShipmentsRequest request;
        auto& imported = *request.add_shipments();
        imported = shipment(kDelivered, v1::SHIPMENT_DIRECTION_OUTBOUND, 1);
        imported.set_order_id("1");
        imported.set_fulfilment(1);
        QVERIFY(checkImport(request).ok());
        for (auto* each : {imported.mutable_created_at(), imported.mutable_promised_at(),
                 imported.add_events()->mutable_at()}) {
            *each = time;
            QVERIFY(!checkImport(request).ok());
            each->Clear();
        }
    }
}

void TestDeliveriesRules::repeatedEventChangesNothing()
{
    const auto once = withEvent(
        shipment(kDispatched, v1::SHIPMENT_DIRECTION_OUTBOUND, 1), report("e", kPickedUp));
    QVERIFY(once.ok());

    const auto twice = withEvent(*once, report("e", kDelivered));

    QVERIFY(twice.ok());
    QCOMPARE(twice->SerializeAsString(), once->SerializeAsString());
}

void TestDeliveriesRules::beforeDispatch_data()
{
    QTest::addColumn<v1::ShipmentState>("state");
    QTest::addColumn<bool>("dispatches");
    QTest::addColumn<bool>("takesEvents");

    QTest::newRow("planned") << kPlanned << true << false;
    QTest::newRow("dispatched") << kDispatched << false << true;
    QTest::newRow("delivered") << kDelivered << false << true;
    QTest::newRow("cancelled") << kCancelled << false << true;
}

void TestDeliveriesRules::beforeDispatch()
{
    QFETCH(v1::ShipmentState, state);
    const auto current = shipment(state, v1::SHIPMENT_DIRECTION_OUTBOUND, 1);
    QTEST(checkDispatch(current).ok(), "dispatches");
    QTEST(checkCancel(current).ok(), "dispatches");
    QTEST(withEvent(current, report("e", kPickedUp)).ok(), "takesEvents");
}

void TestDeliveriesRules::events_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<v1::ShipmentState>("state");
    QTest::addColumn<bool>("hasTime");
    QTest::addColumn<bool>("good");

    QTest::newRow("good") << u"e1"_s << kPickedUp << true << true;
    QTest::newRow("no id") << u""_s << kPickedUp << true << false;
    QTest::newRow("no time") << u"e1"_s << kPickedUp << false << false;
    QTest::newRow("planning is not the carrier's") << u"e1"_s << kPlanned << true << false;
    QTest::newRow("cancelling is not the carrier's") << u"e1"_s << kCancelled << true << false;
    QTest::newRow("unknown state")
        << u"e1"_s << static_cast<v1::ShipmentState>(99) << true << false;
}

void TestDeliveriesRules::events()
{
    QFETCH(QString, id);
    QFETCH(v1::ShipmentState, state);
    QFETCH(bool, hasTime);
    auto reported = report(id.toStdString(), state);
    if (!hasTime)
        reported.clear_at();
    QTEST(checkEvent(reported).ok(), "good");
}

void TestDeliveriesRules::plans_data()
{
    QTest::addColumn<QString>("order");
    QTest::addColumn<int>("fulfilment");
    QTest::addColumn<QString>("sku");
    QTest::addColumn<qint64>("quantity");
    QTest::addColumn<QString>("names"); // The field that the refusal names; empty: accepted.

    QTest::newRow("good") << u"1"_s << 1 << u"85123A"_s << qint64(6) << u""_s;
    QTest::newRow("no order") << u""_s << 1 << u"85123A"_s << qint64(6) << u"order_id"_s;
    QTest::newRow("no fulfilment") << u"1"_s << 0 << u"85123A"_s << qint64(6) << u"fulfilment"_s;
    QTest::newRow("no sku") << u"1"_s << 1 << u""_s << qint64(6) << u"lines[0].sku"_s;
    QTest::newRow("zero") << u"1"_s << 1 << u"85123A"_s << qint64(0) << u"lines[0].quantity"_s;
    QTest::newRow("negative") << u"1"_s << 1 << u"85123A"_s << qint64(-6) << u"lines[0].quantity"_s;
    QTest::newRow("overflowing") << u"1"_s << 1 << u"85123A"_s << std::numeric_limits<qint64>::max()
                                 << u"lines[0].quantity"_s;
}

void TestDeliveriesRules::plans()
{
    QFETCH(QString, order);
    QFETCH(int, fulfilment);
    QFETCH(QString, sku);
    QFETCH(qint64, quantity);
    QFETCH(QString, names);
    v1::PlanShipmentRequest request;
    request.set_order_id(order.toStdString());
    request.set_fulfilment(fulfilment);
    request.add_lines()->set_sku(sku.toStdString());
    request.mutable_lines(0)->set_quantity(quantity);

    const auto status = checkPlan(request);

    QCOMPARE(status.ok(), names.isEmpty());
    QVERIFY2(status.message().find(names.toStdString()) != absl::string_view::npos,
        std::string(status.message()).c_str());
    request.clear_lines();
    QVERIFY(!checkPlan(request).ok());
}

void TestDeliveriesRules::returns_data()
{
    QTest::addColumn<v1::ShipmentState>("state");
    QTest::addColumn<int>("back"); // Returned already.
    QTest::addColumn<int>("wanted");
    QTest::addColumn<bool>("good");

    QTest::newRow("all of it") << kDelivered << 0 << 3 << true;
    QTest::newRow("more than was sent") << kDelivered << 0 << 4 << false;
    QTest::newRow("the rest") << kDelivered << 2 << 1 << true;
    QTest::newRow("twice") << kDelivered << 3 << 1 << false;
    QTest::newRow("not delivered yet") << kInTransit << 0 << 1 << false;
}

void TestDeliveriesRules::returns()
{
    QFETCH(v1::ShipmentState, state);
    QFETCH(int, back);
    QFETCH(int, wanted);
    const std::vector<v1::Shipment> known = {shipment(state, v1::SHIPMENT_DIRECTION_OUTBOUND, 3),
        shipment(kDispatched, v1::SHIPMENT_DIRECTION_RETURN, back)};
    v1::CreateReturnRequest request;
    request.set_order_id("1");
    request.add_lines()->set_sku("85123A");
    request.mutable_lines(0)->set_quantity(wanted);

    QTEST(checkReturnable(request, known).ok(), "good");
}

QTEST_GUILESS_MAIN(TestDeliveriesRules)
#include "tst_deliveriesrules.moc"
