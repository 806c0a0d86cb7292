// SPDX-License-Identifier: GPL-3.0-or-later
// The sandbox provider acts once for each key, says so for ever, and refuses what a real one would.
#include "provider_schema.h"
#include "services/provider/handler.h"
#include "services/runtime/testing.h"

#include <QTest>

#include <grpcpp/grpcpp.h>

#include <thread>

using namespace shopfleet;
using namespace shopfleet::provider;
using namespace std::chrono_literals;

class TestProvider : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void actsOnceForAKey();
    void aKeyIsForOneRequest();
    void neverMoreThanThereIs();
    void settlingClosesWhatNeverCame();
    void goesWrongAfterItHasActed_data();
    void goesWrongAfterItHasActed();
    void refuses_data();
    void refuses();
    void statementHasAllByKey();

private:
    using Stub = v1::Provider::Stub;
    grpc::Status act(const std::string& key, v1::Kind kind, std::int64_t minor,
        const std::string& tokenOrAbout, v1::Operation* answer = nullptr);
    v1::Operation get(const std::string& key);

    std::unique_ptr<runtime::TestDatabase> m_database;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
};

void TestProvider::init()
{
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    // Nobody takes webhooks at this address.
    m_handler = std::make_unique<Handler>(**m_database,
        grpc::CreateChannel(
            "unix:" + m_database->folder().file("nobody"), grpc::InsecureChannelCredentials()));
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Provider::NewStub(m_server->channel());
}

void TestProvider::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
}

grpc::Status TestProvider::act(const std::string& key, v1::Kind kind, std::int64_t minor,
    const std::string& tokenOrAbout, v1::Operation* answer)
{
    v1::ActRequest request;
    request.set_key(key);
    request.set_kind(kind);
    request.mutable_amount()->set_currency("GBP");
    request.mutable_amount()->set_minor(minor);
    if (kind == v1::KIND_AUTHORISE)
        request.set_token(tokenOrAbout);
    else
        request.set_about(tokenOrAbout);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 700ms);
    v1::Operation unused;
    return m_stub->Act(&context, request, answer ? answer : &unused);
}

v1::Operation TestProvider::get(const std::string& key)
{
    grpc::ClientContext context;
    v1::GetOperationRequest request;
    request.set_key(key);
    v1::Operation operation;
    m_stub->GetOperation(&context, request, &operation);
    return operation;
}

void TestProvider::actsOnceForAKey()
{
    v1::Operation authorised;
    QVERIFY(act("a", v1::KIND_AUTHORISE, 1000, "tok_visa", &authorised).ok());
    std::vector<std::thread> askers;
    std::atomic<int> good = 0;
    for (int i = 0; i < 32; ++i)
        askers.emplace_back([&] {
            v1::Operation answer;
            good += act("c", v1::KIND_CAPTURE, 600, authorised.reference(), &answer).ok()
                && answer.outcome() == v1::OUTCOME_DONE;
        });
    for (auto& asker : askers)
        asker.join();
    QCOMPARE(good.load(), 32);
    v1::Operation more;
    QVERIFY(act("d", v1::KIND_CAPTURE, 500, authorised.reference(), &more).ok());
    QCOMPARE(more.reason(), std::string("amount_too_large")); // 600 were taken once.
}

void TestProvider::aKeyIsForOneRequest()
{
    QVERIFY(act("a", v1::KIND_AUTHORISE, 1000, "tok_visa").ok());
    QCOMPARE(act("a", v1::KIND_AUTHORISE, 1001, "tok_visa").error_code(), grpc::ABORTED);
    QCOMPARE(act("a", v1::KIND_AUTHORISE, 1000, "tok_mastercard").error_code(), grpc::ABORTED);
    QCOMPARE(get("a").amount().minor(), 1000);
}

void TestProvider::neverMoreThanThereIs()
{
    v1::Operation authorised, answer;
    QVERIFY(act("a", v1::KIND_AUTHORISE, 1000, "tok_visa", &authorised).ok());
    const std::string about = authorised.reference();
    act("r", v1::KIND_REFUND, 1, about, &answer);
    QCOMPARE(answer.outcome(), v1::OUTCOME_DECLINED); // Nothing was taken yet.
    act("c", v1::KIND_CAPTURE, 700, about, &answer);
    QCOMPARE(answer.outcome(), v1::OUTCOME_DONE);
    act("v", v1::KIND_VOID, 300, about, &answer);
    QCOMPARE(answer.outcome(), v1::OUTCOME_DONE);
    act("c2", v1::KIND_CAPTURE, 1, about, &answer);
    QCOMPARE(answer.outcome(), v1::OUTCOME_DECLINED);
    act("r2", v1::KIND_REFUND, 701, about, &answer);
    QCOMPARE(answer.outcome(), v1::OUTCOME_DECLINED);
    act("r3", v1::KIND_REFUND, 700, about, &answer);
    QCOMPARE(answer.outcome(), v1::OUTCOME_DONE);
    act("x", v1::KIND_CAPTURE, 1, "sbx_nothing", &answer);
    QCOMPARE(answer.reason(), std::string("unknown_reference"));
}

void TestProvider::settlingClosesWhatNeverCame()
{
    grpc::ClientContext context;
    v1::SettleRequest request;
    request.set_key("late");
    v1::Operation settled;
    QVERIFY(m_stub->Settle(&context, request, &settled).ok());
    QCOMPARE(settled.reason(), std::string("never_received"));
    v1::Operation straggler;
    QVERIFY(act("late", v1::KIND_AUTHORISE, 1000, "tok_visa", &straggler).ok());
    QCOMPARE(straggler.outcome(), v1::OUTCOME_DECLINED);
}

void TestProvider::goesWrongAfterItHasActed_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    QTest::newRow("authorise, no answer")
        << QByteArray("tok_timeout") << int(v1::KIND_AUTHORISE) << int(grpc::DEADLINE_EXCEEDED);
    QTest::newRow("capture, no answer") << QByteArray("tok_timeout_capture")
                                        << int(v1::KIND_CAPTURE) << int(grpc::DEADLINE_EXCEEDED);
    QTest::newRow("refund, no answer")
        << QByteArray("tok_timeout_refund") << int(v1::KIND_REFUND) << int(grpc::DEADLINE_EXCEEDED);
    QTest::newRow("authorise, error")
        << QByteArray("tok_error") << int(v1::KIND_AUTHORISE) << int(grpc::INTERNAL);
    QTest::newRow("capture, error")
        << QByteArray("tok_error_capture") << int(v1::KIND_CAPTURE) << int(grpc::INTERNAL);
    QTest::newRow("refund, error")
        << QByteArray("tok_error_refund") << int(v1::KIND_REFUND) << int(grpc::INTERNAL);
    QTest::newRow("late webhook") << QByteArray("tok_webhook_late") << int(v1::KIND_AUTHORISE)
                                  << int(grpc::DEADLINE_EXCEEDED);
}

void TestProvider::goesWrongAfterItHasActed()
{
    QFETCH(QByteArray, token);
    QFETCH(int, kind);
    QFETCH(int, code);
    std::string about;
    for (const auto step : {v1::KIND_AUTHORISE, v1::KIND_CAPTURE, v1::KIND_REFUND}) {
        const std::string key = v1::Kind_Name(step);
        const std::string with = step == v1::KIND_AUTHORISE ? token.toStdString() : about;
        const auto status = act(key, step, 1000, with);
        QCOMPARE(int(status.error_code()), int(step) == kind ? code : 0);
        QCOMPARE(get(key).outcome(), v1::OUTCOME_DONE); // Whatever its caller heard.
        QVERIFY(act(key, step, 1000, with).ok()); // It goes wrong once.
        if (step == v1::KIND_AUTHORISE)
            about = get(key).reference();
    }
}

void TestProvider::refuses_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("kind");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QByteArray>("with");
    QTest::addColumn<QByteArray>("field");
    const QByteArray visa("tok_visa");
    QTest::newRow("no key") << QByteArray() << 1 << qint64(1) << visa << QByteArray("key");
    QTest::newRow("long key") << QByteArray(129, 'k') << 1 << qint64(1) << visa
                              << QByteArray("key");
    QTest::newRow("no kind") << QByteArray("k") << 0 << qint64(1) << visa << QByteArray("kind");
    QTest::newRow("odd kind") << QByteArray("k") << 77 << qint64(1) << visa << QByteArray("kind");
    QTest::newRow("zero") << QByteArray("k") << 1 << qint64(0) << visa << QByteArray("amount");
    QTest::newRow("negative") << QByteArray("k") << 1 << qint64(-5) << visa << QByteArray("amount");
    QTest::newRow("no token") << QByteArray("k") << 1 << qint64(1) << QByteArray()
                              << QByteArray("token");
    QTest::newRow("about nothing")
        << QByteArray("k") << 2 << qint64(1) << QByteArray() << QByteArray("about");
}

void TestProvider::refuses()
{
    QFETCH(QByteArray, key);
    QFETCH(int, kind);
    QFETCH(qint64, minor);
    QFETCH(QByteArray, with);
    QFETCH(QByteArray, field);
    const auto status
        = act(key.toStdString(), static_cast<v1::Kind>(kind), minor, with.toStdString());
    QCOMPARE(status.error_code(), grpc::INVALID_ARGUMENT);
    QVERIFY2(
        status.error_message().starts_with(field.toStdString()), status.error_message().c_str());
    QVERIFY(get(key.toStdString()).key().empty());
}

void TestProvider::statementHasAllByKey()
{
    for (int i = 9; i >= 0; --i)
        QVERIFY(act("k" + std::to_string(i), v1::KIND_AUTHORISE, 100 + i, "tok_visa").ok());
    v1::ListOperationsRequest request;
    request.set_page_size(4);
    std::vector<std::string> keys;
    do {
        grpc::ClientContext context;
        v1::ListOperationsResponse page;
        QVERIFY(m_stub->ListOperations(&context, request, &page).ok());
        for (const auto& operation : page.operations())
            keys.push_back(operation.key());
        request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    QCOMPARE(keys.size(), std::size_t(10));
    QVERIFY(std::ranges::is_sorted(keys));
}

QTEST_GUILESS_MAIN(TestProvider)
#include "tst_provider.moc"
