// SPDX-License-Identifier: GPL-3.0-or-later
// Writes over real gRPC: what request_id promises.
#include "services/runtime/client.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"
#include "tests/services/runtime/toy.h"

#include <QtTest>

#include <future>

using namespace shopfleet;
using namespace std::chrono_literals;

using Async = class toy::v1::Toy::Stub::async;

class TestRequests : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void sameIdSameAnswer();
    void otherBodyIsRefused();
    void failureBurnsNothing();
    void idIsChecked_data();
    void idIsChecked();
    void twinsHaveOneEffect();
    void outlivesTheProcess();
    void forgetsTheOld();
    void clientAsksAgain();

private:
    grpc::Status put(const std::string& requestId, const std::string& id, std::int64_t price,
        toy::v1::Item* answer = nullptr)
    {
        toy::v1::PutItemRequest request;
        request.set_request_id(requestId);
        request.mutable_item()->set_id(id);
        request.mutable_item()->set_price(price);
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 5s);
        toy::v1::Item ignored;
        return m_stub->PutItem(&context, request, answer ? answer : &ignored);
    }
    std::int64_t priceOf(const std::string& id)
    {
        const auto item = toy::getItem(m_db->reader(), id);
        return item.ok() ? item->price() : -1;
    }
    void serve()
    {
        m_handler = std::make_unique<toy::Handler>(**m_db, m_db->feed());
        m_server = std::make_unique<runtime::TestServer>(
            std::vector<grpc::Service*>{m_handler.get()}, &**m_db, &m_db->feed());
        m_stub = toy::v1::Toy::NewStub(m_server->channel());
    }

    std::unique_ptr<runtime::TestDatabase> m_db;
    std::unique_ptr<toy::Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<toy::v1::Toy::Stub> m_stub;
};

void TestRequests::init()
{
    m_db = std::make_unique<runtime::TestDatabase>(toy::kSchema);
    QVERIFY2(m_db->status().ok(), m_db->status().ToString().c_str());
    serve();
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
}

void TestRequests::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_db.reset();
}

void TestRequests::sameIdSameAnswer()
{
    toy::v1::Item first;
    toy::v1::Item again;
    QVERIFY(put("r1", "a", 5, &first).ok());
    QVERIFY(put("r2", "a", 6).ok());
    QVERIFY(put("r1", "a", 5, &again).ok());

    QCOMPARE(again.SerializeAsString(), first.SerializeAsString());
    QCOMPARE(again.price(), std::int64_t{5});
    QCOMPARE(priceOf("a"), std::int64_t{6}); // The second time had no effect.
}

void TestRequests::otherBodyIsRefused()
{
    QVERIFY(put("r1", "a", 5).ok());
    const auto status = put("r1", "a", 7);
    QCOMPARE(status.error_code(), grpc::StatusCode::ABORTED);
    QCOMPARE(runtime::reason(runtime::fromWire(status)), std::string("REQUEST_ID_REUSED"));
    QCOMPARE(priceOf("a"), std::int64_t{5});
}

void TestRequests::failureBurnsNothing()
{
    const auto status = put("r1", "a", -1); // The table's CHECK.
    QCOMPARE(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    QCOMPARE(priceOf("a"), std::int64_t{-1});
    QVERIFY(put("r1", "a", 1).ok()); // Another body even: nothing was kept of the first.
}

void TestRequests::idIsChecked_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("taken");

    QTest::newRow("none") << 0 << false;
    QTest::newRow("one character") << 1 << true;
    QTest::newRow("64") << 64 << true;
    QTest::newRow("65") << 65 << false;
}

void TestRequests::idIsChecked()
{
    QFETCH(int, length);
    QFETCH(bool, taken);
    const auto status = put(std::string(static_cast<std::size_t>(length), 'x'), "a", 1);
    QCOMPARE(status.ok(), taken);
    if (!taken) {
        QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
        QVERIFY(status.error_message().find("request_id") == 0);
    }
}

void TestRequests::twinsHaveOneEffect()
{
    const auto before = runtime::lastChange(m_db->reader()).value();
    std::vector<std::thread> callers;
    std::atomic<int> good = 0;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&] { good += put("twin", "a", 5).ok(); });
    for (auto& caller : callers)
        caller.join();
    QCOMPARE(good.load(), 8);
    QCOMPARE(runtime::lastChange(m_db->reader()).value() - before, std::int64_t{1});
}

void TestRequests::outlivesTheProcess()
{
    QVERIFY(put("r1", "a", 5).ok());
    const std::string directory = m_db->folder().path();
    m_server.reset();
    (*m_db)->stop();
    auto opened = runtime::Database::open({directory, "test", toy::kSchema});
    QVERIFY2(opened.ok(), opened.status().ToString().c_str());
    toy::v1::PutItemRequest request;
    request.set_request_id("r1");
    request.mutable_item()->set_id("a");
    request.mutable_item()->set_price(5);
    toy::v1::Item answer;
    bool ran = false;
    const auto status = (*opened)->writeAndWait([&](runtime::Connection& db) {
        return runtime::once(db, request, &answer, [&] {
            ran = true;
            return absl::OkStatus();
        });
    });
    QVERIFY2(status.ok(), status.ToString().c_str());
    QVERIFY(!ran);
    QCOMPARE(answer.price(), std::int64_t{5});
}

void TestRequests::forgetsTheOld()
{
    QVERIFY(put("old", "a", 5).ok());
    QVERIFY(put("new", "b", 5).ok());
    const auto age = [](runtime::Connection& db) {
        return db
            .execute("UPDATE answered_request SET at = :1 WHERE id = 'old'",
                runtime::nowUs() - std::int64_t{25} * 3600 * 1'000'000)
            .status();
    };
    QVERIFY(m_db->write(age).ok());
    QVERIFY(m_db->write(runtime::forgetOldRequests).ok());
    QVERIFY(put("old", "a", 9).ok()); // A new request by now.
    QCOMPARE(put("new", "b", 9).error_code(), grpc::StatusCode::ABORTED);
}

void TestRequests::clientAsksAgain()
{
    // Away at first: the call is repeated until the service is back, under the same request_id.
    const std::string address = m_server->address();
    auto channel = m_server->channel();
    auto stub = toy::v1::Toy::NewStub(channel);
    m_server.reset();
    toy::v1::PutItemRequest request;
    request.set_request_id("r1");
    request.mutable_item()->set_id("a");
    std::promise<absl::StatusOr<toy::v1::Item>> answer;
    runtime::call(stub->async(), &Async::PutItem, request, 300ms,
        [&](absl::StatusOr<toy::v1::Item> got) { answer.set_value(std::move(got)); });
    const auto got = answer.get_future().get();
    QVERIFY(!got.ok()); // Nobody came back: it ends within the timeout, with a clear status.
    QVERIFY(absl::IsUnavailable(got.status()) || absl::IsDeadlineExceeded(got.status()));
    serve();
    auto fresh = toy::v1::Toy::NewStub(m_server->channel());
    std::promise<absl::StatusOr<toy::v1::Item>> second;
    runtime::call(fresh->async(), &Async::PutItem, request, 5s,
        [&](absl::StatusOr<toy::v1::Item> reply) { second.set_value(std::move(reply)); });
    QVERIFY(second.get_future().get().ok());
}

QTEST_GUILESS_MAIN(TestRequests)
#include "tst_requests.moc"
