// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of databases that are being written to, and their way back.
#include "services/keeper/files.h"
#include "services/keeper/restore.h"
#include "services/runtime/testing.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace shopfleet;

namespace {

constexpr const char* kSchema = R"(
-- @1 two accounts that always add up to nothing
CREATE TABLE account (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
INSERT INTO account VALUES ('a', 0), ('b', 0);
CREATE TABLE ballast (bytes BLOB NOT NULL);
)";

std::int64_t number(runtime::Connection& db, const char* sql)
{
    const auto value = db.selectOne(sql, [](std::int64_t one) { return one; });
    return value.ok() ? value->value_or(-1) : -1;
}

} // namespace

class TestKeeper : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void copiesWhatIsBeingWritten();
    void leavesNothingBehindWhenStopped();
    void namesWhatIsDamaged();
    void putsBackAndKeepsWhatWasThere();
    void refusesWhileTheServiceRuns();
    void refusesACopyThatWasChanged();
    void refusesWhatIsNoBackup_data();
    void refusesWhatIsNoBackup();

private:
    std::unique_ptr<runtime::Database> open(const char* name);
    void transfer(runtime::Database& database, int amount);
    keeper::Backup backUp();
    QString path(const QString& name) const { return m_folder->filePath(name); }
    std::string data() const { return path(u"data"_s).toStdString(); }
    std::string backups() const { return path(u"backups"_s).toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<runtime::Database> m_orders, m_cart;
};

void TestKeeper::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_orders = open("orders");
    m_cart = open("cart");
    QVERIFY(m_orders && m_cart);
}

void TestKeeper::cleanup()
{
    m_orders.reset();
    m_cart.reset();
    m_folder.reset();
}

std::unique_ptr<runtime::Database> TestKeeper::open(const char* name)
{
    auto opened = runtime::Database::open({data() + "/" + name, name, kSchema});
    if (!opened.ok())
        qWarning("%s", std::string(opened.status().message()).c_str());
    return opened.ok() ? *std::move(opened) : nullptr;
}

void TestKeeper::transfer(runtime::Database& database, int amount)
{
    const auto status = database.writeAndWait([amount](runtime::Connection& db) {
        for (const auto& changed :
            {db.execute("UPDATE account SET value = value + :1 WHERE name = 'a'", amount),
                db.execute("UPDATE account SET value = value - :1 WHERE name = 'b'", amount),
                db.execute("INSERT INTO ballast VALUES (randomblob(4000))")}) {
            if (!changed.ok())
                return changed.status();
        }
        return absl::OkStatus();
    });
    QVERIFY2(status.ok(), status.ToString().c_str());
}

keeper::Backup TestKeeper::backUp()
{
    const auto made = keeper::backUp(data(), {}, backups(), {});
    if (!made.ok()) {
        qWarning("%s", std::string(made.status().message()).c_str());
        return {};
    }
    return *made;
}

void TestKeeper::copiesWhatIsBeingWritten()
{
    std::atomic<bool> stop = false;
    std::thread writer([&] {
        while (!stop)
            transfer(*m_orders, 1);
    });
    keeper::Backup backup;
    for (int i = 0; i < 5; ++i) {
        QTest::qWait(30);
        backup = backUp();
        QCOMPARE(backup.manifest.copies.size(), std::size_t(2));
        QCOMPARE(backup.manifest.copies[0].service, std::string("orders")); // Who asks comes first.
        const auto copy = runtime::Connection::open(backup.folder + "/orders.db", true);
        QVERIFY2(copy.ok(), copy.status().ToString().c_str());
        QCOMPARE(number(**copy, "SELECT sum(value) FROM account"), 0);
        QCOMPARE(number(**copy, "SELECT value FROM account WHERE name = 'a'"),
            number(**copy, "SELECT count(*) FROM ballast"));
    }
    stop = true;
    writer.join();
    QVERIFY(number(**m_orders->reader(), "SELECT count(*) FROM ballast") > 5);
}

void TestKeeper::leavesNothingBehindWhenStopped()
{
    for (int i = 0; i < 3'000; ++i) // More than one step of copying.
        transfer(*m_orders, 1);
    int calls = 0;
    const auto stopped = keeper::backUp(
        data(), {}, backups(), [&](const auto&, auto, auto) { return ++calls < 2; });
    QVERIFY(absl::IsCancelled(stopped.status()));
    QVERIFY(QDir(path(u"backups"_s)).isEmpty());
    QVERIFY(absl::IsNotFound(keeper::backUp(data(), {"nobody"}, backups(), {}).status()));
    QVERIFY(QDir(path(u"backups"_s)).isEmpty());
}

void TestKeeper::namesWhatIsDamaged()
{
    for (int i = 0; i < 100; ++i)
        transfer(*m_orders, 1);
    m_orders.reset();
    QFile file(path(u"data/orders/orders.db"_s));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(4096 * 3));
    file.write(QByteArray(4096, '\x5a'));
    file.close();
    const auto failed = keeper::backUp(data(), {}, backups(), {});
    QVERIFY2(absl::IsDataLoss(failed.status()), failed.status().ToString().c_str());
    QVERIFY(std::string(failed.status().message()).find("orders.db") != std::string::npos);
    QVERIFY(QDir(path(u"backups"_s)).isEmpty());
}

void TestKeeper::putsBackAndKeepsWhatWasThere()
{
    transfer(*m_orders, 5);
    transfer(*m_cart, 7);
    const auto backup = backUp();
    transfer(*m_orders, 100);
    transfer(*m_cart, 100);
    m_orders.reset();

    // One service alone, while the other runs.
    const auto restored = keeper::restore(backup.folder, {"orders"}, data(), {});
    QVERIFY2(restored.ok(), restored.status().ToString().c_str());
    QCOMPARE(restored->kept.size(), std::size_t(1));
    m_orders = open("orders");
    QVERIFY(m_orders);
    QCOMPARE(number(**m_orders->reader(), "SELECT value FROM account WHERE name = 'a'"), 5);
    QCOMPARE(number(**m_cart->reader(), "SELECT value FROM account WHERE name = 'a'"), 107);
    transfer(*m_orders, 1); // It writes on.

    // What was there is whole, too.
    m_orders.reset();
    QVERIFY(QDir(path(u"data"_s)).mkpath(u"old"_s));
    const auto before = QString::fromStdString(restored->kept[0]);
    QVERIFY(QFile::copy(before, path(u"data/old/old.db"_s)));
    if (QFile::exists(before + u"-wal"_s))
        QVERIFY(QFile::copy(before + u"-wal"_s, path(u"data/old/old.db-wal"_s)));
    const auto old = open("old");
    QVERIFY(old);
    QCOMPARE(number(**old->reader(), "SELECT value FROM account WHERE name = 'a'"), 105);
}

void TestKeeper::refusesWhileTheServiceRuns()
{
    const auto backup = backUp();
    transfer(*m_orders, 9);
    const auto refused = keeper::restore(backup.folder, {}, data(), {});
    QVERIFY(absl::IsFailedPrecondition(refused.status()));
    QVERIFY(std::string(refused.status().message()).find("in use") != std::string::npos);
    QCOMPARE(number(**m_orders->reader(), "SELECT value FROM account WHERE name = 'a'"), 9);

    // Also one that only reads: it would read the old file for ever.
    m_cart.reset();
    QVERIFY(keeper::Claim::of(data() + "/cart/cart.db").ok());
    QProcess reader;
    reader.start(u"sqlite3"_s, {path(u"data/cart/cart.db"_s)});
    reader.write("SELECT count(*) FROM account;\n");
    QVERIFY(reader.waitForReadyRead());
    QVERIFY(
        absl::IsFailedPrecondition(keeper::restore(backup.folder, {"cart"}, data(), {}).status()));
    reader.closeWriteChannel();
    QVERIFY(reader.waitForFinished());
    QVERIFY(keeper::restore(backup.folder, {"cart"}, data(), {}).ok());
}

void TestKeeper::refusesACopyThatWasChanged()
{
    transfer(*m_orders, 5);
    const auto backup = backUp();
    m_orders.reset();
    m_cart.reset();
    QFile file(QString::fromStdString(backup.folder) + u"/orders.db"_s);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(5000));
    file.write("x");
    file.close();
    const auto refused = keeper::restore(backup.folder, {}, data(), {});
    QVERIFY2(absl::IsDataLoss(refused.status()), refused.status().ToString().c_str());
    QVERIFY(std::string(refused.status().message()).find("orders.db") != std::string::npos);
    m_orders = open("orders");
    QVERIFY(m_orders); // Nothing was changed.
    QCOMPARE(number(**m_orders->reader(), "SELECT value FROM account WHERE name = 'a'"), 5);
}

void TestKeeper::refusesWhatIsNoBackup_data()
{
    QTest::addColumn<QByteArray>("manifest");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("{");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("a later format") << QByteArray(R"({"format": 2, "copies": []})");
    QTest::newRow("nothing in it") << QByteArray(R"({"format": 1, "copies": []})");
    QTest::newRow("a way out") << QByteArray(
        R"({"format": 1, "copies": [{"service": "../orders", "file": "orders.db"}]})");
    QTest::newRow("a file elsewhere")
        << QByteArray(R"({"format": 1, "copies": [{"service": "orders", "file": "/etc/passwd"}]})");
    QTest::newRow("a file that is not there") << QByteArray(
        R"({"format": 1, "copies": [{"service": "orders", "file": "orders.db", "sha256": ""}]})");
}

void TestKeeper::refusesWhatIsNoBackup()
{
    QFETCH(QByteArray, manifest);
    transfer(*m_orders, 3);
    m_orders.reset();
    QVERIFY(QDir(path(QString())).mkpath(u"backup"_s));
    if (!manifest.isEmpty()) {
        QFile file(path(u"backup/manifest.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(manifest);
    }
    const auto refused = keeper::restore(path(u"backup"_s).toStdString(), {}, data(), {});
    QVERIFY(!refused.ok());
    m_orders = open("orders");
    QVERIFY(m_orders);
    QCOMPARE(number(**m_orders->reader(), "SELECT value FROM account WHERE name = 'a'"), 3);
}

QTEST_GUILESS_MAIN(TestKeeper)
#include "tst_keeper.moc"
