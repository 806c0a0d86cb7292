// SPDX-License-Identifier: GPL-3.0-or-later
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

namespace {

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

std::string freshId()
{
    static std::atomic<int> s_count = 0;
    return "request-" + std::to_string(++s_count);
}

std::string unbase64(std::string_view text)
{
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(size);
    return out;
}

} // namespace

#define VERIFY_OK(answer) QVERIFY2((answer).ok(), (answer).status.error_message().c_str())
#define REFUSED(answer, code)                                                                      \
    QVERIFY2((answer).status.error_code() == grpc::StatusCode::code,                               \
        (std::to_string((answer).status.error_code()) + " " + (answer).status.error_message())     \
            .c_str())

/// Accounts over real gRPC, on a database of its own for each test.
class TestAccounts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void signUpGivesATokenThatTheKeyVerifies();
    void signUpRefuses_data();
    void signUpRefuses();
    void repeatedSignUpIsOneAccount();
    void emailIsUniqueUnderParallelSignUps();
    void signInTellsNothingApart();
    void failuresBackOff();
    void refreshRotates();
    void reuseEndsTheFamily();
    void repeatedRefreshIsNoReuse();
    void signOutEndsTheSession();
    void newPasswordEndsTheOthers();
    void secretsAreNowhereOnDisk();
    void keyOutlivesRestartAndIsPrivate();
    void importTwiceChangesNothing();
    void importLeavesPasswordsAlone();
    void importRefuses_data();
    void importRefuses();
    void lists_data();
    void lists();
    void listRefuses_data();
    void listRefuses();
    void pagesDoNotOverlap();
    void updateKnowsTheEtag();
    void requestIdGuardsWrites();
    void getsManyInTheOrderAsked();
    void watchTellsWhatChanged();
    void erasedLeavesNothingThatIdentifies();

private:
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

void TestAccounts::init()
{
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    m_nowUs = runtime::nowUs();
    restart();
}

void TestAccounts::cleanup()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
}

void TestAccounts::restart()
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

Answer<v1::Session> TestAccounts::signUp(const std::string& email, const std::string& requestId)
{
    v1::SignUpRequest request;
    request.set_request_id(requestId);
    request.set_email(email);
    request.set_password("correct horse");
    request.set_name("Ann");
    request.set_country("United Kingdom");
    return call(*m_stub, &Stub::SignUp, request);
}

Answer<v1::Session> TestAccounts::signIn(const std::string& email, const std::string& password)
{
    v1::SignInRequest request;
    request.set_request_id(freshId());
    request.set_email(email);
    request.set_password(password);
    return call(*m_stub, &Stub::SignIn, request);
}

Answer<v1::Session> TestAccounts::refresh(const std::string& token, const std::string& requestId)
{
    v1::RefreshSessionRequest request;
    request.set_request_id(requestId);
    request.set_refresh_token(token);
    return call(*m_stub, &Stub::RefreshSession, request);
}

Answer<v1::ImportCustomersResponse> TestAccounts::import(const std::vector<v1::Customer>& customers)
{
    v1::ImportCustomersRequest request;
    request.set_request_id(freshId());
    request.mutable_customers()->Add(customers.begin(), customers.end());
    return call(*m_stub, &Stub::ImportCustomers, request);
}

void TestAccounts::signUpGivesATokenThatTheKeyVerifies()
{
    const auto session = signUp("Ann@Example.com");
    VERIFY_OK(session);
    const auto keys = call(*m_stub, &Stub::ListSigningKeys, v1::ListSigningKeysRequest());
    VERIFY_OK(keys);
    QCOMPARE(keys.value.keys_size(), 1);

    const std::string& token = session.value.access_token();
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    QVERIFY(first != std::string::npos && last > first);
    const std::string signature = unbase64(token.substr(last + 1));
    const std::string signedPart = token.substr(0, last);
    const auto* publicKey
        = reinterpret_cast<const unsigned char*>(keys.value.keys(0).public_key().data());
    const auto verify = [&](const std::string& text) {
        return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                   reinterpret_cast<const unsigned char*>(text.data()), text.size(), publicKey)
            == 0;
    };
    QCOMPARE(signature.size(), std::size_t(64));
    QVERIFY(verify(signedPart));
    QVERIFY(!verify(signedPart + "x"));

    const auto header = nlohmann::json::parse(unbase64(token.substr(0, first)));
    QCOMPARE(header["alg"].get<std::string>(), std::string("EdDSA"));
    QCOMPARE(header["kid"].get<std::string>(), keys.value.keys(0).key_id());
    const auto claims = nlohmann::json::parse(unbase64(token.substr(first + 1, last - first - 1)));
    QCOMPARE(claims["sub"].get<std::string>(), session.value.customer().id());
    QCOMPARE(claims["aud"].get<std::string>(), std::string("shopfleet"));
    QCOMPARE(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>(), 900);
    QCOMPARE(claims["exp"].get<std::int64_t>(), session.value.access_expires_at().seconds());
    QVERIFY(claims["nbf"].get<std::int64_t>() <= claims["iat"].get<std::int64_t>());

    v1::GetMyAccountRequest mine;
    mine.set_customer_id(session.value.customer().id());
    const auto account = call(*m_stub, &Stub::GetMyAccount, mine);
    VERIFY_OK(account);
    QCOMPARE(account.value.email(), std::string("Ann@Example.com"));
    QVERIFY(account.value.has_password());
}

void TestAccounts::signUpRefuses_data()
{
    QTest::addColumn<QString>("email");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("requestId");
    QTest::addColumn<QString>("names");

    QTest::newRow("bad e-mail") << u"ann"_s << u"correct horse"_s << u"r"_s << u"email"_s;
    QTest::newRow("empty e-mail") << u""_s << u"correct horse"_s << u"r"_s << u"email"_s;
    QTest::newRow("SQL in e-mail")
        << u"a'; DROP TABLE customer;--@x.com"_s << u"correct horse"_s << u"r"_s << u"email"_s;
    QTest::newRow("short password") << u"a@x.com"_s << u"1234567"_s << u"r"_s << u"password"_s;
    QTest::newRow("long password") << u"a@x.com"_s << QString(129, u'x') << u"r"_s << u"password"_s;
    QTest::newRow("no request_id")
        << u"a@x.com"_s << u"correct horse"_s << u""_s << u"request_id"_s;
    QTest::newRow("long request_id")
        << u"a@x.com"_s << u"correct horse"_s << QString(65, u'x') << u"request_id"_s;
}

void TestAccounts::signUpRefuses()
{
    QFETCH(QString, email);
    QFETCH(QString, password);
    QFETCH(QString, requestId);
    QFETCH(QString, names);
    v1::SignUpRequest request;
    request.set_request_id(requestId.toStdString());
    request.set_email(email.toStdString());
    request.set_password(password.toStdString());

    const auto answer = call(*m_stub, &Stub::SignUp, request);

    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
    const auto all = call(*m_stub, &Stub::ListCustomers, v1::ListCustomersRequest());
    QCOMPARE(all.value.total_size(), 0);
}

void TestAccounts::repeatedSignUpIsOneAccount()
{
    const auto first = signUp("ann@example.com", "the-request");
    const auto again = signUp("ann@example.com", "the-request");
    VERIFY_OK(first);
    VERIFY_OK(again);
    QCOMPARE(again.value.customer().id(), first.value.customer().id());
    QVERIFY(again.value.refresh_token() != first.value.refresh_token());
    VERIFY_OK(refresh(again.value.refresh_token()));

    REFUSED(signUp("bob@example.com", "the-request"), ABORTED); // Another body.
    REFUSED(signUp("ANN@example.com", "another"), ALREADY_EXISTS);
}

void TestAccounts::emailIsUniqueUnderParallelSignUps()
{
    std::atomic<int> good = 0;
    std::atomic<int> taken = 0;
    std::vector<std::thread> people;
    for (int i = 0; i < 100; ++i)
        people.emplace_back([this, i, &good, &taken] {
            const auto answer = signUp(i % 2 ? "ann@example.com" : "ANN@EXAMPLE.COM");
            good += answer.ok();
            taken += answer.status.error_code() == grpc::StatusCode::ALREADY_EXISTS;
        });
    for (std::thread& person : people)
        person.join();

    QCOMPARE(good.load(), 1);
    QCOMPARE(taken.load(), 99);
    const auto all = call(*m_stub, &Stub::ListCustomers, v1::ListCustomersRequest());
    QCOMPARE(all.value.total_size(), 1);
}

void TestAccounts::signInTellsNothingApart()
{
    VERIFY_OK(signUp("ann@example.com"));
    VERIFY_OK(signIn("ANN@example.com", "correct horse"));

    const auto wrong = signIn("ann@example.com", "wrong horse");
    const auto unknown = signIn("nobody@example.com", "wrong horse");

    REFUSED(wrong, UNAUTHENTICATED);
    REFUSED(unknown, UNAUTHENTICATED);
    QCOMPARE(unknown.status.error_message(), wrong.status.error_message());
}

void TestAccounts::failuresBackOff()
{
    VERIFY_OK(signUp("ann@example.com"));
    for (const char* email : {"ann@example.com", "nobody@example.com"}) {
        for (int i = 0; i < 5; ++i)
            REFUSED(signIn(email, "wrong horse"), UNAUTHENTICATED);
        REFUSED(signIn(email, "correct horse"), RESOURCE_EXHAUSTED);
    }
    m_nowUs += 1'000'001;
    VERIFY_OK(signIn("ann@example.com", "correct horse"));
    REFUSED(signIn("ann@example.com", "wrong horse"), UNAUTHENTICATED); // And the count began anew.
    VERIFY_OK(signIn("ann@example.com", "correct horse"));
}

void TestAccounts::refreshRotates()
{
    const auto first = signUp("ann@example.com");
    const auto second = refresh(first.value.refresh_token());
    VERIFY_OK(second);
    QVERIFY(second.value.refresh_token() != first.value.refresh_token());
    QCOMPARE(second.value.customer().id(), first.value.customer().id());
    VERIFY_OK(refresh(second.value.refresh_token()));

    REFUSED(refresh("nonsense"), UNAUTHENTICATED);
    const auto fresh = signIn("ann@example.com", "correct horse");
    m_nowUs += 31LL * 24 * 3600 * 1'000'000;
    REFUSED(refresh(fresh.value.refresh_token()), UNAUTHENTICATED);
}

void TestAccounts::reuseEndsTheFamily()
{
    const auto first = signUp("ann@example.com");
    const auto other
        = signIn("ann@example.com", "correct horse"); // Another device, another family.
    const auto second = refresh(first.value.refresh_token());
    VERIFY_OK(second);

    REFUSED(refresh(first.value.refresh_token()), UNAUTHENTICATED);

    REFUSED(refresh(second.value.refresh_token()), UNAUTHENTICATED);
    VERIFY_OK(refresh(other.value.refresh_token()));
}

void TestAccounts::repeatedRefreshIsNoReuse()
{
    const auto first = signUp("ann@example.com");
    const auto lost = refresh(first.value.refresh_token(), "refresh-1");
    const auto repeated = refresh(first.value.refresh_token(), "refresh-1");
    VERIFY_OK(repeated);
    REFUSED(refresh(lost.value.refresh_token()),
        UNAUTHENTICATED); // Only the answer that arrived last counts.
    VERIFY_OK(refresh(repeated.value.refresh_token()));
}

void TestAccounts::signOutEndsTheSession()
{
    const auto session = signUp("ann@example.com");
    v1::SignOutRequest request;
    request.set_request_id(freshId());
    request.set_refresh_token(session.value.refresh_token());

    VERIFY_OK(call(*m_stub, &Stub::SignOut, request));

    REFUSED(refresh(session.value.refresh_token()), UNAUTHENTICATED);
    request.set_request_id(freshId());
    VERIFY_OK(call(*m_stub, &Stub::SignOut, request)); // Signed out is signed out.
}

void TestAccounts::newPasswordEndsTheOthers()
{
    const auto session = signUp("ann@example.com");
    v1::ChangePasswordRequest request;
    request.set_request_id(freshId());
    request.set_customer_id(session.value.customer().id());
    request.set_old_password("wrong horse");
    request.set_new_password("better horse");
    REFUSED(call(*m_stub, &Stub::ChangePassword, request), UNAUTHENTICATED);
    request.set_old_password("correct horse");

    const auto changed = call(*m_stub, &Stub::ChangePassword, request);
    VERIFY_OK(changed);

    REFUSED(refresh(session.value.refresh_token()), UNAUTHENTICATED);
    REFUSED(signIn("ann@example.com", "correct horse"), UNAUTHENTICATED);
    VERIFY_OK(signIn("ann@example.com", "better horse"));
    VERIFY_OK(call(*m_stub, &Stub::ChangePassword, request)); // The same request again.
}

void TestAccounts::secretsAreNowhereOnDisk()
{
    const auto session = signUp("ann@example.com");
    const auto second = refresh(session.value.refresh_token());
    const auto third = signIn("ann@example.com", "correct horse");
    VERIFY_OK(third);

    const QByteArray disk = everythingOnDisk();

    QVERIFY(disk.contains("ann@example.com")); // It is the right disk.
    QVERIFY(disk.contains("$argon2id$"));
    QVERIFY(!disk.contains("correct horse"));
    for (const auto* answer : {&session, &second, &third}) {
        QVERIFY(!disk.contains(QByteArray::fromStdString(answer->value.refresh_token())));
        QVERIFY(!disk.contains(QByteArray::fromStdString(answer->value.access_token())));
    }
}

void TestAccounts::keyOutlivesRestartAndIsPrivate()
{
    const auto before = call(*m_stub, &Stub::ListSigningKeys, v1::ListSigningKeysRequest());
    const QString file
        = QDir(QString::fromStdString(m_database->folder().path())).filePath(u"signing.key"_s);
    QCOMPARE(QFile::permissions(file)
            & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
        QFile::Permissions());

    restart();

    const auto after = call(*m_stub, &Stub::ListSigningKeys, v1::ListSigningKeysRequest());
    QCOMPARE(after.value.SerializeAsString(), before.value.SerializeAsString());
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    QVERIFY(!Signer::open(file.toStdString()).ok());
}

void TestAccounts::importTwiceChangesNothing()
{
    std::vector<v1::Customer> customers(3);
    for (std::size_t i = 0; i < customers.size(); ++i) {
        customers[i].set_id(std::to_string(17850 + i)); // As the file has them: no name, no e-mail.
        customers[i].set_country("United Kingdom");
        customers[i].set_origin("import:online-retail");
        customers[i].mutable_created_at()->set_seconds(1'291'000'000);
    }
    const auto first = import(customers);
    VERIFY_OK(first);
    QCOMPARE(first.value.created(), 3);
    const auto second = import(customers);
    QCOMPARE(second.value.unchanged(), 3);
    QCOMPARE(second.value.created() + second.value.updated(), 0);

    customers[1].set_country("France");
    const auto third = import(customers);
    QCOMPARE(third.value.updated(), 1);
    QCOMPARE(third.value.unchanged(), 2);
    v1::GetCustomerRequest get;
    get.set_id("17851");
    const auto got = call(*m_stub, &Stub::GetCustomer, get);
    QCOMPARE(got.value.country(), std::string("France"));
    QCOMPARE(got.value.created_at().seconds(), 1'291'000'000);
    QCOMPARE(got.value.state(), v1::CUSTOMER_STATE_ACTIVE);
}

void TestAccounts::importLeavesPasswordsAlone()
{
    const auto session = signUp("ann@example.com");
    v1::Customer taken;
    taken.set_id(session.value.customer().id());
    taken.set_name("Mallory");
    const auto answer = import({taken});
    VERIFY_OK(answer);
    QCOMPARE(answer.value.unchanged(), 1);
    VERIFY_OK(signIn("ann@example.com", "correct horse"));
}

void TestAccounts::importRefuses_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("email");
    QTest::addColumn<QString>("names");

    QTest::newRow("too many") << 1001 << u""_s << u""_s << u"customers"_s;
    QTest::newRow("nothing") << 0 << u""_s << u""_s << u"customers"_s;
    QTest::newRow("no id") << 1 << u""_s << u""_s << u"customers[0].id"_s;
    QTest::newRow("long id") << 1 << QString(65, u'1') << u""_s << u"customers[0].id"_s;
    QTest::newRow("bad e-mail") << 1 << u"1"_s << u"x"_s << u"customers[0].email"_s;
    QTest::newRow("twice in one") << 2 << u"1"_s << u""_s << u"customers[1].id"_s;
}

void TestAccounts::importRefuses()
{
    QFETCH(int, count);
    QFETCH(QString, id);
    QFETCH(QString, email);
    QFETCH(QString, names);
    std::vector<v1::Customer> customers(static_cast<std::size_t>(count));
    for (v1::Customer& customer : customers) {
        customer.set_id(id.toStdString());
        customer.set_email(email.toStdString());
    }
    const auto answer = import(customers);
    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
}

void TestAccounts::seed()
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

void TestAccounts::lists_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<int>("total");
    QTest::addColumn<QString>("first");

    QTest::newRow("all, newest first") << u""_s << u""_s << 20 << u"C119"_s;
    QTest::newRow("oldest first") << u""_s << u"created_at"_s << 20 << u"C100"_s;
    QTest::newRow("by name") << u""_s << u"name"_s << 20 << u"C101"_s;
    QTest::newRow("by country, then newest")
        << u""_s << u"country, created_at desc"_s << 20 << u"C104"_s;
    QTest::newRow("country") << u"country = \"France\""_s << u""_s << 5 << u"C104"_s;
    QTest::newRow("not") << u"NOT country = \"France\""_s << u""_s << 15 << u"C119"_s;
    QTest::newRow("state") << u"state = BLOCKED"_s << u""_s << 1 << u"C103"_s;
    QTest::newRow("since") << u"created_at >= \"2010-11-29T21:06:40Z\""_s << u""_s << 2
                           << u"C119"_s;
    QTest::newRow("origin") << u"origin = \"load\""_s << u""_s << 0 << u""_s;
    QTest::newRow("word of the name") << u"stone"_s << u""_s << 10 << u"C118"_s;
    QTest::newRow("beginning of a word") << u"sto"_s << u""_s << 10 << u"C118"_s;
    QTest::newRow("two words") << u"ann lee"_s << u""_s << 10 << u"C119"_s;
    QTest::newRow("word and field")
        << u"stone AND country = \"France\""_s << u""_s << 3 << u"C104"_s;
    QTest::newRow("id") << u"C107"_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("e-mail") << u"\"person7@example.com\""_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("phone as typed") << u"\"+44 (0)20 7946-0957\""_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("phone, digits") << u"4402079460957"_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("place") << u"llanfair"_s << u""_s << 1 << u"C107"_s;
    QTest::newRow("nothing like it") << u"zebra"_s << u""_s << 0 << u""_s;
}

void TestAccounts::lists()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    seed();
    v1::ListCustomersRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());

    const auto answer = call(*m_stub, &Stub::ListCustomers, request);

    VERIFY_OK(answer);
    QTEST(static_cast<int>(answer.value.total_size()), "total");
    QTEST(answer.value.customers().empty() ? QString()
                                           : QString::fromStdString(answer.value.customers(0).id()),
        "first");
}

void TestAccounts::listRefuses_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("orderBy");
    QTest::addColumn<int>("pageSize");
    QTest::addColumn<QString>("pageToken");
    QTest::addColumn<QString>("names");

    QTest::newRow("unknown field") << u"colour = 1"_s << u""_s << 0 << u""_s << u"filter"_s;
    QTest::newRow("open bracket") << u"(country = \"France\""_s << u""_s << 0 << u""_s
                                  << u"filter"_s;
    QTest::newRow("no value") << u"country ="_s << u""_s << 0 << u""_s << u"filter"_s;
    QTest::newRow("unknown state") << u"state = SLEEPY"_s << u""_s << 0 << u""_s << u"filter"_s;
    QTest::newRow("unknown order") << u""_s << u"colour"_s << 0 << u""_s << u"order_by"_s;
    QTest::newRow("negative page") << u""_s << u""_s << -1 << u""_s << u"page_size"_s;
    QTest::newRow("nonsense token") << u""_s << u""_s << 0 << u"nonsense"_s << u"page_token"_s;
}

void TestAccounts::listRefuses()
{
    QFETCH(QString, filter);
    QFETCH(QString, orderBy);
    QFETCH(int, pageSize);
    QFETCH(QString, pageToken);
    QFETCH(QString, names);
    v1::ListCustomersRequest request;
    request.set_filter(filter.toStdString());
    request.set_order_by(orderBy.toStdString());
    request.set_page_size(pageSize);
    request.set_page_token(pageToken.toStdString());

    const auto answer = call(*m_stub, &Stub::ListCustomers, request);

    REFUSED(answer, INVALID_ARGUMENT);
    QVERIFY2(answer.status.error_message().find(names.toStdString()) != std::string::npos,
        answer.status.error_message().c_str());
}

void TestAccounts::pagesDoNotOverlap()
{
    seed();
    v1::ListCustomersRequest request;
    request.set_page_size(6);
    std::set<std::string> seen;
    int pages = 0;
    do {
        const auto page = call(*m_stub, &Stub::ListCustomers, request);
        VERIFY_OK(page);
        QCOMPARE(page.value.total_size(), 20);
        for (const auto& customer : page.value.customers())
            seen.insert(customer.id());
        request.set_page_token(page.value.next_page_token());
        ++pages;
    } while (!request.page_token().empty() && pages < 10);
    QCOMPARE(pages, 4);
    QCOMPARE(seen.size(), std::size_t(20));

    request.set_skip(18);
    request.clear_page_token();
    const auto tail = call(*m_stub, &Stub::ListCustomers, request);
    QCOMPARE(tail.value.customers_size(), 2);
    QCOMPARE(tail.value.customers(1).id(), std::string("C100"));

    request.set_skip(0);
    const auto first = call(*m_stub, &Stub::ListCustomers, request);
    request.set_page_token(first.value.next_page_token());
    request.set_filter("country = \"France\""); // The token belongs to another question.
    REFUSED(call(*m_stub, &Stub::ListCustomers, request), INVALID_ARGUMENT);
}

void TestAccounts::updateKnowsTheEtag()
{
    v1::CreateCustomerRequest create;
    create.set_request_id(freshId());
    create.mutable_customer()->set_name("Ann");
    create.mutable_customer()->set_email("ann@example.com");
    const auto created = call(*m_stub, &Stub::CreateCustomer, create);
    VERIFY_OK(created);
    QVERIFY(!created.value.id().empty());
    QVERIFY(!created.value.etag().empty());

    v1::UpdateCustomerRequest update;
    update.set_request_id(freshId());
    *update.mutable_customer() = created.value;
    update.mutable_customer()->set_phone("020 7946 0958");
    update.mutable_update_mask()->add_paths("phone");
    const auto updated = call(*m_stub, &Stub::UpdateCustomer, update);
    VERIFY_OK(updated);
    QCOMPARE(updated.value.phone(), std::string("020 7946 0958"));
    QVERIFY(updated.value.etag() != created.value.etag());

    update.set_request_id(freshId());
    update.mutable_customer()->set_phone("1");
    REFUSED(call(*m_stub, &Stub::UpdateCustomer, update), ABORTED); // The etag is stale.
    update.set_request_id(freshId());
    update.mutable_customer()->clear_etag();
    REFUSED(call(*m_stub, &Stub::UpdateCustomer, update), INVALID_ARGUMENT);
    update.set_request_id(freshId());
    update.mutable_customer()->set_etag("1");
    update.mutable_customer()->set_id("nobody");
    REFUSED(call(*m_stub, &Stub::UpdateCustomer, update), NOT_FOUND);

    v1::ListCustomersRequest search; // The search follows.
    search.set_filter("02079460958");
    QCOMPARE(call(*m_stub, &Stub::ListCustomers, search).value.total_size(), 1);
}

void TestAccounts::requestIdGuardsWrites()
{
    v1::CreateCustomerRequest request;
    request.mutable_customer()->set_name("Ann");
    REFUSED(call(*m_stub, &Stub::CreateCustomer, request), INVALID_ARGUMENT);
    request.set_request_id("create-1");
    const auto first = call(*m_stub, &Stub::CreateCustomer, request);
    const auto again = call(*m_stub, &Stub::CreateCustomer, request);
    VERIFY_OK(first);
    QCOMPARE(again.value.SerializeAsString(), first.value.SerializeAsString());
    request.mutable_customer()->set_name("Bob");
    REFUSED(call(*m_stub, &Stub::CreateCustomer, request), ABORTED);
}

void TestAccounts::getsManyInTheOrderAsked()
{
    seed();
    v1::BatchGetCustomersRequest request;
    for (const char* id : {"C105", "nobody", "C101", "C119"})
        request.add_ids(id);
    const auto answer = call(*m_stub, &Stub::BatchGetCustomers, request);
    VERIFY_OK(answer);
    QCOMPARE(answer.value.customers_size(), 3);
    QCOMPARE(answer.value.customers(0).id(), std::string("C105"));
    QCOMPARE(answer.value.customers(2).id(), std::string("C119"));
    for (int i = 0; i < 1001; ++i)
        request.add_ids("x");
    REFUSED(call(*m_stub, &Stub::BatchGetCustomers, request), INVALID_ARGUMENT);
    v1::GetCustomerRequest unknown;
    unknown.set_id("nobody");
    REFUSED(call(*m_stub, &Stub::GetCustomer, unknown), NOT_FOUND);
}

void TestAccounts::watchTellsWhatChanged()
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const auto stream = m_stub->WatchCustomers(&context, v1::WatchCustomersRequest());
    v1::WatchCustomersResponse message;
    QVERIFY(stream->Read(&message)); // Where it starts.
    const auto session = signUp("ann@example.com");
    VERIFY_OK(session);
    while (message.customers().empty())
        QVERIFY(stream->Read(&message));
    QCOMPARE(message.customers(0).id(), session.value.customer().id());
    QCOMPARE(message.changes(0).kind(), std::string("customer"));
    QVERIFY(!message.resume_token().empty());
    context.TryCancel();
    stream->Finish();
}

void TestAccounts::erasedLeavesNothingThatIdentifies()
{
    const auto session = signUp("ann@example.com");
    v1::EraseCustomerRequest request;
    request.set_request_id(freshId());
    request.set_id(session.value.customer().id());
    request.set_etag("stale");
    REFUSED(call(*m_stub, &Stub::EraseCustomer, request), ABORTED);
    request.set_request_id(freshId());
    request.set_etag(session.value.customer().etag());

    const auto erased = call(*m_stub, &Stub::EraseCustomer, request);

    VERIFY_OK(erased);
    QCOMPARE(erased.value.state(), v1::CUSTOMER_STATE_ERASED);
    QVERIFY(erased.value.email().empty() && erased.value.name().find("Ann") == std::string::npos);
    REFUSED(signIn("ann@example.com", "correct horse"), UNAUTHENTICATED);
    REFUSED(refresh(session.value.refresh_token()), UNAUTHENTICATED);
    v1::ListCustomersRequest search;
    search.set_filter("ann");
    QCOMPARE(call(*m_stub, &Stub::ListCustomers, search).value.total_size(), 0);
    VERIFY_OK(signUp("ann@example.com")); // The address is free again.
}

QByteArray TestAccounts::everythingOnDisk() const
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

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
