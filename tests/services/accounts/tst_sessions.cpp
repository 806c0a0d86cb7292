// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/accounts/accountsfixture.h"

/// Signing up, in and out over real gRPC.
class TestSessions : public QObject, private AccountsFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
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
};

void TestSessions::signUpGivesATokenThatTheKeyVerifies()
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

void TestSessions::signUpRefuses_data()
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

void TestSessions::signUpRefuses()
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

void TestSessions::repeatedSignUpIsOneAccount()
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

void TestSessions::emailIsUniqueUnderParallelSignUps()
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

void TestSessions::signInTellsNothingApart()
{
    VERIFY_OK(signUp("ann@example.com"));
    VERIFY_OK(signIn("ANN@example.com", "correct horse"));

    const auto wrong = signIn("ann@example.com", "wrong horse");
    const auto unknown = signIn("nobody@example.com", "wrong horse");

    REFUSED(wrong, UNAUTHENTICATED);
    REFUSED(unknown, UNAUTHENTICATED);
    QCOMPARE(unknown.status.error_message(), wrong.status.error_message());
}

void TestSessions::failuresBackOff()
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

void TestSessions::refreshRotates()
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

void TestSessions::reuseEndsTheFamily()
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

void TestSessions::repeatedRefreshIsNoReuse()
{
    const auto first = signUp("ann@example.com");
    const auto lost = refresh(first.value.refresh_token(), "refresh-1");
    const auto repeated = refresh(first.value.refresh_token(), "refresh-1");
    VERIFY_OK(repeated);
    REFUSED(refresh(lost.value.refresh_token()),
        UNAUTHENTICATED); // Only the answer that arrived last counts.
    VERIFY_OK(refresh(repeated.value.refresh_token()));
}

void TestSessions::signOutEndsTheSession()
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

void TestSessions::newPasswordEndsTheOthers()
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

void TestSessions::secretsAreNowhereOnDisk()
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

void TestSessions::keyOutlivesRestartAndIsPrivate()
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

QTEST_GUILESS_MAIN(TestSessions)
#include "tst_sessions.moc"
