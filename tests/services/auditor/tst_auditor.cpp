// SPDX-License-Identifier: GPL-3.0-or-later
// A store that real services filled holds what must hold, also while it works; and for each check a
// copy of it is broken on purpose, and the auditor names what was broken.
#include "services/auditor/audit.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QDir>
#include <QTemporaryDir>

#include <sqlite3.h>

#include <csignal>
#include <set>

using namespace shopfleet;
using namespace std::chrono_literals;
using storeworld::call;

class TestAuditor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void storeHolds();
    void namesWhatIsBroken_data();
    void namesWhatIsBroken();
    void everyCheckIsBrokenOnce();
    void saysWhatItCannotRead();
    void controlPlaneTells();

private:
    auditor::Report audit(const QString& data, int rounds = 0);

    QTemporaryDir m_folder;
    QString m_data;
    std::string m_confirmed, m_delivered, m_sku, m_payment, m_shipment;
    std::set<std::string> m_broken;
};

auditor::Report TestAuditor::audit(const QString& data, int rounds)
{
    const auto books = auditor::Books::open(data.toStdString());
    if (!books.ok()) {
        qWarning("%s", std::string(books.status().message()).c_str());
        return {.violations = {{"unreadable", "", ""}}};
    }
    const auto report = auditor::audit(*books, rounds, 500ms);
    if (!report.ok()) {
        qWarning("%s", std::string(report.status().message()).c_str());
        return {.violations = {{"failed", "", ""}}};
    }
    return *report;
}

// Orders of each kind: confirmed, refused, called off, delivered and half refunded; past ones that
// were imported; and customers who buy while services die.
void TestAuditor::initTestCase()
{
    RealFleet fleet(m_folder.path());
    QVERIFY(fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return fleet.allServe(); }, 20'000 * slowness()));
    m_data = m_folder.filePath(QStringLiteral("data"));
    const auto control = QString::fromStdString(fleet.address());
    const auto tool = QStringLiteral(PROGRAMS "/shopfleetctl");
    QCOMPARE(QProcess::execute(tool,
                 {QStringLiteral("import"), QStringLiteral("online-retail"),
                     QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz"),
                     QStringLiteral("--control"), control}),
        0);
    auto channels = StoreWorld::open();
    const auto confirmed = StoreWorld::make(channels, 1, false);
    const auto cancelled = StoreWorld::make(channels, 2, false);
    const auto delivered = StoreWorld::make(channels, 3, false);
    m_confirmed = confirmed.order;
    m_delivered = delivered.order;
    m_sku = confirmed.sku;
    m_payment = delivered.payment;
    m_shipment = delivered.shipment;
    const auto orders = orders::v1::Orders::NewStub(channels["orders"]);
    orders::v1::CancelOrderRequest cancel;
    cancel.set_request_id("cancel");
    cancel.set_id(cancelled.order);
    call(*orders, &orders::v1::Orders::Stub::CancelOrder, cancel);
    const auto deliveries = deliveries::v1::Deliveries::NewStub(channels["deliveries"]);
    deliveries::v1::DispatchShipmentRequest dispatch;
    dispatch.set_request_id("dispatch");
    dispatch.set_id(delivered.shipment);
    call(*deliveries, &deliveries::v1::Deliveries::Stub::DispatchShipment, dispatch);
    deliveries::v1::RecordTrackingEventRequest arrived;
    arrived.set_request_id("arrived");
    arrived.set_shipment_id(delivered.shipment);
    arrived.mutable_event()->set_id("1");
    arrived.mutable_event()->set_state(deliveries::v1::SHIPMENT_STATE_DELIVERED);
    arrived.mutable_event()->mutable_at()->set_seconds(std::time(nullptr));
    call(*deliveries, &deliveries::v1::Deliveries::Stub::RecordTrackingEvent, arrived);
    const auto order = [&] {
        orders::v1::GetOrderRequest get;
        get.set_id(delivered.order);
        return call(*orders, &orders::v1::Orders::Stub::GetOrder, get);
    };
    QTRY_COMPARE_WITH_TIMEOUT(
        order().state(), orders::v1::ORDER_STATE_DELIVERED, 10'000 * slowness());
    orders::v1::RefundOrderRequest refund;
    refund.set_request_id("refund");
    refund.set_id(delivered.order);
    refund.mutable_amount()->set_currency("GBP");
    refund.mutable_amount()->set_minor(120);
    call(*orders, &orders::v1::Orders::Stub::RefundOrder, refund);

    QProcess shoppers;
    shoppers.setStandardErrorFile(QProcess::nullDevice());
    shoppers.start(tool,
        {QStringLiteral("shop"), QStringLiteral("--rate"), QStringLiteral("100"),
            QStringLiteral("--control"), control, QStringLiteral("--gateway"),
            QString::fromStdString(fleet.fleet().gateway_address())});
    for (const auto* victim : {"payments", "inventory", "orders", "deliveries"}) {
        QTest::qWait(700);
        fleet.kill(victim);
        const auto report = audit(m_data, 5);
        QVERIFY2(report.violations.empty(),
            (report.violations.empty() ? ""
                                       : report.violations[0].check + " "
                        + report.violations[0].subject + " " + report.violations[0].found)
                .c_str());
    }
    ::kill(static_cast<pid_t>(shoppers.processId()), SIGINT);
    QVERIFY(shoppers.waitForFinished());
    // As people ask: through the command.
    QProcess command;
    command.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    command.start(tool, {QStringLiteral("audit"), QStringLiteral("--control"), control});
    QVERIFY(command.waitForFinished(60'000));
    const auto said = command.readAllStandardOutput();
    QVERIFY2(said.endsWith("\n0 violations\n"), said);
    QCOMPARE(command.exitCode(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!order().has_waiting(), 10'000 * slowness());
    fleet.stopControl();
}

void TestAuditor::storeHolds()
{
    const auto report = audit(m_data);
    QVERIFY(report.violations.empty());
    QVERIFY(report.orders > 1'230);
    QVERIFY(report.reservations > 10);
}

void TestAuditor::namesWhatIsBroken_data()
{
    QTest::addColumn<QByteArray>("check");
    QTest::addColumn<QByteArray>("service");
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("subject"); // Empty: whatever it is.
    const auto row = [&](const char* check, const char* service, const std::string& sql,
                         const std::string& subject = {}) {
        QTest::addRow("%s %s", check, subject.c_str())
            << QByteArray(check) << QByteArray(service) << QByteArray::fromStdString(sql)
            << QByteArray::fromStdString(subject);
    };
    const std::string paid = "'" + m_payment + "'";
    const std::string order = "'" + m_delivered + "'";
    const std::string open = "'" + m_confirmed + "'";
    row("M1", "payments", "UPDATE ledger SET amount_minor = amount_minor + 1 WHERE sequence = 1");
    row("M1C", "payments", "UPDATE ledger SET order_id = 'x' WHERE sequence = 3", "entry 3");
    row("M1C", "payments", "DELETE FROM ledger WHERE sequence = 5", "entry 6");
    row("M2", "payments", "UPDATE payment SET refunded = captured + 1 WHERE id = " + paid,
        m_payment);
    row("M2L", "payments", "UPDATE payment SET refunded = refunded + 1 WHERE id = " + paid,
        m_payment);
    row("S5", "inventory",
        "UPDATE reservation_line SET held = 0, quantity = 1 WHERE reservation = (SELECT seq FROM "
        "reservation WHERE holder = "
            + open + ")",
        m_confirmed);
    row("D1", "deliveries", "UPDATE shipment SET state = 7 WHERE order_id = " + open, m_confirmed);
    row("M3", "orders", "UPDATE orders SET total = total + 1 WHERE id = " + order, m_delivered);
    row("M4", "payments", "UPDATE payment SET captured = 0, refunded = 0 WHERE id = " + paid,
        m_delivered);
    row("M4P", "payments", "UPDATE payment SET captured = captured - 1 WHERE id = " + paid,
        m_payment);
    row("M4P", "provider", "DELETE FROM operation WHERE key = 'auth:' || " + paid, m_payment);
    row("M4P", "provider", "UPDATE operation SET key = 'op:x#1' WHERE key LIKE 'op:%' AND kind = 2",
        "op:x#1");
    row("S1", "inventory", "UPDATE stock SET reserved = on_hand + 1 WHERE sku = '" + m_sku + "'",
        m_sku);
    row("S2", "inventory", "UPDATE stock SET reserved = reserved - 1 WHERE sku = '" + m_sku + "'",
        m_sku);
    row("S3", "inventory", "UPDATE stock SET on_hand = on_hand + 5 WHERE sku = '" + m_sku + "'",
        m_sku);
    row("S4", "orders", "UPDATE orders SET state = 7 WHERE id = " + open);
    row("S4", "inventory",
        "UPDATE reservation SET expires_at = created_at - 200000000 WHERE holder = " + open);
    row("O3", "orders", "DELETE FROM event WHERE order_id = " + order, m_delivered);
    row("O4", "orders",
        "INSERT INTO saga (order_id, goal, step, done, payment_token, reason, actor) VALUES ("
            + open + ", 1, 5, 0, '', '', '')",
        m_confirmed);
    row("O5", "payments",
        "DROP INDEX payment_order; UPDATE payment SET order_id = (SELECT order_id FROM payment "
        "WHERE id = "
            + paid + ") WHERE order_id = " + open,
        m_delivered);
    row("P1", "payments", "UPDATE payment SET order_id = 'nobody' WHERE id = " + paid, m_payment);
    row("P2", "payments", "UPDATE payment SET state = 7 WHERE order_id = " + open, m_confirmed);
    row("P3", "payments", "UPDATE payment SET state = 9, updated_at = 1 WHERE id = " + paid,
        m_payment);
    row("P4", "orders", "UPDATE orders SET state = 7 WHERE id = " + order, m_shipment);
    row("D2", "carrier", "DELETE FROM parcel WHERE key = '" + m_shipment + "'", m_shipment);
    row("D2", "carrier",
        "UPDATE parcel SET tracking_number = 'SB' WHERE key = '" + m_shipment + "'", m_shipment);
    row("D2", "deliveries",
        "UPDATE shipment SET state = 1, tracking_number = '' WHERE id = '" + m_shipment + "'",
        m_shipment);
    row("E1", "orders", "DELETE FROM shipment WHERE id = '" + m_shipment + "'", m_shipment);
    row("C1", "cart", "UPDATE cart SET order_id = 'nothing' WHERE order_id = " + order);
    row("A1", "accounts",
        "DROP INDEX customer_email; UPDATE customer SET email = 'W1@example.com' WHERE email = "
        "'w2@example.com'",
        "w1@example.com");
    row("T1", "orders", "UPDATE state_count SET orders = orders + 1 WHERE state = 4");
    row("T2", "orders", "UPDATE tally SET orders = orders + 1 WHERE scale = 86400");
}

void TestAuditor::namesWhatIsBroken()
{
    QFETCH(QByteArray, check);
    QFETCH(QByteArray, service);
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, subject);
    QTemporaryDir copy;
    for (const auto* name : {"accounts", "inventory", "cart", "orders", "payments", "deliveries",
             "provider", "carrier"}) {
        const auto folder = QLatin1String(name);
        QVERIFY(QDir(copy.path()).mkpath(folder));
        const auto file = folder + QLatin1Char('/') + folder + QStringLiteral(".db");
        QVERIFY(QFile::copy(m_data + QLatin1Char('/') + file, copy.filePath(file)));
    }
    // Past everything that keeps the services themselves from doing so.
    const auto file = copy.filePath(
        QLatin1String(service) + QLatin1Char('/') + QLatin1String(service) + QStringLiteral(".db"));
    sqlite3* db = nullptr;
    QCOMPARE(sqlite3_open(file.toUtf8().constData(), &db), SQLITE_OK);
    char* error = nullptr;
    sqlite3_exec(db,
        "PRAGMA ignore_check_constraints = ON; DROP TRIGGER IF EXISTS ledger_no_update; DROP "
        "TRIGGER "
        "IF EXISTS ledger_no_delete",
        nullptr, nullptr, nullptr);
    QVERIFY2(sqlite3_exec(db, sql.constData(), nullptr, nullptr, &error) == SQLITE_OK, error);
    QVERIFY2(sqlite3_total_changes(db) > 0, "nothing was broken");
    sqlite3_close(db);

    const auto report = audit(copy.path());
    QStringList found;
    bool named = false;
    for (const auto& violation : report.violations) {
        found << QString::fromStdString(
            violation.check + " " + violation.subject + " " + violation.found);
        named = named
            || (violation.check == check.toStdString()
                && (subject.isEmpty() || violation.subject == subject.toStdString()));
    }
    QVERIFY2(named, qPrintable(found.join(QLatin1Char('\n'))));
    m_broken.insert(check.toStdString());
}

/// A check that no test has seen find anything is not known to find anything.
void TestAuditor::everyCheckIsBrokenOnce()
{
    for (const auto& check : auditor::checks())
        QVERIFY2(m_broken.contains(check.id), check.id.c_str());
}

void TestAuditor::saysWhatItCannotRead()
{
    QTemporaryDir empty;
    const auto books = auditor::Books::open(empty.path().toStdString());
    QVERIFY(absl::IsNotFound(books.status()));
    QVERIFY(std::string(books.status().message()).find("accounts.db") != std::string::npos);
}

// The store runs, somebody reaches past the services into a file, and the control plane says so.
void TestAuditor::controlPlaneTells()
{
    RealFleet fleet(m_folder.path());
    fleet.auditEverySeconds = 1;
    QVERIFY(fleet.start());
    QTRY_VERIFY_WITH_TIMEOUT(fleet.fleet().integrity().has_at(), 30'000);
    const auto good = fleet.fleet().integrity();
    QVERIFY2(good.error().empty(), good.error().c_str());
    QCOMPARE(good.violations(), 0);
    QCOMPARE(good.checks(), static_cast<int>(auditor::checks().size()));

    const auto file = (m_data + QStringLiteral("/orders/orders.db")).toUtf8();
    sqlite3* db = nullptr;
    QCOMPARE(sqlite3_open(file.constData(), &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5'000);
    const auto sql = "UPDATE orders SET total = total + 1 WHERE id = '" + m_delivered + "'";
    QCOMPARE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    QTRY_VERIFY_WITH_TIMEOUT(fleet.fleet().integrity().violations() > 0, 30'000);
    QCOMPARE(fleet.fleet().integrity().found(0).subject(), m_delivered);
    fleet.stopControl();
}

QTEST_GUILESS_MAIN(TestAuditor)
#include "tst_auditor.moc"
