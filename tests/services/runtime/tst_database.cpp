// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/testing.h"

#include <QProcess>
#include <QtTest>

#include <fstream>
#include <limits>
#include <semaphore>

using namespace shopfleet::runtime;

namespace {

constexpr const char* kSchema = R"sql(
-- @1 rows
CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT NOT NULL, data BLOB, CHECK (id < 1000000000000000000 OR name = 'far'));
-- @2 more
ALTER TABLE row ADD COLUMN note TEXT NOT NULL DEFAULT '';
)sql";

std::int64_t number(std::int64_t value)
{
    return value;
}

absl::Status insert(Connection& db, std::int64_t id, const std::string& name = "a")
{
    return db.execute("INSERT INTO row (id, name) VALUES (:1, :2)", id, name).status();
}

std::int64_t count(Connection& db)
{
    return db.selectOne("SELECT count(*) FROM row", number)->value();
}

/// Reads a replica's lines until one begins so; its rest, or nothing within five seconds.
std::optional<QByteArray> waitFor(QProcess& process, const QByteArray& beginning)
{
    const QDeadlineTimer patience(5'000);
    while (!patience.hasExpired()) {
        while (process.canReadLine()) {
            const QByteArray line = process.readLine().trimmed();
            if (line.startsWith(beginning))
                return line.mid(beginning.size()).trimmed();
        }
        process.waitForReadyRead(50);
    }
    return std::nullopt;
}

} // namespace

class TestDatabaseFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryByteAndNumber();
    void failureLeavesItsNeighboursAlone();
    void groupsWhatWaits();
    void doneComesAfterTheCommit();
    void refusesWhatDoesNotFitTheQueue();
    void fullDiskRefusesWritesAndReadsGoOn();
    void statementsWorkAgainAfterAnError();
    void readerSeesNoWrites();
    void logOfWritesStaysShort();
    void refusesAtStart_data();
    void refusesAtStart();
    void noticeComesToWhoeverAsksLate();
    void secondProcessTakesOver();
};

void TestDatabaseFile::keepsEveryByteAndNumber()
{
    TestDatabase db(kSchema);
    QVERIFY2(db.status().ok(), db.status().ToString().c_str());
    const std::string bytes("\0a\xff\0\x01", 5);
    const std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const std::int64_t least = std::numeric_limits<std::int64_t>::min();
    const auto status = db.write([&](Connection& connection) {
        for (const std::int64_t id : {most, least})
            if (auto put = connection.execute(
                    "INSERT INTO row (id, name, data, note) VALUES (:1, 'far', :2, :3)", id, bytes,
                    std::string());
                !put.ok())
                return put.status();
        return insert(connection, 1);
    });
    QVERIFY2(status.ok(), status.ToString().c_str());

    const auto rows = db.reader().select("SELECT id, data, data IS NULL, note FROM row ORDER BY id",
        [](std::int64_t id, std::optional<std::string> data, bool null, std::string note) {
            return std::tuple(id, data, null, note);
        });

    QVERIFY(rows.ok());
    QCOMPARE(rows->size(), std::size_t{3});
    QCOMPARE(rows->at(0), std::tuple(least, std::optional(bytes), false, std::string()));
    QCOMPARE(rows->at(1),
        std::tuple(std::int64_t{1}, std::optional<std::string>(), true, std::string()));
    QCOMPARE(rows->at(2), std::tuple(most, std::optional(bytes), false, std::string()));
}

void TestDatabaseFile::failureLeavesItsNeighboursAlone()
{
    TestDatabase db(kSchema);
    std::binary_semaphore begun(0);
    std::binary_semaphore open(0);
    std::counting_semaphore<8> answered(0);
    std::array<absl::Status, 4> results;
    const auto done = [&](std::size_t i) {
        return [&, i](const absl::Status& status) {
            results[i] = status;
            answered.release();
        };
    };
    // The first holds the writer up until the others wait, so that they share a transaction.
    db->write(
        [&](Connection&) {
            begun.release();
            open.acquire();
            return absl::OkStatus();
        },
        done(0));
    begun.acquire();
    db->write([](Connection& c) { return insert(c, 1); }, done(1));
    db->write(
        [](Connection& c) {
            if (auto status = insert(c, 2); !status.ok())
                return status;
            return failedPrecondition("NO", "row", "changed my mind");
        },
        done(2));
    db->write([](Connection& c) { return insert(c, 3); }, done(3));
    const auto before = db->commits();
    open.release();
    for (int i = 0; i < 4; ++i)
        answered.acquire();

    QCOMPARE(db->commits() - before, std::uint64_t{2});
    QVERIFY(results[1].ok());
    QVERIFY(absl::IsFailedPrecondition(results[2]));
    QVERIFY(results[3].ok());
    QCOMPARE(count(db.reader()), std::int64_t{2});
}

void TestDatabaseFile::groupsWhatWaits()
{
    TestDatabase db(kSchema);
    constexpr int kCallers = 16;
    constexpr int kEach = 100;
    std::vector<std::thread> callers;
    std::atomic<int> failures = 0;
    const auto before = db->commits();
    for (int caller = 0; caller < kCallers; ++caller)
        callers.emplace_back([&, caller] {
            for (int i = 0; i < kEach; ++i)
                if (!db->writeAndWait([&](Connection& c) {
                           return insert(c, caller * kEach + i);
                       }).ok())
                    ++failures;
        });
    for (auto& caller : callers)
        caller.join();

    QCOMPARE(failures.load(), 0);
    QCOMPARE(count(db.reader()), std::int64_t{kCallers * kEach});
    QVERIFY2(db->commits() - before < kCallers * kEach / 2,
        std::to_string(db->commits() - before).c_str());
}

void TestDatabaseFile::doneComesAfterTheCommit()
{
    TestDatabase db(kSchema);
    std::promise<std::int64_t> seen;
    db->write([](Connection& c) { return insert(c, 7); },
        [&](const absl::Status&) { seen.set_value(count(**db->reader())); });
    QCOMPARE(seen.get_future().get(), std::int64_t{1});
}

void TestDatabaseFile::refusesWhatDoesNotFitTheQueue()
{
    TestDatabase db(kSchema);
    std::binary_semaphore begun(0);
    std::binary_semaphore open(0);
    std::atomic<int> refused = 0;
    db->write(
        [&](Connection&) {
            begun.release();
            open.acquire();
            return absl::OkStatus();
        },
        [](auto&) {});
    begun.acquire();
    for (int i = 0; i < 21'000; ++i)
        db->write([](Connection&) { return absl::OkStatus(); },
            [&](const absl::Status& status) {
                if (absl::IsResourceExhausted(status) && reason(status) == "OVERLOADED")
                    ++refused;
            });
    open.release();
    QVERIFY(db->writeAndWait([](Connection&) { return absl::OkStatus(); }).ok() || refused > 0);
    QVERIFY2(refused >= 900 && refused <= 1'001, std::to_string(refused).c_str());
}

void TestDatabaseFile::fullDiskRefusesWritesAndReadsGoOn()
{
    TestDatabase db(kSchema);
    QVERIFY(db.write([](Connection& c) { return insert(c, 1); }).ok());
    QVERIFY(db.write([](Connection& c) {
                  return c.selectOne("PRAGMA max_page_count = 20", number).status();
              }).ok());
    const auto fill = [](Connection& c) {
        return c.execute("INSERT INTO row (name, data) VALUES ('big', zeroblob(100000))").status();
    };

    absl::Status status;
    for (int i = 0; i < 5 && status.ok(); ++i)
        status = db.write(fill);

    QVERIFY2(absl::IsResourceExhausted(status), status.ToString().c_str());
    QCOMPARE(count(db.reader()), std::int64_t{1});
    QVERIFY(db.write([](Connection& c) {
                  return c.selectOne("PRAGMA max_page_count = 100000", number).status();
              }).ok());
    status = db.write(fill);
    QVERIFY2(status.ok(), status.ToString().c_str());
}

void TestDatabaseFile::statementsWorkAgainAfterAnError()
{
    TestDatabase db(kSchema);
    QVERIFY(db.write([](Connection& c) { return insert(c, 1); }).ok());
    QVERIFY(absl::IsAlreadyExists(db.write([](Connection& c) { return insert(c, 1); })));
    QVERIFY(absl::IsFailedPrecondition(
        db.write([](Connection& c) { return insert(c, 2'000'000'000'000'000'000); })));
    const auto wrong = db.write(
        [](Connection& c) { return c.execute("INSERT INTO nowhere VALUES (1)").status(); });
    QVERIFY(absl::IsInternal(wrong));
    QVERIFY2(std::string(wrong.message()).find("nowhere") == std::string::npos, "SQL leaks");
    QVERIFY(db.write([](Connection& c) { return insert(c, 3); }).ok());
    QCOMPARE(count(db.reader()), std::int64_t{2});
}

void TestDatabaseFile::readerSeesNoWrites()
{
    TestDatabase db(kSchema);
    QVERIFY(!db.reader().execute("INSERT INTO row (id, name) VALUES (1, 'a')").ok());
}

void TestDatabaseFile::logOfWritesStaysShort()
{
    TestDatabase db(kSchema);
    for (int i = 0; i < 60; ++i)
        QVERIFY(db.write([](Connection& c) {
                      return c
                          .execute("INSERT INTO row (name, data) VALUES ('a', zeroblob(1000000))")
                          .status();
                  }).ok());
    const auto size = std::filesystem::file_size(db->path() + "-wal");
    QVERIFY2(size < 24'000'000, std::to_string(size).c_str());
}

void TestDatabaseFile::refusesAtStart_data()
{
    QTest::addColumn<QByteArray>("damage");
    QTest::addColumn<QString>("says");

    QTest::newRow("a file that is no database") << QByteArray("text") << "damaged";
    QTest::newRow("a damaged page") << QByteArray("page") << "damaged";
    QTest::newRow("a newer version's file") << QByteArray("newer") << "newer";
}

void TestDatabaseFile::refusesAtStart()
{
    QFETCH(QByteArray, damage);
    QFETCH(QString, says);
    const TestFolder folder;
    {
        auto db = Database::open({folder.path(), "test", kSchema});
        QVERIFY(db.ok());
        QVERIFY((*db)
                    ->writeAndWait([&](Connection& c) {
                        for (int i = 0; i < 2'000; ++i)
                            if (auto status = insert(c, i, std::string(100, 'x')); !status.ok())
                                return status;
                        return damage == "newer" ? c.script("PRAGMA user_version=99")
                                                 : absl::OkStatus();
                    })
                    .ok());
    }
    const std::string path = folder.file("test.db");
    if (damage == "text")
        std::ofstream(path) << "this is not a database, however long it may be";
    if (damage == "page") {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(4096 * 20);
        file << std::string(4096, '\xa5');
    }

    const auto again = Database::open({folder.path(), "test", kSchema});

    QVERIFY(!again.ok());
    const QString message = QString::fromStdString(again.status().ToString());
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY2(message.contains(QString::fromStdString(path)), qPrintable(message));
}

void TestDatabaseFile::noticeComesToWhoeverAsksLate()
{
    TestDatabase db(kSchema);
    QVERIFY(db->isWriter());
    std::promise<void> told;
    db->onWriter([&told] { told.set_value(); });
    QVERIFY(told.get_future().wait_for(std::chrono::seconds(5)) == std::future_status::ready);
    db->onWriter({});
}

void TestDatabaseFile::secondProcessTakesOver()
{
    const TestFolder folder;
    const QStringList arguments{QString::fromStdString(folder.path())};
    QProcess first;
    QProcess second;
    first.start(QStringLiteral(PROGRAMS "/runtime_replica"), arguments);
    QVERIFY(waitFor(first, "writer"));
    second.start(QStringLiteral(PROGRAMS "/runtime_replica"), arguments);
    QVERIFY(waitFor(second, "open"));
    for (int i = 0; i < 50; ++i)
        QVERIFY(waitFor(first, "wrote"));
    QVERIFY2(second.readAllStandardOutput().isEmpty(), "two write");

    QElapsedTimer clock;
    first.kill();
    clock.start();
    QVERIFY(waitFor(second, "writer"));
    const auto took = clock.elapsed();
    first.waitForFinished();
    // Whatever the first said is durable: the second goes on after it.
    std::int64_t last = 0;
    for (const QByteArray& line : first.readAllStandardOutput().split('\n'))
        if (line.startsWith("wrote "))
            last = line.mid(6).toLongLong();
    const auto next = waitFor(second, "wrote");
    QVERIFY(next);
    QVERIFY2(next->toLongLong() > last, next->constData());
    QVERIFY2(took < 1'000, qPrintable(QString::number(took)));
    second.kill();
    second.waitForFinished();
}

QTEST_GUILESS_MAIN(TestDatabaseFile)
#include "tst_database.moc"
