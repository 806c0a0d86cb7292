// SPDX-License-Identifier: GPL-3.0-or-later
// The dialogs of support in front of the real fleet, while the services that they speak to are
// killed: what was typed stays, the dialog says what is wrong, and pressed as often as it takes it
// has one effect.
#include "app/api/channels.h"
#include "app/mainwindow.h"
#include "app/pages/deliveries/splitdialog.h"
#include "app/pages/orders/verbdialog.h"
#include "app/wiring.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

#include <csignal>
#include <memory>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using Order = orders::v1::Order;

class TestDialogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void doesItOnceWhateverDies_data();
    void doesItOnceWhateverDies();
    void saysThatNobodyAnswers();
    void splitsAParcelOnce();
    void cleanupTestCase();

private:
    Order order(const std::string& id);
    void dispatch(const StoreWorld& world);
    void arrive(const StoreWorld& world);
    void kill(const std::string& service);
    /// Opens the order's page and the dialog of a key.
    VerbDialog* open(const std::string& id, const QString& key);
    static QString saidIn(const QWidget& widget);
    static void fill(VerbDialog& dialog, const StoreWorld& world);

    RealFleet m_fleet;
    theme::Theme m_theme{qEnvironmentVariable("SHOPFLEET_TEST_THEME") == "dark"_L1
            ? theme::Mode::Dark
            : theme::Mode::Light};
    StoreWorld::Channels m_at;
    std::unique_ptr<api::Channels> m_channels;
    // Both stay until the process ends, as in the program: answers may still be on their way.
    inline static MainWindow* m_window = nullptr;
    inline static Wiring* m_wiring = nullptr;
    int m_worlds = 0;
};

void TestDialogs::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"shopfleet-test"_s);
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    m_at = StoreWorld::open();
    theme::apply(m_theme);
    m_channels = std::make_unique<api::Channels>(m_fleet.address());
    m_window = new MainWindow(m_theme, u"test"_s);
    m_wiring = new Wiring(*m_window, m_theme, *m_channels);
    m_window->resize(1440, 900);
    m_window->show();
}

void TestDialogs::cleanup()
{
    delete m_window->findChild<VerbDialog*>();
    delete m_window->findChild<SplitDialog*>();
    // What ends ten times within ten seconds is taken for a crash loop, and started with pauses.
    QTest::qWait(3'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 40'000);
}

Order TestDialogs::order(const std::string& id)
{
    const auto stub = orders::v1::Orders::NewStub(m_at["orders"]);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
    orders::v1::GetOrderRequest request;
    request.set_id(id);
    Order order;
    stub->GetOrder(&context, request, &order); // While it is away it is asked again.
    return order;
}

void TestDialogs::dispatch(const StoreWorld& world)
{
    const auto stub = deliveries::v1::Deliveries::NewStub(m_at["deliveries"]);
    deliveries::v1::DispatchShipmentRequest request;
    request.set_request_id(world.mark + "-leaves");
    request.set_id(world.shipment);
    storeworld::call(*stub, &deliveries::v1::Deliveries::Stub::DispatchShipment, request);
}

void TestDialogs::arrive(const StoreWorld& world)
{
    const auto stub = deliveries::v1::Deliveries::NewStub(m_at["deliveries"]);
    deliveries::v1::RecordTrackingEventRequest request;
    request.set_request_id(world.mark + "-arrives");
    request.set_shipment_id(world.shipment);
    request.mutable_event()->set_id("there");
    request.mutable_event()->set_state(deliveries::v1::SHIPMENT_STATE_DELIVERED);
    request.mutable_event()->mutable_at()->set_seconds(std::time(nullptr));
    storeworld::call(*stub, &deliveries::v1::Deliveries::Stub::RecordTrackingEvent, request);
}

void TestDialogs::kill(const std::string& service)
{
    const auto view = m_fleet.service(service);
    for (const auto& replica : view.replicas())
        if (replica.pid() > 0)
            ::kill(static_cast<pid_t>(replica.pid()), SIGKILL);
}

VerbDialog* TestDialogs::open(const std::string& id, const QString& key)
{
    m_window->open(Address{u"orders"_s, QString::fromStdString(id), {}});
    const bool ready = QTest::qWaitFor([&] { return m_window->page()->isReady(); }, 10'000);
    for (const PageKey& each : m_window->page()->keys())
        if (ready && each.keys == key)
            each.run();
    return m_window->findChild<VerbDialog*>();
}

QString TestDialogs::saidIn(const QWidget& widget)
{
    QString said;
    for (const auto* label : widget.findChildren<QLabel*>())
        said += label->text() + u'|';
    return said;
}

void TestDialogs::fill(VerbDialog& dialog, const StoreWorld& world)
{
    if (auto* units = dialog.findChild<QSpinBox*>())
        units->setValue(1);
    if (auto* goods = dialog.findChild<QLineEdit*>(u"goods"_s))
        QTest::keyClicks(goods, QString::fromStdString(world.sku) + u" x 1"_s);
    if (auto* reason = dialog.findChild<QLineEdit*>(u"reason"_s))
        QTest::keyClicks(reason, u"broken"_s);
    if (auto* street = dialog.findChild<QLineEdit*>(u"line1"_s)) {
        street->clear();
        QTest::keyClicks(street, u"2 New Road"_s);
    }
}

void TestDialogs::doesItOnceWhateverDies_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("behind");
    QTest::addColumn<bool>("shipped");
    QTest::newRow("refund") << u"R"_s << QByteArray("payments") << true;
    QTest::newRow("return") << u"B"_s << QByteArray("deliveries") << true;
    QTest::newRow("exchange") << u"E"_s << QByteArray("inventory") << true;
    QTest::newRow("send again") << u"S"_s << QByteArray("inventory") << true;
    QTest::newRow("take out") << u"O"_s << QByteArray("deliveries") << false;
    QTest::newRow("address") << u"A"_s << QByteArray("deliveries") << false;
}

void TestDialogs::doesItOnceWhateverDies()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, behind);
    QFETCH(bool, shipped);
    const auto world = StoreWorld::make(m_at, ++m_worlds, false);
    if (shipped) {
        dispatch(world);
        QTRY_COMPARE_WITH_TIMEOUT(
            order(world.order).state(), orders::v1::ORDER_STATE_SHIPPED, 10'000);
        arrive(world);
        QTRY_COMPARE_WITH_TIMEOUT(
            order(world.order).state(), orders::v1::ORDER_STATE_DELIVERED, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(!order(world.order).has_waiting(), 10'000);
    }
    auto* dialog = open(world.order, key);
    QVERIFY(dialog && dialog->isVisible());
    auto* primary = dialog->findChild<parts::BusyButton*>();
    QVERIFY(!primary->isEnabled()); // Nothing is said yet.
    kill("orders"); // While the preview is asked for.
    fill(*dialog, world);
    QTRY_VERIFY2_WITH_TIMEOUT(primary->isEnabled(), qPrintable(saidIn(*dialog)), 40'000);
    if (const auto folder = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES"); !folder.isEmpty())
        dialog->grab().save(folder + u'/' + QLatin1String(QTest::currentDataTag()) + u".png"_s);

    const QPointer<VerbDialog> open(dialog);
    kill("orders");
    kill(behind.toStdString());
    primary->click();
    primary->click();
    for (int i = 0; open && i < 180; ++i) {
        if (i == 1)
            kill("orders"); // And once more, in the middle of it.
        QTest::qWait(250);
        if (open && !primary->isBusy() && primary->isEnabled())
            primary->click(); // As somebody does who reads that it did not answer.
    }
    QVERIFY2(!open, qPrintable(open ? saidIn(*open) : QString()));

    const auto through = [&] {
        const auto now = order(world.order);
        return now.id() == world.order && !now.has_waiting() && !now.has_address_change()
            && now.lines_changes().empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(through(), 20'000);
    const auto now = order(world.order);
    QCOMPARE(now.refunds_size(), QStringList({u"R"_s, u"B"_s, u"E"_s}).contains(key) ? 1 : 0);
    QCOMPARE(now.reships_size(), QStringList({u"S"_s, u"E"_s}).contains(key) ? 1 : 0);
    QCOMPARE(now.refunded().minor(), key == u"R"_s ? 250 : 0);
    QCOMPARE(now.total().minor(), key == u"O"_s ? 250 : 500);
    if (key == u"A"_s)
        QCOMPARE(now.shipping_address().line1(), std::string("2 New Road"));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 20'000);
}

void TestDialogs::saysThatNobodyAnswers()
{
    const auto world = StoreWorld::make(m_at, ++m_worlds, false);
    auto* dialog = open(world.order, u"A"_s);
    QVERIFY(dialog && dialog->isVisible());
    const QPointer<VerbDialog> open(dialog);
    fill(*dialog, world);
    auto* primary = dialog->findChild<parts::BusyButton*>();
    QTRY_VERIFY_WITH_TIMEOUT(primary->isEnabled(), 10'000);
    const auto pid = static_cast<pid_t>(m_fleet.service("orders").replicas(0).pid());
    ::kill(pid, SIGSTOP); // It is there, and silent.
    primary->click();
    QVERIFY(primary->isBusy());
    QTRY_VERIFY_WITH_TIMEOUT(!open || !primary->isBusy(), 20'000);
    // It was refused in words, or another took over and did it; never an endless wait.
    if (open) {
        QCOMPARE(dialog->findChild<QLineEdit*>(u"line1"_s)->text(), u"2 New Road"_s);
        QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("orders", 1, pid), 20'000);
        primary->click();
        QTRY_VERIFY_WITH_TIMEOUT(!open, 15'000);
    }
    QTRY_COMPARE_WITH_TIMEOUT(
        order(world.order).shipping_address().line1(), std::string("2 New Road"), 20'000);
    ::kill(pid, SIGCONT);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 20'000);
}

void TestDialogs::splitsAParcelOnce()
{
    const auto world = StoreWorld::make(m_at, ++m_worlds, false);
    m_window->open(Address{u"deliveries"_s, QString::fromStdString(world.shipment), {}});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->page()->isReady(), 10'000);
    for (const PageKey& each : m_window->page()->keys())
        if (each.keys == u"P"_s)
            each.run();
    auto* dialog = m_window->findChild<SplitDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    auto* primary = dialog->findChild<parts::BusyButton*>();
    QVERIFY(!primary->isEnabled());
    auto* units = dialog->findChild<QSpinBox*>();
    units->setValue(units->maximum());
    QVERIFY(!primary->isEnabled()); // Nothing would stay.
    units->setValue(1);
    QVERIFY(primary->isEnabled());
    if (const auto folder = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES"); !folder.isEmpty())
        dialog->grab().save(folder + u"/split.png"_s);
    const QPointer<SplitDialog> open(dialog);
    kill("deliveries");
    for (int i = 0; open && i < 120; ++i) {
        primary->click();
        primary->click();
        QTest::qWait(250);
    }
    QVERIFY2(!open, qPrintable(open ? saidIn(*open) : QString()));
    QTRY_COMPARE_WITH_TIMEOUT(order(world.order).shipment_ids_size(), 2, 20'000);
    deliveries::v1::ListShipmentsRequest list;
    list.set_filter("order_id = \"" + world.order + "\"");
    const auto stub = deliveries::v1::Deliveries::NewStub(m_at["deliveries"]);
    const auto parcels
        = storeworld::call(*stub, &deliveries::v1::Deliveries::Stub::ListShipments, list);
    QCOMPARE(parcels.total_size(), 2);
    for (const auto& parcel : parcels.shipments())
        QCOMPARE(parcel.lines(0).quantity(), 1);
}

void TestDialogs::cleanupTestCase()
{
    m_fleet.stopControl();
}

QTEST_MAIN(TestDialogs)
#include "tst_dialogs.moc"
