// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "accounts_schema.h"
#include "services/accounts/handler.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <set>
#include <sodium.h>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::accounts;

Q_DECLARE_METATYPE(grpc::StatusCode)

template <class T>
struct Answer {
    grpc::Status status;
    T value;

    bool ok() const { return status.ok(); }
};

using Stub = v1::Accounts::Stub;

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

inline std::string unbase64(std::string_view text)
{
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(size);
    return out;
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

/// A service over real gRPC, on a database of its own for each test, and what tests ask of it.
class AccountsFixture {
protected:
    void setUp();
    void tearDown();
    Answer<v1::Session> signUp(const std::string& email, const std::string& requestId = freshId());
    Answer<v1::Session> signIn(const std::string& email, const std::string& password);
    Answer<v1::Session> refresh(const std::string& token, const std::string& requestId = freshId());
    Answer<v1::ImportCustomersResponse> import(const std::vector<v1::Customer>& customers);
    void seed();
    QByteArray everythingOnDisk() const;
    void restart();

    std::unique_ptr<runtime::TestDatabase> m_database;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
    std::atomic<std::int64_t> m_nowUs = 0; ///< The clock of sessions and back-off.
};

inline void AccountsFixture::setUp()
{
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    m_nowUs = runtime::nowUs();
    restart();
}

inline void AccountsFixture::tearDown()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
}

inline void AccountsFixture::restart()
{
    m_server.reset();
    auto signer = Signer::open(m_database->folder().file("signing.key"));
    QVERIFY2(signer.ok(), signer.status().ToString().c_str());
    Doorkeeper::Options options;
    options.cost
        = {1, 8192}; // The least that libsodium takes: the tests are not about its strength.
    options.nowUs = [this] { return m_nowUs.load(); };
    m_handler
        = std::make_unique<Handler>(**m_database, m_database->feed(), *std::move(signer), options);
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database, nullptr);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Accounts::NewStub(m_server->channel());
}

inline Answer<v1::Session> AccountsFixture::signUp(
    const std::string& email, const std::string& requestId)
{
    v1::SignUpRequest request;
    request.set_request_id(requestId);
    request.set_email(email);
    request.set_password("correct horse");
    request.set_name("Ann");
    request.set_country("United Kingdom");
    return call(*m_stub, &Stub::SignUp, request);
}

inline Answer<v1::Session> AccountsFixture::signIn(
    const std::string& email, const std::string& password)
{
    v1::SignInRequest request;
    request.set_request_id(freshId());
    request.set_email(email);
    request.set_password(password);
    return call(*m_stub, &Stub::SignIn, request);
}

inline Answer<v1::Session> AccountsFixture::refresh(
    const std::string& token, const std::string& requestId)
{
    v1::RefreshSessionRequest request;
    request.set_request_id(requestId);
    request.set_refresh_token(token);
    return call(*m_stub, &Stub::RefreshSession, request);
}

inline Answer<v1::ImportCustomersResponse> AccountsFixture::import(
    const std::vector<v1::Customer>& customers)
{
    v1::ImportCustomersRequest request;
    request.set_request_id(freshId());
    request.mutable_customers()->Add(customers.begin(), customers.end());
    return call(*m_stub, &Stub::ImportCustomers, request);
}

inline void AccountsFixture::seed()
{
    std::vector<v1::Customer> customers(20);
    for (std::size_t i = 0; i < customers.size(); ++i) {
        auto& customer = customers[i];
        customer.set_id("C" + std::to_string(100 + i));
        customer.set_name(
            i % 2 ? "Ann Lee " + std::to_string(i) : "Bob Stone " + std::to_string(i));
        customer.set_email("person" + std::to_string(i) + "@example.com");
        customer.set_phone("+44 (0)20 7946-09" + std::to_string(50 + i));
        customer.set_country(i < 5 ? "France" : "United Kingdom");
        customer.add_addresses()->set_city(i == 7 ? "Llanfairpwll" : "London");
        customer.set_state(i == 3 ? v1::CUSTOMER_STATE_BLOCKED : v1::CUSTOMER_STATE_ACTIVE);
        customer.mutable_created_at()->set_seconds(
            1'291'000'000 + static_cast<std::int64_t>(i) * 3600);
        customer.set_origin("import:online-retail");
    }
    VERIFY_OK(import(customers));
}

inline QByteArray AccountsFixture::everythingOnDisk() const
{
    QByteArray all;
    for (const QFileInfo& info :
        QDir(QString::fromStdString(m_database->folder().path())).entryInfoList(QDir::Files)) {
        QFile file(info.filePath());
        if (file.open(QFile::ReadOnly))
            all += file.readAll();
    }
    return all;
}
