// SPDX-License-Identifier: GPL-3.0-or-later
// An older and a newer version on one database (F22), each a process of its own: the newer takes
// over what the older wrote, the older refuses what the newer made, and a death in the middle of
// the change of the schema leaves the one or the other.
#include "toy.grpc.pb.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

using namespace Qt::StringLiterals;
using namespace shopfleet;

namespace {

/// A version of the service, running.
class Toy {
public:
    Toy(const QString& program, const QString& folder, const QString& name)
        : m_announced(folder + u'/' + name + u".json"_s)
    {
        QFile::remove(m_announced);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral(PROGRAMS "/") + program,
            {u"--data"_s, folder, u"--announce"_s, m_announced, u"--replica"_s, name});
    }
    ~Toy() { kill(); }

    bool serves()
    {
        if (!QTest::qWaitFor([&] { return QFile::exists(m_announced); }, 10'000))
            return false;
        QFile file(m_announced);
        if (!file.open(QIODevice::ReadOnly))
            return false;
        const auto address = QJsonDocument::fromJson(file.readAll())[u"address"_s].toString();
        m_stub = toy::v1::Toy::NewStub(grpc::CreateChannel(
            "ipv4:" + address.toStdString(), grpc::InsecureChannelCredentials()));
        return true;
    }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    bool stop()
    {
        m_stub.reset(); // Nobody reads the farewell on an idle connection; it would be waited for.
        m_process.terminate();
        return m_process.waitForFinished(10'000) && m_process.exitCode() == 0;
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    /// The exit code and last words of one that ends by itself; -1 if it does not.
    int ended(QByteArray* words)
    {
        const bool is = m_process.waitForFinished(10'000);
        *words = m_process.readAll();
        return is && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    /// Until it is answered: whoever does not write yet says UNAVAILABLE.
    bool put(const std::string& id)
    {
        toy::v1::PutItemRequest request;
        request.set_request_id("put-" + id);
        request.mutable_item()->set_id(id);
        request.mutable_item()->set_title("a thing");
        return QTest::qWaitFor(
            [&] {
                grpc::ClientContext context;
                context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
                toy::v1::Item item;
                return m_stub->PutItem(&context, request, &item).ok();
            },
            10'000);
    }
    grpc::Status get(const std::string& id)
    {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
        toy::v1::GetItemRequest request;
        request.set_id(id);
        toy::v1::Item item;
        return m_stub->GetItem(&context, request, &item);
    }

private:
    QString m_announced;
    QProcess m_process;
    std::unique_ptr<toy::v1::Toy::Stub> m_stub;
};

const QString kOlder = u"runtime_toyd"_s;
const QString kNewer = u"runtime_toyd_next"_s;

int numberIn(const QString& folder, const std::string& sql)
{
    soci::session session(soci::sqlite3, (folder + u"/toy.db"_s).toStdString());
    int number = -1;
    session << sql, soci::into(number);
    return number;
}

} // namespace

class TestMigration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newerTakesOver();
    void olderRefuses();
    void olderReaderDoesNotWriteOn();
    void deathInTheMiddle();
};

/// As a rolling update does: the newer starts while the older writes.
void TestMigration::newerTakesOver()
{
    const QTemporaryDir folder;
    Toy older(kOlder, folder.path(), u"older"_s);
    QVERIFY(older.serves());
    QVERIFY(older.put("a"));
    Toy newer(kNewer, folder.path(), u"newer"_s);
    QVERIFY(newer.serves());
    // The file is the older's yet: the newer says that it has to wait, and breaks nothing.
    QCOMPARE(newer.get("a").error_code(), grpc::StatusCode::UNAVAILABLE);
    QVERIFY(older.put("b"));
    QVERIFY(older.get("a").ok());
    QVERIFY(older.stop());
    QVERIFY(newer.put("c"));
    for (const auto* id : {"a", "b", "c"})
        QVERIFY(newer.get(id).ok());
    QCOMPARE(numberIn(folder.path(), "PRAGMA user_version"), 4);
    QCOMPARE(numberIn(folder.path(), "SELECT count(*) FROM item WHERE colour = 'white'"), 3);
}

void TestMigration::olderRefuses()
{
    const QTemporaryDir folder;
    {
        Toy newer(kNewer, folder.path(), u"newer"_s);
        QVERIFY(newer.serves() && newer.put("a"));
        QVERIFY(newer.stop());
    }
    Toy older(kOlder, folder.path(), u"older"_s);
    QByteArray words;
    QCOMPARE(older.ended(&words), 1);
    QVERIFY2(words.contains("toy.db has schema 4, which is newer than this program's 2"), words);
    Toy again(kNewer, folder.path(), u"newer"_s);
    QVERIFY(again.serves());
    QVERIFY(again.put("b"));
    QVERIFY(again.get("a").ok());
}

/// A rollout that is called off half-way: the older replica was a reader when the newer took the
/// database over, and gets the lock when that one dies.
void TestMigration::olderReaderDoesNotWriteOn()
{
    const QTemporaryDir folder;
    Toy first(kOlder, folder.path(), u"first"_s);
    QVERIFY(first.serves() && first.put("a"));
    Toy second(kOlder, folder.path(), u"second"_s);
    QVERIFY(second.serves());
    second.signal(SIGSTOP); // So that the newer gets the lock.
    Toy newer(kNewer, folder.path(), u"newer"_s);
    QVERIFY(newer.serves());
    first.kill();
    QVERIFY(newer.put("b"));
    second.signal(SIGCONT);
    newer.kill();
    QByteArray words;
    QVERIFY(second.ended(&words) > 0);
    QVERIFY2(words.contains("newer than this program's 2"), words);
    QCOMPARE(numberIn(folder.path(), "SELECT count(*) FROM item"), 2);
    Toy again(kNewer, folder.path(), u"again"_s);
    QVERIFY(again.serves() && again.put("c") && again.get("a").ok());
}

void TestMigration::deathInTheMiddle()
{
    int before = 0;
    int after = 0;
    for (const int ms : {0, 10, 30, 60, 90, 120, 160, 240, 480, 1'000, 4'000}) {
        const QTemporaryDir folder;
        {
            Toy older(kOlder, folder.path(), u"older"_s);
            QVERIFY(older.serves() && older.put("a"));
            QVERIFY(older.stop());
        }
        {
            Toy newer(kNewer, folder.path(), u"newer"_s);
            QTest::qWait(ms);
            newer.kill();
        }
        const int version = numberIn(folder.path(), "PRAGMA user_version");
        QVERIFY(version >= 2 && version <= 4);
        ++(version < 4 ? before : after);
        Toy newer(kNewer, folder.path(), u"newer"_s);
        QVERIFY(newer.serves() && newer.put("b") && newer.get("a").ok());
        QCOMPARE(numberIn(folder.path(), "SELECT count(*) FROM shade"), 200'000);
        QCOMPARE(numberIn(folder.path(), "SELECT count(*) FROM item WHERE colour = 'white'"), 2);
    }
    qInfo("died %d times before the schema was whole, %d times after", before, after);
    QVERIFY(before > 0 && after > 0);
}

QTEST_GUILESS_MAIN(TestMigration)
#include "tst_migration.moc"
