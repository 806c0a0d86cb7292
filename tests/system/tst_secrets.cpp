// SPDX-License-Identifier: GPL-3.0-or-later
// Z9: after a store was used in every way that handles a secret, no file of it holds one: neither
// database nor log of writes, neither log nor anything else. Passwords, sessions, cards' numbers;
// and the key that signs sessions lies in one file, which its owner alone may read.
#include "services/ctl/httpclient.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"
#include "tests/system/realfleet.h"
#include "tests/system/storeworld.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using storeworld::call;

class TestSecrets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cardsAreRefused_data();
    void cardsAreRefused();
    void noTraceHoldsASecret();
    void noFileHoldsASecret();

private:
    ctl::HttpAnswer post(
        const std::string& path, const QJsonObject& body, const std::string& token = {});
    void keep(const std::string& what, const std::string& secret)
    {
        m_secrets.emplace_back(what, secret);
    }

    RealFleet m_fleet;
    std::unique_ptr<ctl::HttpClient> m_gateway;
    std::vector<std::pair<std::string, std::string>> m_secrets;
    std::string m_access, m_sku;
    int m_carts = 0;
};

ctl::HttpAnswer TestSecrets::post(
    const std::string& path, const QJsonObject& body, const std::string& token)
{
    static int number = 0;
    const auto answer = m_gateway->ask(
        {"POST", path, QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString(), token,
            "key-" + std::to_string(++number)});
    return answer.ok() ? *answer : ctl::HttpAnswer{-1, std::string(answer.status().message())};
}

void TestSecrets::initTestCase()
{
    QVERIFY(m_fleet.start());
    QVERIFY(QTest::qWaitFor([&] { return m_fleet.allServe(); }, 20'000));
    auto channels = StoreWorld::open();
    const auto world = StoreWorld::make(channels, 1, false);
    m_sku = world.sku;
    keep("a password", world.password);
    keep("a refresh token", world.refreshToken);

    m_gateway = std::make_unique<ctl::HttpClient>(
        m_fleet.fleet().gateway_address(), std::chrono::seconds(10));
    // A life of sessions, with the mistakes that people make.
    const QJsonObject person{{u"email"_s, u"ann@example.com"_s}, {u"name"_s, u"Ann Other"_s},
        {u"password"_s, u"correct horse battery"_s}, {u"country"_s, u"GB"_s}};
    keep("a password", "correct horse battery");
    const auto session = [&](const ctl::HttpAnswer& answer) {
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
        m_access = json[u"accessToken"_s].toString().toStdString();
        keep("an access token", m_access);
        keep("a refresh token", json[u"refreshToken"_s].toString().toStdString());
        return json[u"refreshToken"_s].toString();
    };
    auto refresh = session(post("/v1/account:signUp", person));
    QVERIFY(!refresh.isEmpty());
    keep("a wrong password", "correct hose battery");
    QCOMPARE(post("/v1/account:signIn",
                 {{u"email"_s, u"ann@example.com"_s}, {u"password"_s, u"correct hose battery"_s}})
                 .code,
        401);
    refresh = session(post("/v1/account:signIn",
        {{u"email"_s, u"ann@example.com"_s}, {u"password"_s, u"correct horse battery"_s}}));
    QVERIFY(!refresh.isEmpty());
    refresh = session(post("/v1/account:refresh", {{u"refreshToken"_s, refresh}}));
    QVERIFY(!refresh.isEmpty());
    keep("a new password", "an even longer secret");
    const auto changed = post("/v1/account:changePassword",
        {{u"oldPassword"_s, u"correct horse battery"_s},
            {u"newPassword"_s, u"an even longer secret"_s}},
        m_access);
    QVERIFY2(changed.code == 200, changed.body.c_str());
    refresh = session(post("/v1/account:signIn",
        {{u"email"_s, u"ann@example.com"_s}, {u"password"_s, u"an even longer secret"_s}}));
    QVERIFY(!refresh.isEmpty());
}

void TestSecrets::cardsAreRefused_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<int>("code");
    QTest::newRow("Visa") << u"4242424242424242"_s << 400;
    QTest::newRow("Mastercard, as on the card") << u"5555 5555 5555 4444"_s << 400;
    QTest::newRow("American Express, with hyphens") << u"3782-822463-10005"_s << 400;
    QTest::newRow("within a text") << u"card:6011000990139424;12/29"_s << 400;
    QTest::newRow("a token") << u"tok_visa"_s << 200;
    QTest::newRow("a number that is no card's") << u"tok_4242424242424241"_s << 200;
}

void TestSecrets::cardsAreRefused()
{
    QFETCH(QString, token);
    QFETCH(int, code);
    const auto cart = QJsonDocument::fromJson(
        QByteArray::fromStdString(post("/v1/carts",
            {{u"currency"_s, u"GBP"_s},
                {u"items"_s,
                    QJsonArray{QJsonObject{{u"sku"_s, QString::fromStdString(m_sku)},
                        {u"quantity"_s,
                            1}}}}}).body))
                          .object()[u"id"_s]
                          .toString();
    QVERIFY(!cart.isEmpty());
    const auto answer = post("/v1/checkout",
        {{u"cartId"_s, cart}, {u"paymentToken"_s, token},
            {u"shippingAddress"_s,
                QJsonObject{{u"name"_s, u"Ann Other"_s}, {u"line1"_s, u"1 Test Street"_s},
                    {u"city"_s, u"Testham"_s}, {u"country"_s, u"GB"_s}}}},
        m_access);
    QVERIFY2(answer.code == code, answer.body.c_str());
    if (code == 200)
        return;
    QVERIFY2(answer.body.find("payment_token") != std::string::npos
            || answer.body.find("paymentToken") != std::string::npos,
        answer.body.c_str());
    QVERIFY(answer.body.find(token.toStdString()) == std::string::npos);
    keep("a card's number", token.toStdString());
    keep("a card's number", QString(token).remove(u' ').remove(u'-').toStdString());
}

/// On the disk they are compressed: what is in them only the service can say.
void TestSecrets::noTraceHoldsASecret()
{
    namespace tracing = shopfleet::traces::v1;
    const auto stub = tracing::Traces::NewStub(
        grpc::CreateChannel("xds:///traces", grpc::InsecureChannelCredentials()));
    tracing::SearchTracesRequest request;
    request.set_page_size(1'000);
    request.set_filter("method = SignIn");
    QTRY_VERIFY_WITH_TIMEOUT(
        call(*stub, &tracing::Traces::Stub::SearchTraces, request).total_size() > 0, 20'000);
    request.clear_filter();
    int spans = 0;
    const auto all = call(*stub, &tracing::Traces::Stub::SearchTraces, request);
    for (const auto& one : all.traces()) {
        tracing::GetTraceRequest get;
        get.set_id(one.id());
        const auto trace = call(*stub, &tracing::Traces::Stub::GetTrace, get);
        spans += trace.spans_size();
        const std::string text = trace.DebugString();
        for (const auto& [what, secret] : m_secrets)
            QVERIFY2(
                text.find(secret) == std::string::npos, (what + " in trace " + trace.id()).c_str());
    }
    QVERIFY(spans > 50);
}

void TestSecrets::noFileHoldsASecret()
{
    QVERIFY(m_secrets.size() > 12);
    const auto scan = [&] {
        QStringList found;
        bool sees = false; // What is no secret, and must be there.
        int files = 0;
        QDirIterator all(m_fleet.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            ++files;
            const QByteArray bytes = file.readAll();
            sees = sees || bytes.contains("ann@example.com");
            for (const auto& [what, secret] : m_secrets)
                if (bytes.contains(QByteArray::fromStdString(secret)))
                    found << QString::fromStdString(what) + u" in "_s + file.fileName();
            if (bytes.contains("PRIVATE KEY"))
                found << u"a private key in "_s + file.fileName();
        }
        if (files < 20 || !sees)
            found << u"it does not look into the store's files"_s;
        return found;
    };
    const QStringList running = scan(); // With its logs of writes.
    QVERIFY2(running.isEmpty(), qPrintable(running.join(u'\n')));
    m_fleet.stopControl();
    const QStringList stopped = scan();
    QVERIFY2(stopped.isEmpty(), qPrintable(stopped.join(u'\n')));

    QDirIterator keys(m_fleet.path() + u"/data/accounts"_s, {u"*key*"_s}, QDir::Files,
        QDirIterator::Subdirectories);
    int found = 0;
    while (keys.hasNext()) {
        keys.next();
        ++found;
        const auto rights = keys.fileInfo().permissions();
        QVERIFY2(!(rights & (QFile::ReadGroup | QFile::ReadOther)), qPrintable(keys.filePath()));
    }
    QVERIFY(found > 0);
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
