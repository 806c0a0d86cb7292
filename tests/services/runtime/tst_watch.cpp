// SPDX-License-Identifier: GPL-3.0-or-later
// Watch over real gRPC: nothing is missed, nothing is held back, everything ends.
#include "services/runtime/testing.h"
#include "tests/services/runtime/toy.h"

#include <QtTest>

#include <set>

using namespace shopfleet;
using namespace std::chrono_literals;

namespace {

absl::Status putMany(runtime::Connection& db, int from, int to)
{
    for (int i = from; i < to; ++i) {
        toy::v1::Item item;
        item.set_id("i" + std::to_string(i));
        item.set_price(i);
        if (auto status = toy::putItem(db, item); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

/// One stream, read on the test's thread.
struct Stream {
    Stream(toy::v1::Toy::Stub& stub, const std::string& token)
    {
        context.set_deadline(std::chrono::system_clock::now() + 10s);
        toy::v1::WatchItemsRequest request;
        request.set_resume_token(token);
        reader = stub.WatchItems(&context, request);
    }
    ~Stream() { context.TryCancel(); }
    bool next() { return reader->Read(&message); }

    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<toy::v1::WatchItemsResponse>> reader;
    toy::v1::WatchItemsResponse message;
};

} // namespace

class TestWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_db = std::make_unique<runtime::TestDatabase>(toy::kSchema);
        m_handler = std::make_unique<toy::Handler>(**m_db, m_db->feed());
        m_server = std::make_unique<runtime::TestServer>(
            std::vector<grpc::Service*>{m_handler.get()}, &**m_db, &m_db->feed());
        m_stub = toy::v1::Toy::NewStub(m_server->channel());
    }
    void cleanup()
    {
        m_stub.reset();
        m_server.reset();
        m_handler.reset();
        m_db.reset();
    }

    void tellsAtOnceThatItIsThere();
    void givesWhatChanges();
    void resumesWithoutALoss();
    void coalesces();
    void oldTokenMeansReload_data();
    void oldTokenMeansReload();
    void badTokenIsNamed();
    void beatsWhenIdle();
    void endsWithTheServer();
    void noticesAnotherProcess();

private:
    std::unique_ptr<runtime::TestDatabase> m_db;
    std::unique_ptr<toy::Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<toy::v1::Toy::Stub> m_stub;
};

void TestWatch::tellsAtOnceThatItIsThere()
{
    QVERIFY(m_db->write([](auto& db) { return putMany(db, 0, 5); }).ok());
    Stream stream(*m_stub, "");
    QVERIFY(stream.next());
    QCOMPARE(stream.message.items_size(), 0); // What was there before is the list's business.
    QVERIFY(!stream.message.resume_token().empty());
    QVERIFY(!stream.message.reload());
}

void TestWatch::givesWhatChanges()
{
    Stream stream(*m_stub, "");
    QVERIFY(stream.next());
    QElapsedTimer clock;
    clock.start();
    QVERIFY(m_db->write([](auto& db) { return putMany(db, 3, 4); }).ok());
    do
        QVERIFY(stream.next());
    while (stream.message.items_size() == 0);
    QVERIFY2(clock.elapsed() < 500, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(stream.message.items(0).id(), std::string("i3"));
    QCOMPARE(stream.message.changes(0).kind(), std::string("item"));
    QCOMPARE(stream.message.changes(0).id(), std::string("i3"));
}

void TestWatch::resumesWithoutALoss()
{
    std::string token;
    {
        Stream stream(*m_stub, "");
        QVERIFY(stream.next());
        token = stream.message.resume_token();
    }
    QVERIFY(m_db->write([](auto& db) { return putMany(db, 0, 1'700); }).ok());
    Stream stream(*m_stub, token);
    std::set<std::string> seen;
    while (seen.size() < 1'700) {
        QVERIFY(stream.next());
        QVERIFY(!stream.message.reload());
        QVERIFY(stream.message.items_size() <= 500);
        for (const auto& item : stream.message.items())
            QVERIFY2(seen.insert(item.id()).second, "twice");
    }
}

void TestWatch::coalesces()
{
    Stream first(*m_stub, "");
    QVERIFY(first.next());
    QVERIFY(m_db->write([](auto& db) {
                    for (int i = 0; i < 50; ++i)
                        if (auto status = putMany(db, 1, 3); !status.ok())
                            return status;
                    return absl::OkStatus();
                })
                .ok());
    Stream stream(*m_stub, first.message.resume_token());
    QVERIFY(stream.next());
    QCOMPARE(stream.message.items_size(), 2);
}

void TestWatch::oldTokenMeansReload_data()
{
    QTest::addColumn<QString>("token");

    QTest::newRow("older than the log") << "1";
    QTest::newRow("of a log that was replaced") << "999999999";
}

void TestWatch::oldTokenMeansReload()
{
    QFETCH(QString, token);
    QVERIFY(m_db->write([](auto& db) {
                    if (auto status = putMany(db, 0, 20); !status.ok())
                        return status;
                    return db.execute("DELETE FROM change_log WHERE seq < 10").status();
                })
                .ok());
    Stream stream(*m_stub, token.toStdString());
    QVERIFY(stream.next());
    QVERIFY(stream.message.reload());
    const std::string fresh = stream.message.resume_token();
    QVERIFY(m_db->write([](auto& db) { return putMany(db, 50, 51); }).ok());
    Stream again(*m_stub, fresh);
    do
        QVERIFY(again.next());
    while (again.message.items_size() == 0);
    QVERIFY(!again.message.reload());
    QCOMPARE(again.message.items(0).id(), std::string("i50"));
}

void TestWatch::badTokenIsNamed()
{
    for (const char* token : {"x", "-1", "1x", "99999999999999999999999"}) {
        Stream stream(*m_stub, token);
        QVERIFY(!stream.next());
        const auto status = stream.reader->Finish();
        QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
        QVERIFY2(status.error_message().find("resume_token") == 0, status.error_message().c_str());
    }
}

void TestWatch::beatsWhenIdle()
{
    Stream stream(*m_stub, "");
    QVERIFY(stream.next());
    QElapsedTimer clock;
    clock.start();
    QVERIFY(stream.next());
    QCOMPARE(stream.message.items_size(), 0);
    QVERIFY2(clock.elapsed() < 1'500, qPrintable(QString::number(clock.elapsed())));
}

void TestWatch::endsWithTheServer()
{
    Stream stream(*m_stub, "");
    QVERIFY(stream.next());
    QElapsedTimer clock;
    clock.start();
    m_server.reset();
    while (stream.next()) { }
    QCOMPARE(stream.reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
    QVERIFY2(clock.elapsed() < 1'000, qPrintable(QString::number(clock.elapsed())));
}

void TestWatch::noticesAnotherProcess()
{
    // A second replica of the same file: it does not write, but its watchers hear of the writes.
    auto other = runtime::Database::open({m_db->folder().path(), "test", toy::kSchema});
    QVERIFY2(other.ok(), other.status().ToString().c_str());
    QVERIFY(!(*other)->isWriter());
    runtime::ChangeFeed feed(**other);
    toy::Handler handler(**other, feed);
    runtime::TestServer server({&handler}, other->get(), &feed);
    auto stub = toy::v1::Toy::NewStub(server.channel());
    Stream stream(*stub, "");
    QVERIFY(stream.next());

    QVERIFY(m_db->write([](auto& db) { return putMany(db, 8, 9); }).ok());
    do
        QVERIFY(stream.next());
    while (stream.message.items_size() == 0);
    QCOMPARE(stream.message.items(0).id(), std::string("i8"));

    toy::v1::PutItemRequest request;
    request.set_request_id("r");
    grpc::ClientContext context;
    toy::v1::Item answer;
    const auto status = stub->PutItem(&context, request, &answer);
    QCOMPARE(status.error_code(), grpc::StatusCode::UNAVAILABLE);
    QCOMPARE(status.error_message(), std::string("not the writer"));
}

QTEST_GUILESS_MAIN(TestWatch)
#include "tst_watch.moc"
