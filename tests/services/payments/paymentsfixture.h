// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "payments_schema.h"
#include "provider_schema.h"
#include "services/payments/books.h"
#include "services/payments/handler.h"
#include "services/payments/ledgerstore.h"
#include "services/payments/providerclient.h"
#include "services/provider/handler.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"
#include "tests/slowness.h"

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

inline std::string freshId()
{
    static std::atomic<int> s_count = 0;
    return "request-" + std::to_string(++s_count);
}

// Maps serialize in any order: bytes tell nothing.
inline bool same(const v1::Payment& a, const v1::Payment& b)
{
    return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

inline void setMoney(
    common::v1::Money* money, std::int64_t minor, const std::string& currency = "GBP")
{
    money->set_minor(minor);
    money->set_currency(currency);
}

// The answer is taken once: asking twice is not the same as asking once.
#define VERIFY_OK(answer)                                                                          \
    do {                                                                                           \
        const auto& given = (answer);                                                              \
        QVERIFY2(given.ok(), given.status.error_message().c_str());                                \
    } while (false)
#define REFUSED(answer, code)                                                                      \
    do {                                                                                           \
        const auto& given = (answer);                                                              \
        QVERIFY2(given.status.error_code() == grpc::StatusCode::code,                              \
            (std::to_string(given.status.error_code()) + " " + given.status.error_message())       \
                .c_str());                                                                         \
    } while (false)

/// Payments and its provider know each other by their addresses: one of the two learns the other's
/// later.
class LateProvider final : public Provider {
public:
    std::unique_ptr<ProviderClient> real;

    void act(const ProviderRequest& request, Answered answered) override
    {
        real->act(request, std::move(answered));
    }
    void settle(const std::string& key, Answered answered) override
    {
        real->settle(key, std::move(answered));
    }
    void find(const std::string& key, Answered answered) override
    {
        real->find(key, std::move(answered));
    }
    absl::StatusOr<StatementPage> statement(const std::string& token) override
    {
        return real->statement(token);
    }
};

/// A service over real gRPC and its provider likewise, each on a database of its own for each test,
/// and what tests ask of them.
class PaymentsFixture {
protected:
    void setUp();
    void tearDown();
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
    std::unique_ptr<runtime::TestDatabase> m_providerDatabase;
    std::unique_ptr<provider::Handler> m_provider;
    std::unique_ptr<runtime::TestServer> m_providerServer;
    Backoffice::Pace m_pace; ///< To be set before setUp.
    std::unique_ptr<Stub> m_stub;
};

inline void PaymentsFixture::setUp()
{
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    const std::chrono::milliseconds patience{300 * slowness()};
    auto late = std::make_unique<LateProvider>();
    LateProvider& outside = *late;
    m_handler = std::make_unique<Handler>(
        **m_database, m_database->feed(), std::move(late), patience, m_pace);
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database, nullptr);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_providerDatabase = std::make_unique<runtime::TestDatabase>(provider::kSchema);
    QVERIFY2(m_providerDatabase->status().ok(), m_providerDatabase->status().ToString().c_str());
    m_provider = std::make_unique<provider::Handler>(**m_providerDatabase, m_server->channel());
    m_providerServer = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_provider.get()}, &**m_providerDatabase, nullptr);
    QVERIFY2(m_providerServer->status().ok(), m_providerServer->status().ToString().c_str());
    outside.real = std::make_unique<ProviderClient>(m_providerServer->channel(), patience);
    m_stub = v1::Payments::NewStub(m_server->channel());
}

inline void PaymentsFixture::tearDown()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_providerServer.reset();
    m_provider.reset();
    m_providerDatabase.reset();
    m_database.reset();
}

inline bool PaymentsFixture::ledgerVerifies()
{
    return ledger::verify(m_database->reader()).ok();
}

inline bool PaymentsFixture::tamper(const std::string& sql)
{
    return m_database->write([&sql](runtime::Connection& db) { return db.script(sql); }).ok();
}

inline void PaymentsFixture::leaveCreated(const std::string& order, std::int64_t minor)
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

inline Answer<v1::Payment> PaymentsFixture::authorise(const std::string& order, std::int64_t minor,
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

inline Answer<v1::Payment> PaymentsFixture::capture(
    const std::string& id, std::int64_t minor, const std::string& requestId)
{
    v1::CapturePaymentRequest request;
    request.set_request_id(requestId);
    request.set_id(id);
    setMoney(request.mutable_amount(), minor);
    return call(*m_stub, &Stub::CapturePayment, request);
}

inline Answer<v1::Payment> PaymentsFixture::refund(
    const std::string& id, std::int64_t minor, const std::string& requestId)
{
    v1::RefundPaymentRequest request;
    request.set_request_id(requestId);
    request.set_id(id);
    setMoney(request.mutable_amount(), minor);
    request.set_reason("broken in the post");
    return call(*m_stub, &Stub::RefundPayment, request);
}

inline Answer<v1::Payment> PaymentsFixture::get(const std::string& id)
{
    v1::GetPaymentRequest request;
    request.set_id(id);
    return call(*m_stub, &Stub::GetPayment, request);
}

inline Answer<v1::ImportPaymentsResponse> PaymentsFixture::import(
    const std::vector<v1::Payment>& payments)
{
    v1::ImportPaymentsRequest request;
    request.set_request_id(freshId());
    request.mutable_payments()->Add(payments.begin(), payments.end());
    return call(*m_stub, &Stub::ImportPayments, request);
}

inline std::vector<v1::LedgerEntry> PaymentsFixture::entries(const std::string& filter)
{
    v1::ListLedgerEntriesRequest request;
    request.set_filter(filter);
    request.set_page_size(1000);
    const auto answer = call(*m_stub, &Stub::ListLedgerEntries, request);
    return {answer.value.entries().begin(), answer.value.entries().end()};
}
