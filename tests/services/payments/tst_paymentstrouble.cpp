// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong between payments and its provider (F20): answers that are lost, fail after the
// fact, come late, twice or early. No money moves twice, and in the end both sides say the same.
#include "services/provider/store.h"
#include "tests/services/payments/paymentsfixture.h"

using namespace std::chrono_literals;

class TestPaymentsTrouble : public QObject, private PaymentsFixture {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { tearDown(); }
    void lostAnswersEndAsTheProviderSays_data();
    void lostAnswersEndAsTheProviderSays();
    void webhooksTell_data();
    void webhooksTell();
    void aLiarsWebhookChangesNothing();
    void whatNobodyAsksForAgainIsSettled();
    void whatNeverArrivedIsAskedAnew();
    void oneProviderTwoOpinions_data();
    void oneProviderTwoOpinions();
    void tenThousandTimeouts();

private:
    Answer<v1::ReconcileResponse> reconcile();
    std::int64_t atProvider(provider::v1::Kind kind);
};

void TestPaymentsTrouble::init()
{
    m_pace = {}; // Nothing is settled by itself, unless a test says so.
    if (QByteArrayView(QTest::currentTestFunction()) == "whatNobodyAsksForAgainIsSettled")
        m_pace = {.look = 50ms, .unknown = 0ms, .asked = 0ms, .reconcile = 1h};
    setUp();
}

Answer<v1::ReconcileResponse> TestPaymentsTrouble::reconcile()
{
    v1::ReconcileRequest request;
    request.set_request_id(freshId());
    return call(*m_stub, &Stub::Reconcile, request);
}

/// What the provider's own books say was done, in minor units.
std::int64_t TestPaymentsTrouble::atProvider(provider::v1::Kind kind)
{
    const auto sum = m_providerDatabase->reader().selectOne(
        "SELECT coalesce(sum(minor), 0) FROM operation WHERE outcome = 1 AND kind = :1",
        [](std::int64_t minor) { return minor; }, kind);
    return sum.ok() ? sum->value_or(-1) : -1;
}

void TestPaymentsTrouble::lostAnswersEndAsTheProviderSays_data()
{
    QTest::addColumn<QString>("token");
    for (const auto* token : {"tok_timeout", "tok_timeout_capture", "tok_timeout_refund",
             "tok_error", "tok_error_capture", "tok_error_refund"})
        QTest::newRow(token) << QString::fromLatin1(token);
}

void TestPaymentsTrouble::lostAnswersEndAsTheProviderSays()
{
    QFETCH(QString, token);
    // As a saga does: the same request again until it is answered, and a settling where it is told
    // UNKNOWN.
    auto authorised = authorise("1", 1000, token.toStdString());
    VERIFY_OK(authorised);
    if (authorised.value.state() == v1::PAYMENT_STATE_UNKNOWN) {
        v1::SettlePaymentRequest settle;
        settle.set_id("P-1");
        settle.set_request_id(freshId());
        authorised = call(*m_stub, &Stub::SettlePayment, settle);
    }
    QCOMPARE(authorised.value.state(), v1::PAYMENT_STATE_AUTHORISED);
    int asked = 0;
    while (!capture("P-1", 700, "capture").ok() && ++asked < 5)
        ;
    while (!refund("P-1", 300, "refund").ok() && ++asked < 5)
        ;
    QCOMPARE(asked, token.endsWith(u"capture") || token.endsWith(u"refund") ? 1 : 0);
    const auto payment = get("P-1").value;
    QCOMPARE(payment.captured().minor(), 700);
    QCOMPARE(payment.refunded().minor(), 300);
    QCOMPARE(atProvider(provider::v1::KIND_CAPTURE), 700);
    QCOMPARE(atProvider(provider::v1::KIND_REFUND), 300);
    QCOMPARE(entries().size(), std::size_t(4));
    const auto compared = reconcile();
    VERIFY_OK(compared);
    QCOMPARE(compared.value.compared(), 3);
    QCOMPARE(compared.value.differences_size(), 0);
}

void TestPaymentsTrouble::webhooksTell_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<int>("atFirst");
    QTest::newRow("late") << u"tok_webhook_late"_s << int(v1::PAYMENT_STATE_UNKNOWN);
    QTest::newRow("early") << u"tok_webhook_early"_s << int(v1::PAYMENT_STATE_AUTHORISED);
    QTest::newRow("three times") << u"tok_webhook_twice"_s << int(v1::PAYMENT_STATE_AUTHORISED);
}

void TestPaymentsTrouble::webhooksTell()
{
    QFETCH(QString, token);
    const auto answer = authorise("1", 1000, token.toStdString());
    VERIFY_OK(answer);
    QTEST(int(answer.value.state()), "atFirst");
    QTRY_COMPARE_WITH_TIMEOUT(get("P-1").value.state(), v1::PAYMENT_STATE_AUTHORISED, 10'000);
    // All are delivered and gone, and one event tells of it.
    const auto waiting = [this] {
        const auto rows = m_providerDatabase->reader().selectOne(
            "SELECT count(*) FROM notice", [](std::int64_t count) { return count; });
        return rows.ok() ? rows->value_or(-1) : -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(waiting(), 0, 10'000);
    const auto payment = get("P-1").value;
    QCOMPARE(std::ranges::count(
                 payment.timeline(), "payment.authorised", &common::v1::TimelineEvent::kind),
        1);
    VERIFY_OK(capture("P-1", 1000));
}

void TestPaymentsTrouble::aLiarsWebhookChangesNothing()
{
    leaveCreated("1", 1000); // Not at the provider yet: it must not be closed there.
    v1::NotifyPaymentRequest request;
    request.set_key("auth:P-1");
    REFUSED(call(*m_stub, &Stub::NotifyPayment, request), UNAVAILABLE);
    QCOMPARE(get("P-1").value.state(), v1::PAYMENT_STATE_CREATED);
    QCOMPARE(authorise("1", 1000).value.state(), v1::PAYMENT_STATE_AUTHORISED);
    request.set_key("auth:P-nobody");
    REFUSED(call(*m_stub, &Stub::NotifyPayment, request), NOT_FOUND);
    request.set_key("op:P-1#7");
    REFUSED(call(*m_stub, &Stub::NotifyPayment, request), NOT_FOUND);
    request.set_key("");
    REFUSED(call(*m_stub, &Stub::NotifyPayment, request), INVALID_ARGUMENT);
}

void TestPaymentsTrouble::whatNobodyAsksForAgainIsSettled()
{
    // Whoever asked is gone for good.
    VERIFY_OK(authorise("1", 1000, "tok_timeout"));
    QTRY_COMPARE_WITH_TIMEOUT(get("P-1").value.state(), v1::PAYMENT_STATE_AUTHORISED, 10'000);
    VERIFY_OK(authorise("2", 1000, "tok_timeout_capture"));
    REFUSED(capture("P-2", 1000), UNAVAILABLE);
    QTRY_COMPARE_WITH_TIMEOUT(get("P-2").value.state(), v1::PAYMENT_STATE_CAPTURED, 10'000);
    leaveCreated("3", 1000);
    QTRY_COMPARE_WITH_TIMEOUT(get("P-3").value.state(), v1::PAYMENT_STATE_DECLINED, 10'000);
    QCOMPARE(reconcile().value.differences_size(), 0);
}

void TestPaymentsTrouble::whatNeverArrivedIsAskedAnew()
{
    VERIFY_OK(authorise("1", 1000));
    // As a crash between writing and asking leaves it, and a settling that closes it.
    const books::Wish wish{ProviderRequest::Kind::Capture, "P-1", "capture"};
    QVERIFY(m_database
                ->write([&](runtime::Connection& db) {
                    return books::begin(db, wish, runtime::nowUs()).status();
                })
                .ok());
    v1::SettlePaymentRequest settle;
    settle.set_id("P-1");
    settle.set_request_id(freshId());
    VERIFY_OK(call(*m_stub, &Stub::SettlePayment, settle));
    QCOMPARE(get("P-1").value.captured().minor(), 0);
    VERIFY_OK(capture("P-1", 1000, "capture")); // The saga's own request, not refused for ever.
    QCOMPARE(get("P-1").value.captured().minor(), 1000);
    QCOMPARE(atProvider(provider::v1::KIND_CAPTURE), 1000);
    QCOMPARE(reconcile().value.differences_size(), 0);
}

void TestPaymentsTrouble::oneProviderTwoOpinions_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("what");
    QTest::newRow("the provider forgot")
        << u"DELETE FROM operation WHERE kind = 2"_s << u"missing_at_provider"_s;
    QTest::newRow("the provider charged what nobody asked for")
        << u"UPDATE operation SET key = 'op:P-9#1' WHERE kind = 2"_s << u"missing_here"_s;
    QTest::newRow("another amount")
        << u"UPDATE operation SET minor = 999 WHERE kind = 2"_s << u"amount"_s;
    QTest::newRow("declined there")
        << u"UPDATE operation SET outcome = 2 WHERE kind = 2"_s << u"state"_s;
}

void TestPaymentsTrouble::oneProviderTwoOpinions()
{
    QFETCH(QString, sql);
    QFETCH(QString, what);
    for (int i = 0; i < 3; ++i)
        VERIFY_OK(authorise(std::to_string(i), 1000));
    VERIFY_OK(capture("P-1", 1000));
    QCOMPARE(reconcile().value.differences_size(), 0);
    QVERIFY(m_providerDatabase
                ->write([&](runtime::Connection& db) { return db.script(sql.toStdString()); })
                .ok());
    const auto found = reconcile();
    VERIFY_OK(found);
    bool named = false;
    for (const auto& difference : found.value.differences())
        named = named || difference.what() == what.toStdString();
    QVERIFY(named);
    QCOMPARE(get("P-1").value.captured().minor(), 1000); // A comparison changes nothing.
}

// P3: each is charged once, whatever its caller heard. SHOPFLEET_TEST_PAYMENTS says how many.
void TestPaymentsTrouble::tenThousandTimeouts()
{
    const int count = qEnvironmentVariableIntValue("SHOPFLEET_TEST_PAYMENTS") > 0
        ? qEnvironmentVariableIntValue("SHOPFLEET_TEST_PAYMENTS")
        : 1'000;
    const int askerCount = 64 / slowness();
    std::atomic<int> next = 0;
    std::atomic<int> unknown = 0;
    std::vector<std::thread> askers;
    for (int i = 0; i < askerCount; ++i)
        askers.emplace_back([&] {
            for (int n = next++; n < count; n = next++) {
                const auto answer = authorise(std::to_string(n), 100, "tok_timeout");
                unknown += answer.ok() && answer.value.state() == v1::PAYMENT_STATE_UNKNOWN;
                // An impatient caller asks again, then has it settled.
                authorise(std::to_string(n), 100, "tok_timeout");
                v1::SettlePaymentRequest settle;
                settle.set_id("P-" + std::to_string(n));
                settle.set_request_id(freshId());
                call(*m_stub, &Stub::SettlePayment, settle);
            }
        });
    for (auto& asker : askers)
        asker.join();
    QCOMPARE(unknown.load(), count);
    const auto inState = [this](const char* state) {
        v1::ListPaymentsRequest request;
        request.set_filter(std::string("state = ") + state);
        return call(*m_stub, &Stub::ListPayments, request).value.total_size();
    };
    const auto charged = inState("AUTHORISED");
    QCOMPARE(charged, count);
    QCOMPARE(atProvider(provider::v1::KIND_AUTHORISE), charged * 100); // 0 double charges.
    const auto compared = reconcile();
    QCOMPARE(compared.value.compared(), count);
    QCOMPARE(compared.value.differences_size(), 0);
}

QTEST_GUILESS_MAIN(TestPaymentsTrouble)
#include "tst_paymentstrouble.moc"
