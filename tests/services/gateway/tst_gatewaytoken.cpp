// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/keyring.h"
#include "services/gateway/token.h"
#include "tests/services/gateway/tokens.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::gateway;
using testing::base64Url;
using testing::claims;
using testing::Signer;

class TestGatewayToken : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void tellsUnknownKeysApart();
    void keysEnd();
    void noMutationPasses();
    void ringFetchesWhenNeeded();
    void ringSharesOneFetch();
    void ringOutlivesAccounts();
    void ringIsNotFlooded();

private:
    VerifyingKeys keys(const std::string& id = "k1") const;

    Signer m_signer;
    Signer m_stranger;
};

namespace {

using Clock = std::chrono::system_clock;
constexpr char kHeader[] = R"({"alg":"EdDSA","typ":"JWT","kid":"k1"})";

} // namespace

VerifyingKeys TestGatewayToken::keys(const std::string& id) const
{
    VerifyingKey key;
    const std::string bytes = m_signer.publicKey();
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    key.notAfter = Clock::now() + std::chrono::hours(1);
    return {{id, key}};
}

void TestGatewayToken::accepts_data()
{
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char* name, const std::string& token) {
        QTest::newRow(name) << QByteArray::fromStdString(token);
    };
    row("as accounts signs it", m_signer.token("c1"));
    row("no type", m_signer.sign(R"({"alg":"EdDSA","kid":"k1"})", claims("c1")));
    row("several audiences", m_signer.sign(kHeader, claims("c1", 600, R"(["x","shopfleet"])")));
    row("an end in a thousand years",
        m_signer.sign(kHeader, R"({"sub":"c1","aud":"shopfleet","exp":99999999999})"));
}

void TestGatewayToken::accepts()
{
    QFETCH(QByteArray, token);
    const auto subject = verifyToken(token.toStdString(), keys(), Clock::now());
    QVERIFY2(subject.ok(), subject.status().ToString().c_str());
    QCOMPARE(*subject, "c1");
}

void TestGatewayToken::refuses_data()
{
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char* name, const std::string& token) {
        QTest::newRow(name) << QByteArray::fromStdString(token);
    };
    const std::string good = m_signer.token("c1");
    const std::string unsignedText = base64Url(R"({"alg":"none"})") + "." + base64Url(claims("c1"));
    row("nothing", "");
    row("one part", "abc");
    row("four parts", good + ".x");
    row("alg none", unsignedText + ".");
    row("alg none with a signature", m_signer.sign(R"({"alg":"none","kid":"k1"})", claims("c1")));
    row("alg HS256", m_signer.sign(R"({"alg":"HS256","kid":"k1"})", claims("c1")));
    row("alg in other letters", m_signer.sign(R"({"alg":"eddsa","kid":"k1"})", claims("c1")));
    row("alg twice", m_signer.sign(R"({"alg":"none","alg":"EdDSA","kid":"k1"})", claims("c1")));
    row("no alg", m_signer.sign(R"({"kid":"k1"})", claims("c1")));
    row("critical extensions",
        m_signer.sign(R"({"alg":"EdDSA","kid":"k1","crit":["b64"],"b64":false})", claims("c1")));
    row("another kind of JWT",
        m_signer.sign(R"({"alg":"EdDSA","kid":"k1","typ":"refresh"})", claims("c1")));
    row("no key id", m_signer.sign(R"({"alg":"EdDSA"})", claims("c1")));
    row("somebody else's key", m_stranger.token("c1"));
    row("no signature", good.substr(0, good.rfind('.') + 1));
    row("a truncated signature", good.substr(0, good.size() - 4));
    row("a padded signature", good + "==");
    row("expired", m_signer.sign(kHeader, claims("c1", -1)));
    row("no end", m_signer.sign(kHeader, R"({"sub":"c1","aud":"shopfleet"})"));
    row("an end as text",
        m_signer.sign(kHeader, R"({"sub":"c1","aud":"shopfleet","exp":"99999999999"})"));
    row("an end beyond all clocks",
        m_signer.sign(kHeader, R"({"sub":"c1","aud":"shopfleet","exp":1e300})"));
    row("not yet",
        m_signer.sign(
            kHeader, R"({"sub":"c1","aud":"shopfleet","exp":99999999999,"nbf":99999999998})"));
    row("another audience", m_signer.sign(kHeader, claims("c1", 600, R"("shopfleet-staff")")));
    row("no audience", m_signer.sign(kHeader, R"({"sub":"c1","exp":99999999999})"));
    row("another issuer",
        m_signer.sign(kHeader,
            R"({"sub":"c1","aud":"shopfleet","exp":99999999999,"iss":"shop-of-horrors"})"));
    row("an empty subject", m_signer.sign(kHeader, claims("")));
    row("claims that are a list", m_signer.sign(kHeader, "[]"));
    row("claims that are no JSON", m_signer.sign(kHeader, "{"));
    row("a huge one", m_signer.token(std::string(5000, 'x')));
}

void TestGatewayToken::refuses()
{
    QFETCH(QByteArray, token);
    const auto subject = verifyToken(token.toStdString(), keys(), Clock::now());
    QVERIFY2(absl::IsUnauthenticated(subject.status()), subject.status().ToString().c_str());
}

void TestGatewayToken::tellsUnknownKeysApart()
{
    const auto subject = verifyToken(m_signer.token("c1", "k2"), keys(), Clock::now());
    QVERIFY(absl::IsNotFound(subject.status()));
}

void TestGatewayToken::keysEnd()
{
    auto ended = keys();
    ended["k1"].notAfter = Clock::now() - std::chrono::seconds(1);
    const auto subject = verifyToken(m_signer.token("c1"), ended, Clock::now());
    QVERIFY(absl::IsUnauthenticated(subject.status()));
}

void TestGatewayToken::noMutationPasses()
{
    const std::string good = m_signer.token("c1");
    const auto known = keys();
    QRandomGenerator random(7);
    for (int i = 0; i < 10'000; ++i) {
        std::string mutated = good;
        const auto at = static_cast<std::size_t>(random.bounded(static_cast<int>(good.size())));
        switch (random.bounded(3)) {
        case 0:
            mutated[at] = static_cast<char>(random.bounded(33, 127));
            break;
        case 1:
            mutated.erase(at, 1);
            break;
        default:
            mutated.insert(at, 1, static_cast<char>(random.bounded(33, 127)));
        }
        if (mutated != good)
            QVERIFY2(!verifyToken(mutated, known, Clock::now()).ok(), mutated.c_str());
    }
}

void TestGatewayToken::ringFetchesWhenNeeded()
{
    int fetches = 0;
    KeyRing ring([&](auto then) { ++fetches, then(keys()); });
    for (int i = 0; i < 3; ++i) {
        absl::StatusOr<std::string> got;
        ring.verify(m_signer.token("c1"), [&](auto subject) { got = std::move(subject); });
        QVERIFY(got.ok());
    }
    QCOMPARE(fetches, 1);
}

void TestGatewayToken::ringSharesOneFetch()
{
    std::vector<std::function<void(KeyRing::Keys)>> waiting;
    KeyRing ring([&](auto then) { waiting.push_back(std::move(then)); });
    int answered = 0;
    for (int i = 0; i < 5; ++i)
        ring.verify(m_signer.token("c1"), [&](const auto& subject) { answered += subject.ok(); });
    QCOMPARE(answered, 0);
    QCOMPARE(waiting.size(), 1U);
    waiting.front()(keys());
    QCOMPARE(answered, 5);
}

void TestGatewayToken::ringOutlivesAccounts()
{
    bool isAway = true;
    KeyRing ring([&](auto then) {
        then(isAway ? KeyRing::Keys(absl::UnavailableError("away")) : KeyRing::Keys(keys()));
    });
    absl::StatusOr<std::string> got;
    const auto verify = [&] {
        ring.verify(m_signer.token("c1"), [&](auto subject) { got = std::move(subject); });
    };
    verify();
    QVERIFY(absl::IsUnavailable(got.status())); // Nobody can tell: not the token's fault.
    isAway = false;
    verify();
    QVERIFY(got.ok());
    isAway = true;
    verify();
    QVERIFY(got.ok());
}

void TestGatewayToken::ringIsNotFlooded()
{
    int fetches = 0;
    KeyRing ring([&](auto then) { ++fetches, then(keys()); });
    for (int i = 0; i < 100; ++i) {
        absl::StatusOr<std::string> got;
        ring.verify(
            m_signer.token("c1", "made-up"), [&](auto subject) { got = std::move(subject); });
        QVERIFY(absl::IsUnauthenticated(got.status()));
    }
    QCOMPARE(fetches, 1);
}

QTEST_GUILESS_MAIN(TestGatewayToken)
#include "tst_gatewaytoken.moc"
