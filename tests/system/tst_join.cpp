// SPDX-License-Identifier: GPL-3.0-or-later
// What no other product has, with the hands on the keys: a store that sells, one service of it made
// slow and then killed, and the way from the first order that is stuck to what is sick and back.
#include "app/api/channels.h"
#include "app/mainwindow.h"
#include "app/pages/services/servicelinks.h"
#include "app/widgets/table/roles.h"
#include "app/widgets/table/tableview.h"
#include "app/widgets/table/treeview.h"
#include "app/widgets/waterfall/waterfall.h"
#include "app/wiring.h"
#include "tests/slowness.h"
#include "tests/system/realfleet.h"
#include "tests/system/shoppers.h"

#include <QAbstractButton>

#include <csignal>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kRate = 20; // Requests of shoppers, per second.
constexpr int kWayMs = 3'000; ///< What the mission asks for, from the order to the replica.

} // namespace

class TestJoin : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fromTheFirstStuckOrderToTheSickReplica();
    void cleanupTestCase();

private:
    void makeSlow(const std::string& service);
    void keepKilling(const std::string& service);
    void stopKilling();
    void key(Qt::Key which);
    table::TableView* shown();
    bool hasRows();
    QString saidOnLinks();
    QString stateOfReplica(const QString& service);
    void picture(const QString& name);

    RealFleet m_fleet;
    std::unique_ptr<Shoppers> m_shoppers;
    std::jthread m_killer;
    theme::Theme m_theme{theme::Mode::Light};
    std::unique_ptr<api::Channels> m_channels;
    // Stays until the process ends, as in the program: answers may still be on their way.
    MainWindow* m_window = nullptr;
    int m_keys = 0;
};

void TestJoin::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"shopfleet-test"_s);
    m_fleet.gateway = u"127.0.0.1:%1"_s.arg(freePort());
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000 * slowness()));
    QProcess import;
    import.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {u"import"_s, u"online-retail"_s,
            QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz"),
            u"--control"_s, QString::fromStdString(m_fleet.address())});
    QVERIFY(import.waitForFinished(30'000));
    QVERIFY2(import.exitCode() == 0, import.readAllStandardError());
    m_shoppers = std::make_unique<Shoppers>(m_fleet.gateway.toStdString(), kRate);

    theme::apply(m_theme);
    m_channels = std::make_unique<api::Channels>(m_fleet.address());
    m_window = new MainWindow(m_theme, u"test"_s);
    new Wiring(*m_window, m_theme, *m_channels);
    m_window->resize(1440, 900);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window)); // Or no key reaches it.
}

/// A release that nothing stops, however bad it is.
void TestJoin::makeSlow(const std::string& service)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 5s);
    v1::StartRolloutRequest request;
    request.set_request_id("slow");
    auto& target = *request.add_targets();
    target.set_service(service);
    (*target.mutable_arguments())["delay"] = "*=0.4";
    request.mutable_gate()->set_max_error_ratio(1);
    request.mutable_gate()->set_max_p95_factor(1'000);
    request.mutable_gate()->set_min_checkout_success(0.001);
    request.mutable_watch_for()->set_seconds(1);
    v1::Rollout rollout;
    const auto status = m_fleet.control->StartRollout(&context, request, &rollout);
    QVERIFY2(status.ok(), status.error_message().c_str());
    const auto isSlow = [&] { // And the rollout over, which would go back from what dies.
        const auto view = m_fleet.service(service);
        return view.rollout_id().empty() && view.figures().p95_ms() >= 400;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isSlow(), 30'000 * slowness());
}

void TestJoin::keepKilling(const std::string& service)
{
    m_killer = std::jthread([this, service](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            for (const auto view = m_fleet.service(service); const auto& each : view.replicas())
                if (each.pid() > 0) // 0 would be this test and whoever runs it.
                    ::kill(static_cast<pid_t>(each.pid()), SIGKILL);
            std::this_thread::sleep_for(30ms);
        }
    });
}

void TestJoin::stopKilling()
{
    m_killer.request_stop();
    m_killer.join();
}

void TestJoin::key(Qt::Key which)
{
    ++m_keys;
    QTest::keyClick(QApplication::focusWidget(), which);
}

table::TableView* TestJoin::shown()
{
    return m_window->page()->findChild<table::TableView*>();
}

bool TestJoin::hasRows()
{
    const auto* model = shown()->model();
    return model->rowCount() > 0 && !model->index(0, 0).data(table::SkeletonRole).toBool();
}

QString TestJoin::saidOnLinks()
{
    QString said;
    for (const auto* button :
        m_window->page()->findChild<ServiceLinks*>()->findChildren<QAbstractButton*>())
        said += button->text() + u'|';
    return said;
}

/// What the tree of services says of the service's replica, in the row below it.
QString TestJoin::stateOfReplica(const QString& service)
{
    const auto* tree = m_window->page()->findChild<table::TreeView*>();
    const auto at = tree->currentIndex();
    if (at.siblingAtColumn(0).data().toString() != service || !tree->isExpanded(at))
        return {};
    const auto replica = tree->model()->index(0, 0, at);
    return replica.data().toString() + u' ' + replica.siblingAtColumn(1).data().toString();
}

void TestJoin::picture(const QString& name)
{
    if (const auto folder = qEnvironmentVariable("SHOPFLEET_TEST_PICTURES"); !folder.isEmpty())
        m_window->grab().save(folder + u'/' + name + u".png"_s);
}

void TestJoin::fromTheFirstStuckOrderToTheSickReplica()
{
    makeSlow("payments");
    if (QTest::currentTestFailed())
        return;
    Address waiting{u"orders"_s, {}, {}};
    waiting.set(u"filter"_s, u"stuck = true"_s);
    QVERIFY(m_window->open(waiting));
    keepKilling("payments");
    const auto end = qScopeGuard([this] {
        if (m_killer.joinable())
            stopKilling();
    });
    QTRY_VERIFY_WITH_TIMEOUT(hasRows(), 30'000 * slowness());
    picture(u"join-stuck"_s);

    m_window->page()->keyboardStart()->setFocus();
    QElapsedTimer watch;
    watch.start();
    key(Qt::Key_Home);
    key(Qt::Key_V);
    QCOMPARE(m_window->page()->name(), u"traces"_s);
    auto& waterfall = *m_window->page()->findChild<Waterfall*>();
    QTRY_VERIFY_WITH_TIMEOUT(waterfall.isVisible(), kWayMs * slowness());
    const auto traceMs = watch.elapsed();
    const auto span = [&](int column) {
        return waterfall.model()->index(waterfall.current(), column).data().toString();
    };
    QCOMPARE(span(0), u"AuthorisePayment"_s); // The first that failed is the one that is chosen.
    picture(u"join-trace"_s);
    key(Qt::Key_S);
    QCOMPARE(m_window->page()->address(), (Address{u"services"_s, u"payments"_s, {}}));
    const auto isSick = [this] {
        const auto said = stateOfReplica(u"payments"_s);
        return said.startsWith(u"payments-"_s) && !said.contains(u"Healthy"_s);
    };
    QTRY_VERIFY2_WITH_TIMEOUT(
        isSick(), qPrintable(stateOfReplica(u"payments"_s)), kWayMs * slowness());
    const auto wayMs = watch.elapsed();
    qInfo("%d keys: the trace after %lld ms, the replica (%s) after %lld ms", m_keys, traceMs,
        qPrintable(stateOfReplica(u"payments"_s)), wayMs);
    QVERIFY(m_keys <= 3);
    QVERIFY(wayMs <= kWayMs * slowness());

    // And back: with nobody buying, the card's count is exactly the list.
    m_shoppers->finish();
    const auto countOnCard = [this] {
        const auto said = saidOnLinks();
        const int words = static_cast<int>(said.indexOf(u" orders wait"_s));
        return words < 0 ? -1 : said.left(words).remove(u',').toInt();
    };
    QTRY_VERIFY_WITH_TIMEOUT(countOnCard() > 0, 5'000 * slowness());
    QTest::qWait(3'000); // Those that were being placed come to their wait.
    const int waits = countOnCard();
    picture(u"join-service"_s);
    key(Qt::Key_W);
    QCOMPARE(m_window->page()->name(), u"orders"_s);
    QTRY_COMPARE_WITH_TIMEOUT(shown()->model()->rowCount(), waits, 5'000 * slowness());
    picture(u"join-waiting"_s);

    // None is lost by it.
    stopKilling();
    grpc::ClientContext context;
    v1::RollbackServiceRequest back;
    back.set_request_id("back");
    back.set_service("payments");
    v1::Rollout rollout;
    m_fleet.control->RollbackService(&context, back, &rollout);
    QTRY_COMPARE_WITH_TIMEOUT(shown()->model()->rowCount(), 0, 120'000 * slowness());
}

void TestJoin::cleanupTestCase()
{
    m_shoppers.reset();
    m_fleet.stopControl();
}

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    int code = 0;
    {
        TestJoin test;
        code = QTest::qExec(&test, argc, argv);
    }
    std::fflush(nullptr);
    std::_Exit(code); // As the program itself does.
}

#include "tst_join.moc"
