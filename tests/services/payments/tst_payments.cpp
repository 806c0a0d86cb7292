// SPDX-License-Identifier: GPL-3.0-or-later
#include "payments_schema.h"
#include "services/payments/books.h"
#include "services/payments/handler.h"
#include "services/payments/ledgerstore.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <QTest>

#include <google/protobuf/util/message_differencer.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <limits>
#include <map>
#include <set>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::payments;

namespace {

template <class T>
struct Answer {
    grpc::Status status;
    T value;

    bool ok() const { return status.ok(); }
};

using Stub = v1::Payments::Stub;

/// One call, with a deadline.
template <class Request, class Response>
Answer<Response> call(Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    Answer<Response> answer;
    answer.status = (stub.*method)(&context, request, &answer.value);
    return answer;
}

std::string freshId()
{
    static std::atomic<int> s_count = 0;
    return "request-" + std::to_string(++s_count);
}

// Maps serialize in any order: bytes tell nothing.
bool same(const v1::Payment& a, const v1::Payment& b)
{
    return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

void setMoney(common::v1::Money* money, std::int64_t minor, const std::string& currency = "GBP")
{
    money->set_minor(minor);
    money->set_currency(currency);
}

} // namespace

#define VERIFY_OK(answer) QVERIFY2((answer).ok(), (answer).status.error_message().c_str())
#define REFUSED(answer, code)                                                                      \
    QVERIFY2((answer).status.error_code() == grpc::StatusCode::code,                               \
        (std::to_string((answer).status.error_code()) + " " + (answer).status.error_message())     \
            .c_str())

/// Payments over real gRPC with the sandbox provider, on a database of its own for each test.
class TestPayments : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void authorises_data();
    void authorises();
    void oneChargePerAttempt();
    void authoriseRefuses_data();
    void authoriseRefuses();
    void unknownIsSettledByAsking();
    void interruptedAuthorisationGoesOn();
    void capturesNeverExceed();
    void refundsNeverExceed();
    void repeatedCaptureIsOne();
    void voidGivesUpTheRest();
    void movesRefuse_data();
    void movesRefuse();
    void importTwiceChangesNothing();
    void importRefuses_data();
    void importRefuses();
    void lists_data();
    void lists();
    void pageTokensBelongToTheirQuestion();
    void ledgerIsSealed();
    void ledgerLists();
    void watchTellsWhatChanged();
    void reconcileComesLater();

private:
    Answer<v1::Payment> authorise(const std::string& order, std::int64_t minor = 1000,
        const std::string& token = "tok_visa", const std::string& requestId = freshId(),
        int attempt = 1);
    Answer<v1::Payment> capture(
        const std::string& id, std::int64_t minor, const std::string& requestId = freshId());
    Answer<v1::Payment> refund(
        const std::string& id, std::int64_t minor, const std::string& requestId = freshId());
    Answer<v1::Payment> get(const std::string& id);
    Answer<v1::ImportPaymentsResponse> import(const std::vector<v1::Payment>& payments);
    std::vector<v1::LedgerEntry> entries(const std::string& filter = {});
    bool ledgerVerifies();
    bool tamper(const std::string& sql);
    void leaveCreated(const std::string& order, std::int64_t minor);

    std::unique_ptr<runtime::TestDatabase> m_database;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
};

void TestPayments::init()
{
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    m_handler = std::make_unique<Handler>(
        **m_database, m_database->feed(), std::chrono::milliseconds(300));
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database, nullptr);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Payments::NewStub(m_server->channel());
}

void TestPayments::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
}

bool TestPayments::ledgerVerifies()
{
    return ledger::verify(m_database->reader()).ok();
}

bool TestPayments::tamper(const std::string& sql)
{
    return m_database->write([&sql](runtime::Connection& db) { return db.script(sql); }).ok();
}

void TestPayments::leaveCreated(const std::string& order, std::int64_t minor)
{
    v1::AuthorisePaymentRequest request;
    request.set_order_id(order);
    request.set_customer_id("17850");
    request.set_attempt(1);
    setMoney(request.mutable_amount(), minor);
    const auto status = m_database->write([&request](runtime::Connection& db) {
        return books::beginAuthorise(db, request, runtime::nowUs()).status();
    });
    QVERIFY2(status.ok(), status.ToString().c_str());
}

Answer<v1::Payment> TestPayments::authorise(const std::string& order, std::int64_t minor,
    const std::string& token, const std::string& requestId, int attempt)
{
    v1::AuthorisePaymentRequest request;
    request.set_request_id(requestId);
    request.set_order_id(order);
    request.set_customer_id("17850");
    setMoney(request.mutable_amount(), minor);
    request.set_payment_token(token);
    request.set_attempt(attempt);
    return call(*m_stub, &Stub::AuthorisePayment, request);
}

Answer<v1::Payment> TestPayments::capture(
    const std::string& id, std::int64_t minor, const std::string& requestId)
{
    v1::CapturePaymentRequest request;
    request.set_request_id(requestId);
    request.set_id(id);
    setMoney(request.mutable_amount(), minor);
    return call(*m_stub, &Stub::CapturePayment, request);
}

Answer<v1::Payment> TestPayments::refund(
    const std::string& id, std::int64_t minor, const std::string& requestId)
{
    v1::RefundPaymentRequest request;
    request.set_request_id(requestId);
    request.set_id(id);
    setMoney(request.mutable_amount(), minor);
    request.set_reason("broken in the post");
    return call(*m_stub, &Stub::RefundPayment, request);
}

Answer<v1::Payment> TestPayments::get(const std::string& id)
{
    v1::GetPaymentRequest request;
    request.set_id(id);
    return call(*m_stub, &Stub::GetPayment, request);
}

Answer<v1::ImportPaymentsResponse> TestPayments::import(const std::vector<v1::Payment>& payments)
{
    v1::ImportPaymentsRequest request;
    request.set_request_id(freshId());
    request.mutable_payments()->Add(payments.begin(), payments.end());
    return call(*m_stub, &Stub::ImportPayments, request);
}

std::vector<v1::LedgerEntry> TestPayments::entries(const std::string& filter)
{
    v1::ListLedgerEntriesRequest request;
    request.set_filter(filter);
    request.set_page_size(1000);
    const auto answer = call(*m_stub, &Stub::ListLedgerEntries, request);
    return {answer.value.entries().begin(), answer.value.entries().end()};
}

void TestPayments::authorises_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("reason");

    QTest::newRow("Visa") << u"tok_visa"_s << int(v1::PAYMENT_STATE_AUTHORISED)
                          << u"Visa •••• 4242"_s << u""_s;
    QTest::newRow("Mastercard") << u"tok_mastercard"_s << int(v1::PAYMENT_STATE_AUTHORISED)
                                << u"Mastercard •••• 4444"_s << u""_s;
    QTest::newRow("declined") << u"tok_declined"_s << int(v1::PAYMENT_STATE_DECLINED)
                              << u"Visa •••• 0002"_s << u"card_declined"_s;
    QTest::newRow("no funds") << u"tok_insufficient_funds"_s << int(v1::PAYMENT_STATE_DECLINED)
                              << u"Visa •••• 9995"_s << u"insufficient_funds"_s;
    QTest::newRow("a token that nobody gave out")
        << u"tok_nonsense"_s << int(v1::PAYMENT_STATE_DECLINED) << u""_s << u"unknown_token"_s;
    QTest::newRow("the answer is lost")
        << u"tok_timeout"_s << int(v1::PAYMENT_STATE_UNKNOWN) << u""_s << u""_s;
}

void TestPayments::authorises()
{
    QFETCH(QString, token);
    const auto answer = authorise("536365", 1240, token.toStdString());

    VERIFY_OK(answer); // A refusal by the bank is an answer, not an error.
    QTEST(int(answer.value.state()), "state");
    QTEST(QString::fromStdString(answer.value.method()), "method");
    QTEST(QString::fromStdString(answer.value.decline_reason()), "reason");
    QCOMPARE(answer.value.id(), std::string("P-536365"));
    QCOMPARE(answer.value.amount().minor(), 1240);
    QCOMPARE(answer.value.authorised().minor(),
        answer.value.state() == v1::PAYMENT_STATE_AUTHORISED ? 1240 : 0);
    QCOMPARE(answer.value.timeline(0).kind(), std::string("payment.created"));
    QVERIFY(entries().empty()); // Nothing has moved.
    QVERIFY(same(get("P-536365").value, answer.value));
}

void TestPayments::oneChargePerAttempt()
{
    std::vector<std::thread> askers;
    std::atomic<int> good = 0;
    for (int i = 0; i < 32; ++i)
        askers.emplace_back([this, &good] { good += authorise("536365").ok(); });
    for (std::thread& asker : askers)
        asker.join();
    QCOMPARE(good.load(), 32); // The same pair gives the same payment.
    v1::ListPaymentsRequest all;
    QCOMPARE(call(*m_stub, &Stub::ListPayments, all).value.total_size(), 1);

    REFUSED(authorise("536365", 999), ALREADY_EXISTS); // The same pair, another amount.
    const auto second = authorise("536365", 1000, "tok_visa", freshId(), 2);
    VERIFY_OK(second);
    QVERIFY(second.value.id() != "P-536365");
    const auto once = authorise("1", 1000, "tok_visa", "authorise-1");
    const auto again = authorise("1", 1000, "tok_visa", "authorise-1");
    QVERIFY(same(again.value, once.value));
    REFUSED(authorise("2", 1000, "tok_visa", "authorise-1"), ABORTED); // Another body.
    REFUSED(get("P-2"), NOT_FOUND); // And it had no effect.
}

void TestPayments::authoriseRefuses_data()
{
    QTest::addColumn<QString>("requestId");
    QTest::addColumn<QString>("order");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QString>("token");

    QTest::newRow("no request_id") << u""_s << u"1"_s << qint64(1) << u"tok_visa"_s;
    QTest::newRow("no order") << u"r"_s << u""_s << qint64(1) << u"tok_visa"_s;
    QTest::newRow("nothing") << u"r"_s << u"1"_s << qint64(0) << u"tok_visa"_s;
    QTest::newRow("negative") << u"r"_s << u"1"_s << qint64(-1) << u"tok_visa"_s;
    QTest::newRow("overflow") << u"r"_s << u"1"_s << std::numeric_limits<qint64>::max()
                              << u"tok_visa"_s;
    QTest::newRow("no token") << u"r"_s << u"1"_s << qint64(1) << u""_s;
}

void TestPayments::authoriseRefuses()
{
    QFETCH(QString, requestId);
    QFETCH(QString, order);
    QFETCH(qint64, minor);
    QFETCH(QString, token);
    REFUSED(authorise(order.toStdString(), minor, token.toStdString(), requestId.toStdString()),
        INVALID_ARGUMENT);
}

void TestPayments::unknownIsSettledByAsking()
{
    const auto lost = authorise("536365", 1240, "tok_timeout");
    QCOMPARE(lost.value.state(), v1::PAYMENT_STATE_UNKNOWN);
    REFUSED(capture("P-536365", 1), FAILED_PRECONDITION);
    const auto again = authorise("536365", 1240, "tok_timeout");
    QCOMPARE(
        again.value.state(), v1::PAYMENT_STATE_UNKNOWN); // Asking to charge again charges nothing.

    v1::SettlePaymentRequest settle;
    settle.set_id("P-536365");
    settle.set_request_id(freshId());
    const auto settled = call(*m_stub, &Stub::SettlePayment, settle);

    VERIFY_OK(settled);
    QCOMPARE(settled.value.state(), v1::PAYMENT_STATE_AUTHORISED);
    QCOMPARE(settled.value.authorised().minor(), 1240);
    VERIFY_OK(capture("P-536365", 1240));
    settle.set_request_id(freshId());
    QCOMPARE(call(*m_stub, &Stub::SettlePayment, settle).value.state(), v1::PAYMENT_STATE_CAPTURED);
}

void TestPayments::interruptedAuthorisationGoesOn()
{
    // As a crash between writing the intent and asking leaves it.
    leaveCreated("536365", 1240);
    QCOMPARE(get("P-536365").value.state(), v1::PAYMENT_STATE_CREATED);

    v1::SettlePaymentRequest settle;
    settle.set_id("P-536365");
    settle.set_request_id(freshId());
    const auto settled = call(*m_stub, &Stub::SettlePayment, settle);

    VERIFY_OK(settled); // The provider never heard of it, and from now on never will.
    QCOMPARE(settled.value.state(), v1::PAYMENT_STATE_DECLINED);
    QCOMPARE(settled.value.decline_reason(), std::string("never_received"));

    leaveCreated("536366", 1240);
    const auto repeated = authorise("536366", 1240); // The order's saga asks again: it goes on.
    QCOMPARE(repeated.value.state(), v1::PAYMENT_STATE_AUTHORISED);
}

void TestPayments::capturesNeverExceed()
{
    VERIFY_OK(authorise("1", 1000));
    std::vector<std::thread> askers;
    std::atomic<int> good = 0;
    std::atomic<int> refused = 0;
    for (int i = 0; i < 64; ++i)
        askers.emplace_back([this, &good, &refused] {
            const auto answer = capture("P-1", 100);
            good += answer.ok();
            refused += answer.status.error_code() == grpc::StatusCode::FAILED_PRECONDITION;
        });
    for (std::thread& asker : askers)
        asker.join();

    QCOMPARE(good.load(), 10);
    QCOMPARE(refused.load(), 54);
    const auto payment = get("P-1").value;
    QCOMPARE(payment.captured().minor(), 1000);
    QCOMPARE(payment.state(), v1::PAYMENT_STATE_CAPTURED);
    QCOMPARE(entries().size(), std::size_t(20));
    QVERIFY(ledgerVerifies());
}

void TestPayments::refundsNeverExceed()
{
    VERIFY_OK(authorise("1", 1000));
    VERIFY_OK(capture("P-1", 700));
    std::vector<std::thread> askers;
    std::atomic<int> good = 0;
    for (int i = 0; i < 64; ++i)
        askers.emplace_back([this, &good] { good += refund("P-1", 100).ok(); });
    for (std::thread& asker : askers)
        asker.join();

    QCOMPARE(good.load(), 7);
    const auto payment = get("P-1").value;
    QCOMPARE(payment.refunded().minor(), 700);
    QCOMPARE(payment.state(), v1::PAYMENT_STATE_REFUNDED);
    std::map<std::string, std::int64_t> balance;
    for (const auto& entry : entries())
        balance[entry.account()] += entry.amount_minor();
    QCOMPARE(balance["provider"], 0);
    QCOMPARE(balance["revenue"], -700);
    QCOMPARE(balance["refunds"], 700);
    QVERIFY(ledgerVerifies());
}

void TestPayments::repeatedCaptureIsOne()
{
    VERIFY_OK(authorise("1", 1000));
    const auto first = capture("P-1", 100, "capture-1");
    const auto again = capture("P-1", 100, "capture-1");
    VERIFY_OK(first);
    VERIFY_OK(again);
    QVERIFY(same(again.value, first.value));
    QCOMPARE(get("P-1").value.captured().minor(), 100);
    REFUSED(capture("P-1", 200, "capture-1"), ABORTED); // Another body.
    QCOMPARE(get("P-1").value.captured().minor(), 100);
}

void TestPayments::voidGivesUpTheRest()
{
    VERIFY_OK(authorise("1", 1000));
    VERIFY_OK(capture("P-1", 400));
    v1::VoidPaymentRequest request;
    request.set_id("P-1");
    request.set_request_id(freshId());
    const auto rest = call(*m_stub, &Stub::VoidPayment, request);
    VERIFY_OK(rest);
    QCOMPARE(rest.value.state(), v1::PAYMENT_STATE_CAPTURED);
    QCOMPARE(rest.value.authorised().minor(), 400);
    REFUSED(capture("P-1", 1), FAILED_PRECONDITION);

    VERIFY_OK(authorise("2", 1000));
    request.set_id("P-2");
    request.set_request_id(freshId());
    QCOMPARE(call(*m_stub, &Stub::VoidPayment, request).value.state(), v1::PAYMENT_STATE_VOIDED);
    request.set_request_id(freshId());
    VERIFY_OK(call(*m_stub, &Stub::VoidPayment, request)); // Void is void: sagas back out twice.
    REFUSED(capture("P-2", 1), FAILED_PRECONDITION);
}

void TestPayments::movesRefuse_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<int>("code");

    QTest::newRow("unknown payment")
        << u"P-nobody"_s << qint64(1) << u"GBP"_s << int(grpc::NOT_FOUND);
    QTest::newRow("no id") << u""_s << qint64(1) << u"GBP"_s << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("zero") << u"P-1"_s << qint64(0) << u"GBP"_s << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("negative") << u"P-1"_s << qint64(-100) << u"GBP"_s
                              << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("overflow") << u"P-1"_s << std::numeric_limits<qint64>::max() << u"GBP"_s
                              << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("unknown currency")
        << u"P-1"_s << qint64(1) << u"XXX"_s << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("other currency")
        << u"P-1"_s << qint64(1) << u"EUR"_s << int(grpc::INVALID_ARGUMENT);
    QTest::newRow("too much") << u"P-1"_s << qint64(1001) << u"GBP"_s
                              << int(grpc::FAILED_PRECONDITION);
}

void TestPayments::movesRefuse()
{
    QFETCH(QString, id);
    QFETCH(qint64, minor);
    QFETCH(QString, currency);
    VERIFY_OK(authorise("1", 1000));
    v1::CapturePaymentRequest take;
    take.set_request_id(freshId());
    take.set_id(id.toStdString());
    setMoney(take.mutable_amount(), minor, currency.toStdString());
    QTEST(int(call(*m_stub, &Stub::CapturePayment, take).status.error_code()), "code");

    VERIFY_OK(capture("P-1", 1000));
    v1::RefundPaymentRequest back;
    back.set_request_id(freshId());
    back.set_id(id.toStdString());
    setMoney(back.mutable_amount(), minor, currency.toStdString());
    QTEST(int(call(*m_stub, &Stub::RefundPayment, back).status.error_code()), "code");
    QCOMPARE(get("P-1").value.refunded().minor(), 0);
}

void TestPayments::importTwiceChangesNothing()
{
    std::vector<v1::Payment> payments(2);
    for (auto& payment : payments) {
        payment.set_provider("import");
        payment.mutable_created_at()->set_seconds(1'291'000'000);
    }
    payments[0].set_id("P-536365");
    payments[0].set_order_id("536365");
    payments[0].set_state(v1::PAYMENT_STATE_CAPTURED);
    setMoney(payments[0].mutable_amount(), 13912);
    setMoney(payments[0].mutable_authorised(), 13912);
    setMoney(payments[0].mutable_captured(), 13912);
    payments[1].set_id("P-C536379"); // A refund of a sale that the file does not name.
    payments[1].set_order_id("C536379");
    payments[1].set_state(v1::PAYMENT_STATE_REFUNDED);
    setMoney(payments[1].mutable_amount(), 2750);
    setMoney(payments[1].mutable_refunded(), 2750);

    const auto first = import(payments);
    VERIFY_OK(first);
    QCOMPARE(first.value.created(), 2);
    const auto second = import(payments);
    VERIFY_OK(second);
    QCOMPARE(second.value.unchanged(), 2);

    QCOMPARE(entries().size(), std::size_t(4));
    std::map<std::string, std::int64_t> balance;
    for (const auto& entry : entries())
        balance[entry.account()] += entry.amount_minor();
    QCOMPARE(balance["customer"], 13912 - 2750);
    QVERIFY(ledgerVerifies());
    payments[0].mutable_amount()->set_minor(13913);
    REFUSED(import(payments), ALREADY_EXISTS); // The same id cannot mean other money.
}

void TestPayments::importRefuses_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<qint64>("captured");
    QTest::addColumn<QString>("names");

    QTest::newRow("too many") << 1001 << u"GBP"_s << qint64(100) << u"payments"_s;
    QTest::newRow("nothing") << 0 << u"GBP"_s << qint64(100) << u"payments"_s;
    QTest::newRow("unknown currency")
        << 1 << u"usd"_s << qint64(100) << u"payments[0].amount.currency"_s;
    QTest::newRow("captured too much") << 1 << u"GBP"_s << qint64(101) << u"payments[0].captured"_s;
    QTest::newRow("twice in one") << 2 << u"GBP"_s << qint64(100) << u"payments[1].id"_s;
}

void TestPayments::importRefuses()
{
    QFETCH(int, count);
    QFETCH(QString, currency);
    QFETCH(qint64, captured);
    QFETCH(QString, names);
    v1::Payment payment;
    payment.set_id("P-1");
    payment.set_order_id("1");
    payment.set_provider("import");
    payment.set_state(v1::PAYMENT_STATE_CAPTURED);
    setMoney(payment.mutable_amount(), 100, currency.toStdString());
    setMoney(payment.mutable_authorised(), 100, currency.toStdString());
    setMoney(payment.mutable_captured(), captured, currency.toStdString());

    const auto answer = import(std::vector<v1::Payment>(static_cast<std::size_t>(count), payment));

    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
    QVERIFY(entries().empty());
}

void TestPayments::lists_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<QString>("ids");

    QTest::newRow("newest first") << u""_s << u""_s << u"P-3 P-2 P-1"_s;
    QTest::newRow("by amount") << u""_s << u"amount"_s << u"P-2 P-1 P-3"_s;
    QTest::newRow("state") << u"state = DECLINED"_s << u""_s << u"P-2"_s;
    QTest::newRow("amount") << u"amount > 500"_s << u""_s << u"P-3 P-1"_s;
    QTest::newRow("order") << u"order_id = \"3\""_s << u""_s << u"P-3"_s;
    QTest::newRow("either") << u"order_id = \"3\" OR order_id = \"1\""_s << u"amount desc"_s
                            << u"P-3 P-1"_s;
    QTest::newRow("word") << u"P-2"_s << u""_s << u"P-2"_s;
}

void TestPayments::lists()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    VERIFY_OK(authorise("1", 1000));
    VERIFY_OK(authorise("2", 100, "tok_declined"));
    VERIFY_OK(authorise("3", 5000));
    v1::ListPaymentsRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());

    const auto answer = call(*m_stub, &Stub::ListPayments, request);

    VERIFY_OK(answer);
    QStringList ids;
    for (const auto& payment : answer.value.payments())
        ids << QString::fromStdString(payment.id());
    QTEST(ids.join(u' '), "ids");
    QCOMPARE(answer.value.total_size(), ids.size());
}

void TestPayments::pageTokensBelongToTheirQuestion()
{
    for (const char* order : {"1", "2", "3"})
        VERIFY_OK(authorise(order));
    v1::ListPaymentsRequest request;
    request.set_page_size(2);
    const auto first = call(*m_stub, &Stub::ListPayments, request);
    QCOMPARE(first.value.payments_size(), 2);
    request.set_page_token(first.value.next_page_token());
    const auto second = call(*m_stub, &Stub::ListPayments, request);
    QCOMPARE(second.value.payments_size(), 1);
    QCOMPARE(second.value.payments(0).id(), std::string("P-1"));
    QVERIFY(second.value.next_page_token().empty());
    request.set_filter("amount > 1");
    REFUSED(call(*m_stub, &Stub::ListPayments, request), INVALID_ARGUMENT);
}

void TestPayments::ledgerIsSealed()
{
    VERIFY_OK(authorise("1", 1000));
    VERIFY_OK(capture("P-1", 400));
    VERIFY_OK(capture("P-1", 600));
    VERIFY_OK(refund("P-1", 50));
    QVERIFY(ledgerVerifies());
    const auto all = entries();
    QCOMPARE(all.size(), std::size_t(6));
    QCOMPARE(all.front().sequence(), 1);
    QCOMPARE(all.back().chain().size(), std::size_t(32));

    QVERIFY(!tamper("UPDATE ledger SET amount_minor = 1 WHERE sequence = 3")); // It only grows.
    QVERIFY(!tamper("DELETE FROM ledger WHERE sequence = 6"));
    QVERIFY(ledgerVerifies());
    QVERIFY(tamper(
        "DROP TRIGGER ledger_no_update; UPDATE ledger SET amount_minor = 1 WHERE sequence = 3"));
    QVERIFY(!ledgerVerifies());
}

void TestPayments::ledgerLists()
{
    VERIFY_OK(authorise("1", 1000));
    VERIFY_OK(authorise("2", 1000));
    VERIFY_OK(capture("P-1", 400));
    VERIFY_OK(capture("P-2", 600));
    QCOMPARE(entries("payment_id = \"P-2\"").size(), std::size_t(2));
    QCOMPARE(entries("order_id = \"1\" AND account = \"revenue\"").size(), std::size_t(1));
    QCOMPARE(entries("account = \"revenue\"")[1].amount_minor(), -600);
}

void TestPayments::watchTellsWhatChanged()
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto stream = m_stub->WatchPayments(&context, v1::WatchPaymentsRequest());
    v1::WatchPaymentsResponse message;
    QVERIFY(stream->Read(&message)); // Where it starts.
    VERIFY_OK(authorise("1"));
    v1::PaymentState last = v1::PAYMENT_STATE_UNSPECIFIED;
    while (last != v1::PAYMENT_STATE_AUTHORISED) {
        QVERIFY(stream->Read(&message));
        for (const auto& payment : message.payments()) {
            QCOMPARE(payment.id(), std::string("P-1"));
            last = payment.state();
        }
    }
    context.TryCancel();
    stream->Finish();
}

void TestPayments::reconcileComesLater()
{
    v1::ReconcileRequest request;
    request.set_request_id(freshId());
    REFUSED(call(*m_stub, &Stub::Reconcile, request), UNIMPLEMENTED);
}

QTEST_GUILESS_MAIN(TestPayments)
#include "tst_payments.moc"
