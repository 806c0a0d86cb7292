// SPDX-License-Identifier: GPL-3.0-or-later
// Backups of a store that sells, and their way back: into an empty folder, and in place of a file
// that was damaged while the rest of the store went on (F15).
#include "tests/system/auditing.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QDir>
#include <QTemporaryDir>

#include <csignal>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace std::chrono_literals;

class TestBackup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aStoreThatSellsComesBack();
    void aDamagedServiceComesBackAlone();
    void cleanupTestCase() { m_fleet.stopControl(); }

private:
    /// Its exit code; what it said is in m_said.
    int ctl(const QStringList& arguments);
    QString backUp();
    static StoreWorld::Channels channels();

    RealFleet m_fleet;
    QTemporaryDir m_backups;
    QByteArray m_said;
};

int TestBackup::ctl(const QStringList& arguments)
{
    QProcess command;
    command.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        arguments + QStringList{u"--control"_s, QString::fromStdString(m_fleet.address())});
    command.waitForFinished(60'000);
    m_said = command.readAllStandardOutput() + command.readAllStandardError();
    return command.exitCode();
}

QString TestBackup::backUp()
{
    if (ctl({u"backup"_s, u"--to"_s, m_backups.path()}) != 0)
        return {};
    return QString::fromUtf8(m_said.split('\n').first());
}

StoreWorld::Channels TestBackup::channels()
{
    return StoreWorld::open();
}

void TestBackup::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    QCOMPARE(ctl({u"import"_s, u"online-retail"_s,
                 QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz")}),
        0);
}

void TestBackup::aStoreThatSellsComesBack()
{
    QProcess shoppers;
    shoppers.setStandardErrorFile(QProcess::nullDevice());
    shoppers.start(QStringLiteral(PROGRAMS "/shopfleetctl"),
        {u"shop"_s, u"--rate"_s, u"150"_s, u"--control"_s,
            QString::fromStdString(m_fleet.address()), u"--gateway"_s,
            QString::fromStdString(m_fleet.fleet().gateway_address())});
    QTest::qWait(2'000);
    const QString backup = backUp();
    QVERIFY2(!backup.isEmpty(), m_said.constData());
    QTest::qWait(500);
    ::kill(static_cast<pid_t>(shoppers.processId()), SIGINT);
    QVERIFY(shoppers.waitForFinished());

    // A store from the copies alone: what was under way at that moment goes on, and all holds.
    QTemporaryDir other;
    QVERIFY2(ctl({u"restore"_s, u"--from"_s, backup, u"--data"_s, other.filePath(u"data"_s)}) == 0,
        m_said.constData());
    QProcess control;
    const auto announcement = other.filePath(u"control.json"_s);
    control.setStandardOutputFile(QProcess::nullDevice());
    control.setStandardErrorFile(QProcess::nullDevice());
    control.start(QStringLiteral(PROGRAMS "/controld"),
        {u"--fleet"_s, QStringLiteral(SOURCE_ROOT "/resources/fleet.yaml"), u"--data"_s,
            other.filePath(u"data"_s), u"--listen"_s, u"127.0.0.1:0"_s, u"--gateway"_s,
            u"127.0.0.1:0"_s, u"--announce"_s, announcement});
    QVERIFY(QTest::qWaitFor([&] { return QFile::exists(announcement); }, 10'000));
    QTRY_COMPARE_WITH_TIMEOUT(violationsIn(other.filePath(u"data"_s), 20), QString(), 60'000);
    control.terminate();
    QVERIFY(control.waitForFinished(30'000));
}

void TestBackup::aDamagedServiceComesBackAlone()
{
    const auto links = channels();
    const auto world = StoreWorld::make(links, 1);
    const QString backup = backUp();
    QVERIFY2(!backup.isEmpty(), m_said.constData());
    // While it runs it is not put back, and nothing is changed.
    QCOMPARE(ctl({u"restore"_s, u"--from"_s, backup, u"orders"_s}), 1);
    QVERIFY2(m_said.contains("orders.db is in use"), m_said.constData());

    const auto path = m_fleet.path() + u"/data/orders/orders.db"_s;
    const auto pid = m_fleet.service("orders").replicas(0).pid();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    // A page in the middle: of which table, nobody can say.
    QVERIFY(file.seek(4096 * (file.size() / 4096 / 2)));
    file.write(QByteArray(4096, '\x5a'));
    file.close();
    ::kill(static_cast<pid_t>(pid), SIGKILL);

    QTRY_COMPARE_WITH_TIMEOUT(m_fleet.service("orders").state(), v1::STATE_DOWN, 10'000);
    QTest::qWait(1'000);
    QCOMPARE(m_fleet.service("orders").state(), v1::STATE_DOWN); // It does not serve from it.
    QCOMPARE(m_fleet.service("payments").state(), v1::STATE_HEALTHY);
    QVERIFY(ctl({u"logs"_s, u"orders"_s, u"--lines"_s, u"50"_s}) == 0);
    QVERIFY2(m_said.contains("orders.db"), m_said.constData()); // It says which file.

    QElapsedTimer outage;
    outage.start();
    QVERIFY2(ctl({u"restore"_s, u"--from"_s, backup, u"orders"_s}) == 0, m_said.constData());
    QTRY_COMPARE_WITH_TIMEOUT(m_fleet.service("orders").state(), v1::STATE_HEALTHY, 60'000);
    qInfo("serves %lld ms after the command was given", outage.elapsed());
    const auto orders = orders::v1::Orders::NewStub(links.at("orders"));
    orders::v1::GetOrderRequest get;
    get.set_id(world.order);
    QCOMPARE(storeworld::call(*orders, &orders::v1::Orders::Stub::GetOrder, get).id(), world.order);
    StoreWorld::make(links, 2); // And it sells on.
}

QTEST_GUILESS_MAIN(TestBackup)
#include "tst_backup.moc"
