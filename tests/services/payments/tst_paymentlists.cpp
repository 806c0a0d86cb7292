// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/payments/paymentsfixture.h"

/// Imports, lists, the ledger and the watch over real gRPC.
class TestPaymentLists : public QObject, private PaymentsFixture {
    Q_OBJECT
private Q_SLOTS:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void importTwiceChangesNothing();
    void importRefuses_data();
    void importRefuses();
    void lists_data();
    void lists();
    void pageTokensBelongToTheirQuestion();
    void ledgerIsSealed();
    void ledgerLists();
    void watchTellsWhatChanged();
};

void TestPaymentLists::importTwiceChangesNothing()
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

void TestPaymentLists::importRefuses_data()
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

void TestPaymentLists::importRefuses()
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

void TestPaymentLists::lists_data()
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

void TestPaymentLists::lists()
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

void TestPaymentLists::pageTokensBelongToTheirQuestion()
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

void TestPaymentLists::ledgerIsSealed()
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

void TestPaymentLists::ledgerLists()
{
    VERIFY_OK(authorise("1", 1000));
    VERIFY_OK(authorise("2", 1000));
    VERIFY_OK(capture("P-1", 400));
    VERIFY_OK(capture("P-2", 600));
    QCOMPARE(entries("payment_id = \"P-2\"").size(), std::size_t(2));
    QCOMPARE(entries("order_id = \"1\" AND account = \"revenue\"").size(), std::size_t(1));
    QCOMPARE(entries("account = \"revenue\"")[1].amount_minor(), -600);
}

void TestPaymentLists::watchTellsWhatChanged()
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

QTEST_GUILESS_MAIN(TestPaymentLists)
#include "tst_paymentlists.moc"
