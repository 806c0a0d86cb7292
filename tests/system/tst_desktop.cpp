// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop's own window in front of the real fleet: what it shows, and what it says when parts
// of the store die.
#include "app/api/channels.h"
#include "app/mainwindow.h"
#include "app/pages/orders/manypanel.h"
#include "app/pages/orders/verbdialog.h"
#include "app/pages/rollouts/rolloutdialog.h"
#include "app/pages/services/policydialog.h"
#include "app/pages/services/servicelinks.h"
#include "app/pages/services/stopdialog.h"
#include "app/widgets/charts/plot.h"
#include "app/widgets/charts/timechart.h"
#include "app/widgets/frame/bars.h"
#include "app/widgets/palette/palette.h"
#include "app/widgets/table/roles.h"
#include "app/widgets/table/tableview.h"
#include "app/widgets/waterfall/waterfall.h"
#include "app/wiring.h"
#include "tests/system/checkouts.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QSpinBox>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;

/// What the mission asks for: whatever dies, the window names it within this time.
constexpr int kNamedMs = 2'000;

class TestDesktop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void listsShowTheStore_data();
    void listsShowTheStore();
    void anAddressOpensAnOrder();
    void namesTheDeadService_data();
    void namesTheDeadService();
    void namesTheFrozenService();
    void scalesFromThePage();
    void drainsFromThePage();
    void setsAPolicyFromThePage();
    void showsAMethodAndTheHourBefore();
    void rollsOutFromThePage();
    void leadsFromAnIncidentToItsLogs();
    void leadsFromAPointToItsMoment();
    void findsAnything_data();
    void findsAnything();
    void refundsOnceHoweverOftenPressed();
    void triesManyStuckOrdersAgain();
    void goesOnWithoutTheControlPlane();
    void startsBeforeTheStore();
    void cleanupTestCase();

private:
    Page& page(const QString& name);
    QString saidBelow();
    static QString saidIn(const QWidget& widget);
    static QString saidOn(const QWidget& buttons);
    void press(const QString& keys);
    bool hasRows();
    void addRelease(const std::string& version, const std::string& script);
    void rollOut(const QString& version);
    void findsWhatTheyWaitOn();

    RealFleet m_fleet;
    theme::Theme m_theme{theme::Mode::Light};
    std::unique_ptr<api::Channels> m_channels;
    // Both stay until the process ends, as in the program: answers may still be on their way.
    MainWindow* m_window = nullptr;
    Wiring* m_wiring = nullptr;
};

void TestDesktop::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"shopfleet-test"_s);
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000 * slowness()));
    QProcess import;
    import.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {u"import"_s, u"online-retail"_s,
            QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz"),
            u"--control"_s, QString::fromStdString(m_fleet.address())});
    QVERIFY(import.waitForFinished(30'000));
    QVERIFY2(import.exitCode() == 0, import.readAllStandardError());

    theme::apply(m_theme);
    m_channels = std::make_unique<api::Channels>(m_fleet.address());
    m_window = new MainWindow(m_theme, u"test"_s);
    m_wiring = new Wiring(*m_window, m_theme, *m_channels);
    m_window->resize(1440, 900);
    m_window->show();
    // Each page has been there once: from now on it is kept fresh.
    for (const auto& name : {u"overview"_s, u"orders"_s, u"services"_s}) {
        page(name);
        QVERIFY(QTest::qWaitFor([&] { return m_window->page()->isReady(); }, 10'000 * slowness()));
    }
}

void TestDesktop::cleanup()
{
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 15'000 * slowness());
}

Page& TestDesktop::page(const QString& name)
{
    if (!m_window->page() || m_window->page()->name() != name)
        m_window->open(Address{name, {}, {}});
    return *m_window->page();
}

/// What the notice bar says, on whatever page.
QString TestDesktop::saidBelow()
{
    return saidIn(*m_window->findChild<frame::NoticeBar*>());
}

QString TestDesktop::saidIn(const QWidget& widget)
{
    QString said;
    for (const auto* label : widget.findChildren<QLabel*>())
        said += label->text() + u'|';
    return said;
}

QString TestDesktop::saidOn(const QWidget& widget)
{
    QString said;
    for (const auto* button : widget.findChildren<QAbstractButton*>())
        said += button->text() + u'|';
    return said;
}

void TestDesktop::press(const QString& keys)
{
    for (const PageKey& key : m_window->page()->keys())
        if (key.keys == keys)
            return key.run();
    QFAIL("no such key");
}

bool TestDesktop::hasRows()
{
    auto* view = m_window->page()->findChild<table::TableView*>();
    return view && view->model()->rowCount() > 0
        && !view->model()->index(0, 0).data(table::SkeletonRole).toBool();
}

void TestDesktop::listsShowTheStore_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("orders") << u"orders"_s;
    QTest::newRow("catalogue") << u"catalogue"_s;
    QTest::newRow("customers") << u"customers"_s;
    QTest::newRow("deliveries") << u"deliveries"_s;
}

void TestDesktop::listsShowTheStore()
{
    QFETCH(QString, name);
    page(name);
    QTRY_VERIFY(m_window->page()->isReady());
    QVERIFY(hasRows());
    QCOMPARE(m_window->page()->info().freshness.state, api::Freshness::State::Live);
}

void TestDesktop::anAddressOpensAnOrder()
{
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://orders/538520"_s)));
    QTRY_VERIFY(m_window->page()->isReady());
    QCOMPARE(m_window->page()->address().id, u"538520"_s);
    // One that is not there is said, and the list stays.
    m_window->open(*Address::parse(u"shopfleet://orders/nothing"_s));
    QTRY_VERIFY(m_window->page()->isReady());
    QVERIFY(saidIn(*m_window->page()->panel()).contains(u"nothing"_s));
    QVERIFY(hasRows());
}

void TestDesktop::namesTheDeadService_data()
{
    QTest::addColumn<QString>("name");
    for (const auto& name :
        {u"accounts"_s, u"inventory"_s, u"cart"_s, u"payments"_s, u"deliveries"_s})
        QTest::newRow(qPrintable(name)) << name;
}

void TestDesktop::namesTheDeadService()
{
    QFETCH(QString, name);
    page(u"orders"_s);
    QTRY_VERIFY(hasRows());
    const auto replica = m_fleet.service(name.toStdString()).replicas(0);
    QElapsedTimer timer;
    timer.start();
    ::kill(static_cast<pid_t>(replica.pid()), SIGKILL);
    const auto died = QString::fromStdString(replica.id()) + u" died"_s;
    const bool named = QTest::qWaitFor([&] { return saidBelow().contains(died); }, kNamedMs);
    qInfo("after %lld ms: %s", timer.elapsed(), qPrintable(saidBelow()));
    QVERIFY(named);
    // The rest of the desktop goes on.
    m_window->page()->setSearch(u"538520"_s);
    QTRY_VERIFY(m_window->page()->isReady() && hasRows());
    m_window->page()->setSearch({});
    QTRY_VERIFY(saidBelow().contains(u"serves again"_s));
}

void TestDesktop::namesTheFrozenService()
{
    page(u"orders"_s);
    QTRY_COMPARE(m_window->page()->info().freshness.state, api::Freshness::State::Live);
    const auto pid = static_cast<pid_t>(m_fleet.service("orders").replicas(0).pid());
    QElapsedTimer timer;
    timer.start();
    ::kill(pid, SIGSTOP);
    // Nobody answers, so either it is taken for dead or what is shown is said to be old.
    const bool said = QTest::qWaitFor(
        [&] {
            return saidBelow().contains(u"orders-1 died"_s)
                || m_window->page()->info().freshness.state == api::Freshness::State::Stale;
        },
        kNamedMs);
    qInfo("after %lld ms: %s", timer.elapsed(), qPrintable(saidBelow()));
    QVERIFY(said);
    QVERIFY(hasRows()); // What was there stays.
    QTRY_VERIFY_WITH_TIMEOUT(saidBelow().contains(u"serves again"_s), 10'000 * slowness());
    QTRY_COMPARE_WITH_TIMEOUT(
        m_window->page()->info().freshness.state, api::Freshness::State::Live, 10'000 * slowness());
}

void TestDesktop::scalesFromThePage()
{
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://services/cart"_s)));
    QTRY_COMPARE(m_window->page()->address().id, u"cart"_s);
    press(u"+"_s);
    press(u"Ctrl+Return"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("cart", 2), 10'000 * slowness());
    press(u"-"_s);
    // Refused for as long as the page has not heard of the second one.
    QTRY_VERIFY_WITH_TIMEOUT(
        (press(u"Ctrl+Return"_s), m_fleet.serves("cart", 1)), 10'000 * slowness());
}

/// Says first whom it touches; another one takes the replica's place before it goes.
void TestDesktop::drainsFromThePage()
{
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://services/accounts"_s)));
    press(u"D"_s); // It is the service that is chosen: which of its replicas?
    QVERIFY(!m_window->findChild<StopDialog*>());
    QVERIFY(saidBelow().contains(u"Choose one of the replicas"_s));
    const auto before = m_fleet.service("accounts").replicas(0);
    QVERIFY(m_window->open(Address{u"services"_s, QString::fromStdString(before.id()), {}}));
    press(u"D"_s);
    auto* dialog = m_window->findChild<StopDialog*>();
    QVERIFY(dialog);
    QVERIFY2(saidIn(*dialog).contains(u"only replica"_s), qPrintable(saidIn(*dialog)));
    QVERIFY(saidIn(*dialog).contains(u"more than 10 seconds"_s));
    dialog->findChild<QSpinBox*>()->setValue(0);
    QVERIFY(saidIn(*dialog).contains(u"cut off"_s));
    dialog->findChild<QSpinBox*>()->setValue(5);
    if (const auto folder = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES"); !folder.isEmpty())
        dialog->grab().save(folder + u"/drain.png"_s);
    auto* primary = dialog->findChild<parts::BusyButton*>();
    primary->click();
    primary->click(); // Pressed twice does nothing twice.
    QTRY_VERIFY(!m_window->findChild<StopDialog*>());
    QVERIFY(saidBelow().contains(u"is being drained"_s));
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.serves("accounts", 1, before.pid()), 15'000 * slowness());
    QVERIFY(m_fleet.service("accounts").replicas(0).id() != before.id());
}

void TestDesktop::setsAPolicyFromThePage()
{
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://services/cart"_s)));
    const auto ask = [this] {
        press(u"P"_s);
        return m_window->findChild<PolicyDialog*>();
    };
    PolicyDialog* dialog = ask();
    QVERIFY(dialog);
    auto* primary = dialog->findChild<parts::BusyButton*>();
    dialog->findChild<QCheckBox*>()->setChecked(true);
    QVERIFY(!primary->isEnabled());
    QVERIFY(saidIn(*dialog).contains(u"needs a target"_s));
    dialog->findChild<QDoubleSpinBox*>()->setValue(250);
    QVERIFY2(primary->isEnabled(), qPrintable(saidIn(*dialog)));
    if (const auto folder = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES"); !folder.isEmpty())
        dialog->grab().save(folder + u"/policy.png"_s);
    primary->click();
    QTRY_VERIFY(!m_window->findChild<PolicyDialog*>());
    QVERIFY(saidBelow().contains(u"follows its load"_s));
    const auto policy = m_fleet.service("cart").policy();
    QVERIFY(policy.enabled());
    QCOMPARE(policy.requests_per_second(), 250.0);
    // What is set is what the next one is asked from, once the page has heard of it.
    const auto isKnown = [&] {
        dialog = ask();
        const bool known = dialog->findChild<QCheckBox*>()->isChecked();
        if (!known)
            delete dialog;
        return known;
    };
    QVERIFY(QTest::qWaitFor(isKnown));
    QCOMPARE(dialog->findChild<QDoubleSpinBox*>()->value(), 250.0);
    dialog->findChild<QCheckBox*>()->setChecked(false);
    dialog->findChild<parts::BusyButton*>()->click();
    QTRY_VERIFY(!m_window->findChild<PolicyDialog*>());
    QVERIFY(!m_fleet.service("cart").policy().enabled());
}

void TestDesktop::showsAMethodAndTheHourBefore()
{
    Address wanted{u"services"_s, u"orders"_s, {}};
    wanted.set(u"range"_s, u"1h"_s);
    wanted.set(u"compare"_s, u"1h"_s);
    const auto orders = m_fleet.service("orders");
    QVERIFY(!orders.methods().empty());
    wanted.set(u"method"_s, QString::fromStdString(orders.methods(0)));
    QVERIFY(m_window->open(wanted));
    QCOMPARE(m_window->page()->address(), wanted); // What is seen can be sent to somebody.
    const auto* requests = m_window->page()->findChild<charts::TimeChart*>();
    QTRY_COMPARE_WITH_TIMEOUT(requests->series().size(), 2, 10'000);
    QCOMPARE(requests->series().first().name, u"1 h before"_s);
    // The same times, an hour later than they were; long ago is known by ten seconds.
    const double apart
        = requests->series().first().seconds.last() - requests->series().last().seconds.last();
    QVERIFY2(std::abs(apart) <= 20, qPrintable(QString::number(apart)));
    wanted.values = {{u"range"_s, u"10m"_s}, {u"compare"_s, u"none"_s}, {u"method"_s, u"none"_s}};
    QVERIFY(m_window->open(wanted));
    QCOMPARE(m_window->page()->address(), (Address{u"services"_s, u"orders"_s, {}}));
    QTRY_COMPARE_WITH_TIMEOUT(requests->series().size(), 1, 10'000);
}

// A release of cart alone whose program is this script.
void TestDesktop::addRelease(const std::string& version, const std::string& script)
{
    const auto folder = m_fleet.path().toStdString() + "/made-" + version;
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/cartd") << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(folder + "/cartd", std::filesystem::perms::owner_all);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    v1::AddReleaseRequest request;
    request.set_request_id("release-" + version);
    request.mutable_release()->set_version(version);
    request.mutable_release()->set_directory(folder);
    v1::Release release;
    const auto status = m_fleet.control->AddRelease(&context, request, &release);
    QVERIFY2(status.ok(), status.error_message().c_str());
}

// By the page's key and its dialog.
void TestDesktop::rollOut(const QString& version)
{
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://services/cart"_s)));
    QTRY_COMPARE(m_window->page()->address().id, u"cart"_s);
    press(u"U"_s);
    QCOMPARE(m_window->page()->name(), u"rollouts"_s);
    QTRY_VERIFY(m_window->findChild<RolloutDialog*>());
    auto* dialog = m_window->findChild<RolloutDialog*>();
    const auto boxes = dialog->findChildren<QComboBox*>();
    QTRY_VERIFY(std::ranges::any_of(
        boxes, [&](const QComboBox* box) { return box->findText(version) >= 0; }));
    for (auto* box : boxes)
        if (box->findText(version) >= 0)
            box->setCurrentText(version);
    auto* roll = dialog->findChild<parts::BusyButton*>();
    QTRY_VERIFY(roll->isEnabled());
    if (const auto folder = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES"); !folder.isEmpty())
        dialog->grab().save(folder + u"/rollout-dialog.png"_s);
    roll->click();
    QTRY_VERIFY(!m_window->findChild<RolloutDialog*>());
}

void TestDesktop::rollsOutFromThePage()
{
    addRelease("good", "exec " PROGRAMS "/cartd \"$@\"");
    addRelease("broken", "exit 3");
    rollOut(u"good"_s);
    const auto runs = [this](const std::string& version) {
        const auto view = m_fleet.service("cart");
        return view.replicas_size() == 1 && view.replicas(0).version() == version
            && view.replicas(0).state() == v1::STATE_HEALTHY;
    };
    QTRY_VERIFY_WITH_TIMEOUT(runs("good"), 20'000 * slowness());
    QWidget* panel = m_window->page()->panel();
    QTRY_VERIFY_WITH_TIMEOUT(saidOn(*panel).contains(u"Promote"_s), 10'000);
    // It is watched; that is long enough.
    const auto isOver = [&] {
        if (saidOn(*panel).contains(u"Promote"_s)) // Once it is over, that is all it would say.
            press(u"P"_s);
        return saidBelow().contains(u"rolled out"_s);
    };
    QTRY_VERIFY2_WITH_TIMEOUT(isOver(), qPrintable(saidBelow()), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(saidOn(*panel).contains(u"Roll back"_s), 10'000);

    rollOut(u"broken"_s);
    QTRY_VERIFY_WITH_TIMEOUT(saidIn(*panel).contains(u"exit code 3"_s), 20'000 * slowness());
    QTRY_VERIFY_WITH_TIMEOUT(saidBelow().contains(u"was rolled back"_s), 10'000 * slowness());
    QVERIFY(runs("good"));
    auto* view = m_window->page()->findChild<table::TableView*>();
    QTRY_VERIFY(view->model()->index(0, 1).data().toString() == u"Rolled back"_s);
}

/// A service that ends again and again: said on every page; from there two keys to what it wrote.
void TestDesktop::leadsFromAnIncidentToItsLogs()
{
    page(u"orders"_s);
    const auto isOpen = [this] {
        m_fleet.kill("payments");
        grpc::ClientContext context;
        v1::ListIncidentsRequest request;
        request.set_filter("state = open");
        v1::ListIncidentsResponse response;
        m_fleet.control->ListIncidents(&context, request, &response);
        return response.total_size() > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isOpen(), 20'000 * slowness());
    QTRY_VERIFY_WITH_TIMEOUT(saidBelow().contains(u"likeliest cause is payments"_s), 3'000);
    m_window->findChild<frame::NoticeBar*>()->runAction();
    QCOMPARE(m_window->page()->name(), u"incidents"_s);
    QTRY_VERIFY(saidIn(*m_window->page()->panel()).contains(u"payments"_s));
    QVERIFY(saidIn(*m_window->page()->panel()).contains(u"not serve"_s));
    QCOMPARE(m_window->page()->count(), 1);
    press(u"L"_s);
    QCOMPARE(m_window->page()->name(), u"logs"_s);
    QCOMPARE(m_window->page()->address().value(u"service"_s), u"payments"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->page()->isReady() && hasRows(), 10'000 * slowness());
    const auto* lines = m_window->page()->findChild<table::TableView*>()->model();
    for (int row = 0; row < lines->rowCount(); ++row)
        QVERIFY(lines->index(row, 2).data().toString().startsWith(u"payments-"_s));
    // Only what is looked for; a wrong expression is said, and nothing is shown as if it matched.
    m_window->page()->setSearch(u"/listens on 127.*:\\d+/"_s);
    QTRY_VERIFY(m_window->page()->isReady() && hasRows());
    for (int row = 0; row < lines->rowCount(); ++row)
        QVERIFY(lines->index(row, 3).data().toString().contains(u"listens on"_s));
    m_window->page()->setSearch(u"/(/"_s);
    QTRY_VERIFY(saidIn(*m_window->page()).contains(u"cannot be read"_s));
    m_window->page()->setSearch({});
    // And what happened, newest first.
    page(u"events"_s);
    QTRY_VERIFY(m_window->page()->isReady() && hasRows());
    m_window->page()->setSearch(u"payments"_s);
    m_window->page()->selectView(1);
    QTRY_VERIFY(m_window->page()->isReady() && hasRows());
    const auto* events = m_window->page()->findChild<table::TableView*>()->model();
    QCOMPARE(events->index(0, 1).data().toString().left(8), u"payments"_s);
    m_window->page()->setSearch({});
}

/// A click on a chart offers what was done and written at that moment.
void TestDesktop::leadsFromAPointToItsMoment()
{
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://services/payments"_s)));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->page()->isReady(), 10'000);
    const auto* chart = m_window->page()->findChild<charts::TimeChart*>();
    QTRY_VERIFY_WITH_TIMEOUT(!chart->series().isEmpty(), 10'000);
    auto* plot = chart->findChild<QCustomPlot*>();
    const auto click = [&](const QString& words) {
        QTest::mouseClick(plot, Qt::LeftButton, {}, QPoint(plot->width() - 24, plot->height() / 2));
        for (auto* menu : m_window->page()->findChildren<QMenu*>())
            for (auto* action : menu->actions())
                if (action->text().startsWith(words)) {
                    action->trigger();
                    menu->close();
                    return true;
                }
        return false;
    };
    QVERIFY(click(u"Logs of"_s));
    QCOMPARE(m_window->page()->name(), u"logs"_s);
    const auto address = m_window->page()->address();
    QCOMPARE(address.value(u"service"_s), u"payments"_s);
    const auto from = QDateTime::fromString(address.value(u"from"_s), Qt::ISODate);
    const auto to = QDateTime::fromString(address.value(u"to"_s), Qt::ISODate);
    QVERIFY(from < to && from.secsTo(to) < 15);
    QVERIFY(std::abs(to.secsTo(QDateTime::currentDateTimeUtc())) < 120); // At the right: lately.
    QVERIFY(m_window->open(*Address::parse(u"shopfleet://services/payments"_s)));
    QVERIFY(click(u"Traces of"_s));
    QCOMPARE(m_window->page()->name(), u"traces"_s);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->page()->isReady(), 10'000); // The filter is understood.
    QVERIFY(!saidIn(*m_window->page()).contains(u"does not answer"_s));
}

void TestDesktop::findsAnything_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("id");
    QTest::newRow("an order by its number") << u"538520"_s << u"orders"_s << u"538520"_s;
    QTest::newRow("a customer") << u"18037"_s << u"customers"_s << u"18037"_s;
    QTest::newRow("a product by its code") << u"22418"_s << u"catalogue"_s << u"22418"_s;
    QTest::newRow("a shipment") << u"S-538520"_s << u"deliveries"_s << u"S-538520"_s;
    QTest::newRow("a service") << u"paym"_s << u"services"_s << u"payments"_s;
}

void TestDesktop::findsAnything()
{
    QFETCH(QString, typed);
    QFETCH(QString, page);
    QFETCH(QString, id);
    auto& palette = *m_window->findChild<palette::Palette*>();
    auto& list = *palette.findChild<QListWidget*>();
    // The services answer in their own time, and there may be five of each kind: down the list.
    bool found = false;
    for (int i = 0; i < 30 && !found; ++i) {
        palette.open(typed);
        if (!QTest::qWaitFor([&] { return !palette.isWaiting(); }, 5'000 * slowness())
            || list.count() <= i)
            break;
        list.setCurrentRow(i);
        QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Return);
        found = m_window->page()->name() == page
            && QTest::qWaitFor([&] { return m_window->address().id == id; }, 500);
    }
    QVERIFY(found);
    QVERIFY(!palette.isVisible());
}

// As support does it: the order, the key, one unit and its reason, and an impatient double click.
void TestDesktop::refundsOnceHoweverOftenPressed()
{
    auto channels = StoreWorld::open();
    const auto world = StoreWorld::make(channels, 1);
    const auto deliveries = shopfleet::deliveries::v1::Deliveries::NewStub(channels["deliveries"]);
    shopfleet::deliveries::v1::DispatchShipmentRequest dispatch;
    dispatch.set_request_id("leaves");
    dispatch.set_id(world.shipment);
    storeworld::call(
        *deliveries, &shopfleet::deliveries::v1::Deliveries::Stub::DispatchShipment, dispatch);
    const auto orders = shopfleet::orders::v1::Orders::NewStub(channels["orders"]);
    const auto order = [&] {
        shopfleet::orders::v1::GetOrderRequest request;
        request.set_id(world.order);
        return storeworld::call(*orders, &shopfleet::orders::v1::Orders::Stub::GetOrder, request);
    };
    QTRY_COMPARE_WITH_TIMEOUT(
        order().state(), shopfleet::orders::v1::ORDER_STATE_SHIPPED, 10'000 * slowness());

    QVERIFY(m_window->open(Address{u"orders"_s, QString::fromStdString(world.order), {}}));
    QTRY_VERIFY(m_window->page()->isReady());
    press(u"R"_s);
    auto* dialog = m_window->findChild<VerbDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    auto* primary = dialog->findChild<parts::BusyButton*>();
    QVERIFY(!primary->isEnabled()); // Nothing is chosen yet.
    QTest::keyClicks(dialog->findChild<QLineEdit*>(u"amount"_s), u"1.5x"_s);
    QVERIFY(saidIn(*dialog).contains(u"cannot be read"_s));
    dialog->findChild<QLineEdit*>(u"amount"_s)->clear();
    QTest::keyClicks(dialog->findChild<QLineEdit*>(u"amount"_s), u"9999"_s);
    QTRY_VERIFY2(
        saidIn(*dialog).contains(u"5.00 GBP left to give back"_s), qPrintable(saidIn(*dialog)));
    dialog->findChild<QLineEdit*>(u"amount"_s)->clear();
    dialog->findChild<QSpinBox*>()->setValue(1);
    QTest::keyClicks(dialog->findChild<QLineEdit*>(u"reason"_s), u"broken"_s);
    QTRY_VERIFY(primary->isEnabled());
    QVERIFY2(saidIn(*dialog).contains(u"Refund £2.50 to Visa"_s), qPrintable(saidIn(*dialog)));
    const QString picture = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES");
    if (!picture.isEmpty())
        dialog->grab().save(picture + u"/refund.png"_s);
    QTest::mouseClick(primary, Qt::LeftButton);
    primary->click(); // Before the answer is there.
    QTRY_VERIFY(!m_window->findChild<VerbDialog*>());
    QTRY_COMPARE(order().refunded().minor(), 250);
    QTRY_VERIFY(!order().has_waiting());
    QCOMPARE(order().refunds_size(), 1);
    QCOMPARE(order().refunds(0).reason(), "broken");
    QVERIFY(saidBelow().contains(u"Refund £2.50"_s));
    if (!picture.isEmpty()) {
        QTRY_VERIFY(m_window->page()->isReady());
        m_window->grab().save(picture + u"/refunded.png"_s);
    }
}

// Payments dies again and again, so orders wait on it; all of them are found, and tried again with
// one key; each says what became of that.
/// From a stuck order to the span where it failed, to the sick service, and from there to exactly
/// the orders that wait on it: one key each.
void TestDesktop::findsWhatTheyWaitOn()
{
    m_window->page()->findChild<table::TableView*>()->setCurrentRow(0);
    QElapsedTimer timer;
    timer.start();
    press(u"V"_s);
    QCOMPARE(m_window->page()->name(), u"traces"_s);
    auto& waterfall = *m_window->page()->findChild<Waterfall*>();
    QTRY_VERIFY_WITH_TIMEOUT(waterfall.isVisible(), 5'000 * slowness());
    const auto said = [&](int column) {
        return waterfall.model()->index(waterfall.current(), column).data().toString();
    };
    QCOMPARE(said(0), u"AuthorisePayment"_s);
    QVERIFY2(
        said(2).contains(u"UNAVAILABLE"_s) || said(2).contains(u"DEADLINE"_s), qPrintable(said(2)));
    const QString picture = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES");
    if (!picture.isEmpty())
        m_window->grab().save(picture + u"/trace.png"_s);
    press(u"S"_s);
    QCOMPARE(m_window->page()->address(), (Address{u"services"_s, u"payments"_s, {}}));
    qInfo("from the order to the service in two keys and %lld ms", timer.elapsed());
    auto* links = m_window->page()->findChild<ServiceLinks*>();
    QTRY_VERIFY_WITH_TIMEOUT(saidOn(*links).contains(u"3 orders wait"_s), 5'000 * slowness());
    if (!picture.isEmpty())
        m_window->grab().save(picture + u"/service.png"_s);
    press(u"W"_s);
    QCOMPARE(m_window->page()->name(), u"orders"_s);
    QTRY_COMPARE(m_window->page()->findChild<table::TableView*>()->model()->rowCount(), 3);
}

void TestDesktop::triesManyStuckOrdersAgain()
{
    auto channels = StoreWorld::open();
    const auto world = StoreWorld::make(channels, 2, false);
    const auto carts = shopfleet::cart::v1::Cart::NewStub(channels["cart"]);
    const auto orders = shopfleet::orders::v1::Orders::NewStub(channels["orders"]);
    std::atomic<bool> dies = true;
    std::thread killer([&] {
        while (dies) {
            const auto payments = m_fleet.service("payments");
            if (payments.replicas_size() > 0 && payments.replicas(0).pid() > 0)
                ::kill(static_cast<pid_t>(payments.replicas(0).pid()), SIGKILL);
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        }
    });
    QTRY_COMPARE_WITH_TIMEOUT(
        m_fleet.service("payments").state(), v1::STATE_DOWN, 20'000 * slowness());
    for (int i = 0; i < 3; ++i) {
        const auto mark = "stuck-" + std::to_string(i);
        const auto cart = storeworld::call(*carts, &shopfleet::cart::v1::Cart::Stub::CreateCart,
            checkouts::cartOf(mark, world.sku));
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
        shopfleet::orders::v1::Order order;
        orders->PlaceOrder(&context, checkouts::checkoutOf(mark, cart.id()), &order);
    }
    Address waiting{u"orders"_s, {}, {}};
    waiting.set(u"filter"_s, u"stuck = true"_s);
    QVERIFY(m_window->open(waiting));
    auto& table = *m_window->page()->findChild<table::TableView*>();
    QTRY_COMPARE_WITH_TIMEOUT(table.model()->rowCount(), 3, 20'000 * slowness());
    QTRY_VERIFY(hasRows());
    findsWhatTheyWaitOn();
    if (QTest::currentTestFailed()) {
        dies = false;
        return killer.join();
    }
    QVERIFY(m_window->open(waiting));
    dies = false;
    killer.join();

    table.selectAll();
    auto& many = *m_window->page()->panel()->findChild<ManyPanel*>();
    QTRY_VERIFY(many.isVisible());
    QTRY_VERIFY2(saidIn(many).contains(u"3 of them wait on payments"_s), qPrintable(saidIn(many)));
    const QString picture = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES");
    if (!picture.isEmpty())
        m_window->grab().save(picture + u"/stuck.png"_s);
    press(u"T"_s);
    press(u"T"_s); // Pressed twice does nothing twice.
    QTRY_VERIFY(!many.isBusy());
    QVERIFY2(saidIn(many).contains(u"3 of 3"_s), qPrintable(saidIn(many)));
    if (!picture.isEmpty())
        m_window->grab().save(picture + u"/resumed.png"_s);

    v1::RestartServiceRequest restart;
    restart.set_request_id("heal");
    restart.set_service("payments");
    storeworld::call(*m_fleet.control, &v1::Control::Stub::RestartService, restart);
    QTRY_COMPARE_WITH_TIMEOUT(
        table.model()->rowCount(), 0, 30'000 * slowness()); // None is stuck any more.
    m_window->page()->selectView(0);
    QTRY_VERIFY_WITH_TIMEOUT(m_fleet.allServe(), 20'000 * slowness());
}

void TestDesktop::goesOnWithoutTheControlPlane()
{
    page(u"services"_s);
    QTRY_COMPARE(m_window->page()->info().freshness.state, api::Freshness::State::Live);
    QElapsedTimer timer;
    timer.start();
    m_fleet.killControl();
    QTRY_COMPARE_WITH_TIMEOUT(
        m_window->page()->info().freshness.state, api::Freshness::State::Stale, kNamedMs);
    qInfo("control plane missed after %lld ms", timer.elapsed());
    page(u"orders"_s);
    m_window->page()->setSearch(u"538520"_s);
    QTRY_VERIFY(m_window->page()->isReady() && hasRows());
    m_window->page()->setSearch({});
    QVERIFY(m_fleet.start());
    page(u"services"_s);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_window->page()->info().freshness.state, api::Freshness::State::Live, 10'000 * slowness());
}

void TestDesktop::startsBeforeTheStore()
{
    m_fleet.stopControl();
    auto* window = new MainWindow(m_theme, u"early"_s);
    new Wiring(*window, m_theme, *m_channels);
    window->open(Address{u"orders"_s, {}, {}});
    window->show();
    QTRY_VERIFY_WITH_TIMEOUT(
        window->page()->isReady(), 15'000 * slowness()); // An error stands there.
    QVERIFY(!window->page()->count()); // Not known is not none.
    QVERIFY(m_fleet.start());
    const auto* view = window->page()->findChild<table::TableView*>();
    QTRY_VERIFY_WITH_TIMEOUT(view->model()->rowCount() > 0, 20'000 * slowness());
    window->hide();
}

void TestDesktop::cleanupTestCase()
{
    m_fleet.stopControl();
}

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    int code = 0;
    {
        TestDesktop test;
        code = QTest::qExec(&test, argc, argv);
    }
    std::fflush(nullptr);
    std::_Exit(code); // As the program itself does.
}

#include "tst_desktop.moc"
