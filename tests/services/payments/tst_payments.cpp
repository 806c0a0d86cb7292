// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/payments/paymentsfixture.h"

/// Money that moves, over real gRPC with the sandbox provider.
class TestPayments : public QObject, private PaymentsFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
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
};

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

QTEST_GUILESS_MAIN(TestPayments)
#include "tst_payments.moc"
