// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/ledger.h"
#include "services/payments/rules.h"
#include "tests/badtimes.h"

#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::payments;

Q_DECLARE_METATYPE(shopfleet::payments::v1::PaymentState)

namespace {

constexpr qint64 kMax = std::numeric_limits<qint64>::max();
constexpr qint64 kAll = -1; // No amount given: all there is.

v1::Payment payment(v1::PaymentState state, qint64 authorised, qint64 captured, qint64 refunded)
{
    v1::Payment result;
    result.set_id("P-1");
    result.set_order_id("1");
    result.set_state(state);
    for (auto [money, minor] : {std::pair(result.mutable_amount(), qint64(1000)),
             std::pair(result.mutable_authorised(), authorised),
             std::pair(result.mutable_captured(), captured),
             std::pair(result.mutable_refunded(), refunded)}) {
        money->set_currency("GBP");
        money->set_minor(minor);
    }
    return result;
}

QString outcome(const absl::StatusOr<std::int64_t>& amount)
{
    return amount.ok() ? QString::number(*amount)
                       : QString::fromStdString(absl::StatusCodeToString(amount.status().code()));
}

} // namespace

/// The life of a payment and the arithmetic of the ledger.
class TestPaymentsRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void timesAreTimes();
    void authorise_data();
    void authorise();
    void capture_data();
    void capture();
    void refund_data();
    void refund();
    void voiding_data();
    void voiding();
    void states_data();
    void states();
    void imports_data();
    void imports();
    void ledgerBalances();
    void chainSealsEveryField_data();
    void chainSealsEveryField();
};

void TestPaymentsRules::timesAreTimes()
{
    for (const auto& time : badTimes()) {
        v1::ImportPaymentsRequest request;
        auto& imported = *request.add_payments();
        imported = payment(v1::PAYMENT_STATE_CAPTURED, 1000, 1000, 0);
        imported.set_provider("elsewhere");
        QVERIFY(checkImport(request).ok());
        *imported.mutable_created_at() = time;
        QVERIFY(checkImport(request).message().find("payments[0].created_at") == 0);
    }
}

void TestPaymentsRules::authorise_data()
{
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("order");
    QTest::addColumn<int>("attempt");
    QTest::addColumn<QString>("names"); // The field that the refusal names; empty: accepted.

    QTest::newRow("good") << qint64(1240) << u"GBP"_s << u"1"_s << 1 << u""_s;
    QTest::newRow("zero") << qint64(0) << u"GBP"_s << u"1"_s << 1 << u"amount"_s;
    QTest::newRow("negative") << qint64(-1) << u"GBP"_s << u"1"_s << 1 << u"amount"_s;
    QTest::newRow("overflowing") << kMax << u"GBP"_s << u"1"_s << 1 << u"amount"_s;
    QTest::newRow("unknown currency")
        << qint64(1) << u"XXX"_s << u"1"_s << 1 << u"amount.currency"_s;
    QTest::newRow("lower case") << qint64(1) << u"gbp"_s << u"1"_s << 1 << u"amount.currency"_s;
    QTest::newRow("no currency") << qint64(1) << u""_s << u"1"_s << 1 << u"amount.currency"_s;
    QTest::newRow("no order") << qint64(1) << u"GBP"_s << u""_s << 1 << u"order_id"_s;
    QTest::newRow("long order") << qint64(1) << u"GBP"_s << QString(65, u'1') << 1 << u"order_id"_s;
    QTest::newRow("attempt 0") << qint64(1) << u"GBP"_s << u"1"_s << 0 << u"attempt"_s;
}

void TestPaymentsRules::authorise()
{
    QFETCH(qint64, minor);
    QFETCH(QString, currency);
    QFETCH(QString, order);
    QFETCH(int, attempt);
    QFETCH(QString, names);
    v1::AuthorisePaymentRequest request;
    request.set_order_id(order.toStdString());
    request.set_attempt(attempt);
    request.set_payment_token("tok_visa");
    request.mutable_amount()->set_currency(currency.toStdString());
    request.mutable_amount()->set_minor(minor);

    const auto status = checkAuthorise(request);

    QCOMPARE(status.ok(), names.isEmpty());
    QVERIFY2(status.message().find(names.toStdString()) != absl::string_view::npos,
        std::string(status.message()).c_str());
}

void TestPaymentsRules::capture_data()
{
    QTest::addColumn<v1::PaymentState>("state");
    QTest::addColumn<qint64>("captured");
    QTest::addColumn<qint64>("pending");
    QTest::addColumn<qint64>("wanted");
    QTest::addColumn<QString>("result");

    const auto authorised = v1::PAYMENT_STATE_AUTHORISED;
    const auto partly = v1::PAYMENT_STATE_PARTIALLY_CAPTURED;
    QTest::newRow("all") << authorised << qint64(0) << qint64(0) << kAll << u"1000"_s;
    QTest::newRow("a part") << authorised << qint64(0) << qint64(0) << qint64(1) << u"1"_s;
    QTest::newRow("the rest") << partly << qint64(400) << qint64(0) << kAll << u"600"_s;
    QTest::newRow("more than the rest")
        << partly << qint64(400) << qint64(0) << qint64(601) << u"FAILED_PRECONDITION"_s;
    QTest::newRow("what another is taking is taken")
        << authorised << qint64(0) << qint64(1000) << qint64(1) << u"FAILED_PRECONDITION"_s;
    QTest::newRow("zero") << authorised << qint64(0) << qint64(0) << qint64(0)
                          << u"INVALID_ARGUMENT"_s;
    QTest::newRow("overflow") << authorised << qint64(0) << qint64(0) << kMax
                              << u"INVALID_ARGUMENT"_s;
    QTest::newRow("twice") << v1::PAYMENT_STATE_CAPTURED << qint64(1000) << qint64(0) << kAll
                           << u"FAILED_PRECONDITION"_s;
    for (const auto state : {v1::PAYMENT_STATE_CREATED, v1::PAYMENT_STATE_UNKNOWN,
             v1::PAYMENT_STATE_DECLINED, v1::PAYMENT_STATE_VOIDED, v1::PAYMENT_STATE_REFUNDED})
        QTest::newRow(v1::PaymentState_Name(state).c_str())
            << state << qint64(0) << qint64(0) << qint64(1) << u"FAILED_PRECONDITION"_s;
}

void TestPaymentsRules::capture()
{
    QFETCH(v1::PaymentState, state);
    QFETCH(qint64, captured);
    QFETCH(qint64, pending);
    QFETCH(qint64, wanted);
    common::v1::Money money;
    money.set_currency("GBP");
    money.set_minor(wanted);

    const auto amount = captureAmount(payment(state, 1000, captured, 0),
        wanted == kAll ? nullptr : &money, {.captures = pending});

    QTEST(outcome(amount), "result");
}

void TestPaymentsRules::refund_data()
{
    QTest::addColumn<v1::PaymentState>("state");
    QTest::addColumn<qint64>("captured");
    QTest::addColumn<qint64>("refunded");
    QTest::addColumn<qint64>("wanted");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("result");

    const auto taken = v1::PAYMENT_STATE_CAPTURED;
    QTest::newRow("all") << taken << qint64(1000) << qint64(0) << kAll << u"GBP"_s << u"1000"_s;
    QTest::newRow("the rest") << v1::PAYMENT_STATE_PARTIALLY_REFUNDED << qint64(1000) << qint64(300)
                              << kAll << u"GBP"_s << u"700"_s;
    QTest::newRow("more than captured")
        << v1::PAYMENT_STATE_PARTIALLY_CAPTURED << qint64(400) << qint64(0) << qint64(401)
        << u"GBP"_s << u"FAILED_PRECONDITION"_s;
    QTest::newRow("all again") << v1::PAYMENT_STATE_REFUNDED << qint64(1000) << qint64(1000)
                               << qint64(1) << u"GBP"_s << u"FAILED_PRECONDITION"_s;
    QTest::newRow("other currency")
        << taken << qint64(1000) << qint64(0) << qint64(1) << u"EUR"_s << u"INVALID_ARGUMENT"_s;
    QTest::newRow("negative") << taken << qint64(1000) << qint64(0) << qint64(-5) << u"GBP"_s
                              << u"INVALID_ARGUMENT"_s;
    QTest::newRow("not captured") << v1::PAYMENT_STATE_AUTHORISED << qint64(0) << qint64(0)
                                  << qint64(1) << u"GBP"_s << u"FAILED_PRECONDITION"_s;
}

void TestPaymentsRules::refund()
{
    QFETCH(v1::PaymentState, state);
    QFETCH(qint64, captured);
    QFETCH(qint64, refunded);
    QFETCH(qint64, wanted);
    QFETCH(QString, currency);
    common::v1::Money money;
    money.set_currency(currency.toStdString());
    money.set_minor(wanted);

    const auto amount = refundAmount(
        payment(state, 1000, captured, refunded), wanted == kAll ? nullptr : &money, Pending());

    QTEST(outcome(amount), "result");
}

void TestPaymentsRules::voiding_data()
{
    QTest::addColumn<v1::PaymentState>("state");
    QTest::addColumn<qint64>("captured");
    QTest::addColumn<QString>("result");
    QTest::addColumn<v1::PaymentState>("after");

    QTest::newRow("untouched") << v1::PAYMENT_STATE_AUTHORISED << qint64(0) << u"1000"_s
                               << v1::PAYMENT_STATE_VOIDED;
    QTest::newRow("the rest") << v1::PAYMENT_STATE_PARTIALLY_CAPTURED << qint64(400) << u"600"_s
                              << v1::PAYMENT_STATE_CAPTURED;
    QTest::newRow("captured") << v1::PAYMENT_STATE_CAPTURED << qint64(1000)
                              << u"FAILED_PRECONDITION"_s << v1::PAYMENT_STATE_CAPTURED;
    QTest::newRow("unknown") << v1::PAYMENT_STATE_UNKNOWN << qint64(0) << u"FAILED_PRECONDITION"_s
                             << v1::PAYMENT_STATE_UNKNOWN;
}

void TestPaymentsRules::voiding()
{
    QFETCH(v1::PaymentState, state);
    QFETCH(qint64, captured);
    const auto before = payment(state, 1000, captured, 0);

    const auto amount = voidAmount(before, Pending());

    QTEST(outcome(amount), "result");
    const auto after = amount.ok() ? afterOperation(before, ProviderRequest::Kind::Void, *amount,
                           ProviderAnswer{ProviderAnswer::Outcome::Done, "ref", "", ""})
                                   : before;
    QTEST(after.state(), "after");
    QVERIFY(after.captured().minor() <= after.authorised().minor());
}

void TestPaymentsRules::states_data()
{
    QTest::addColumn<int>("outcome");
    QTest::addColumn<v1::PaymentState>("state");
    QTest::addColumn<qint64>("authorised");

    QTest::newRow("done") << 1 << v1::PAYMENT_STATE_AUTHORISED << qint64(1000);
    QTest::newRow("declined") << 2 << v1::PAYMENT_STATE_DECLINED << qint64(0);
    QTest::newRow("no answer") << 3 << v1::PAYMENT_STATE_UNKNOWN << qint64(0);
}

void TestPaymentsRules::states()
{
    QFETCH(int, outcome);
    const ProviderAnswer answer{
        static_cast<ProviderAnswer::Outcome>(outcome), "ref", "why", "Visa"};

    const auto after = afterAuthorise(payment(v1::PAYMENT_STATE_CREATED, 0, 0, 0), answer);

    QTEST(after.state(), "state");
    QTEST(static_cast<qint64>(after.authorised().minor()), "authorised");
}

void TestPaymentsRules::imports_data()
{
    QTest::addColumn<v1::PaymentState>("state");
    QTest::addColumn<qint64>("authorised");
    QTest::addColumn<qint64>("captured");
    QTest::addColumn<qint64>("refunded");
    QTest::addColumn<bool>("good");

    const qint64 none = 0;
    const qint64 all = 1000;
    QTest::newRow("captured") << v1::PAYMENT_STATE_CAPTURED << all << all << none << true;
    QTest::newRow("refunded") << v1::PAYMENT_STATE_REFUNDED << all << all << all << true;
    QTest::newRow("refund alone") << v1::PAYMENT_STATE_REFUNDED << none << none << all << true;
    QTest::newRow("partly refunded")
        << v1::PAYMENT_STATE_PARTIALLY_REFUNDED << all << all << qint64(1) << true;
    QTest::newRow("declined") << v1::PAYMENT_STATE_DECLINED << none << none << none << true;
    QTest::newRow("still open") << v1::PAYMENT_STATE_CREATED << none << none << none << false;
    QTest::newRow("state does not fit")
        << v1::PAYMENT_STATE_REFUNDED << all << all << none << false;
    QTest::newRow("captured beyond authorised")
        << v1::PAYMENT_STATE_CAPTURED << none << all << none << false;
    QTest::newRow("refunded beyond captured")
        << v1::PAYMENT_STATE_CAPTURED << all << none << all << false;
    QTest::newRow("negative") << v1::PAYMENT_STATE_CAPTURED << all << qint64(-1) << none << false;
}

void TestPaymentsRules::imports()
{
    QFETCH(v1::PaymentState, state);
    QFETCH(qint64, authorised);
    QFETCH(qint64, captured);
    QFETCH(qint64, refunded);
    auto imported = payment(state, authorised, captured, refunded);
    imported.set_provider("import");

    v1::ImportPaymentsRequest request;
    *request.add_payments() = imported;

    QTEST(checkImport(request).ok(), "good");
}

void TestPaymentsRules::ledgerBalances()
{
    for (const auto movement :
        {Movement::Capture, Movement::Refund, Movement::ImportedSale, Movement::ImportedRefund}) {
        const auto entries = entriesFor(
            movement, payment(v1::PAYMENT_STATE_CAPTURED, 1000, 1000, 0), 700, "t1", {});
        QCOMPARE(entries.size(), std::size_t(2));
        QCOMPARE(entries[0].amount_minor(), 700);
        QCOMPARE(entries[0].amount_minor() + entries[1].amount_minor(), 0);
        QVERIFY(entries[0].account() != entries[1].account());
    }
    QVERIFY(entriesFor(Movement::Capture, payment(v1::PAYMENT_STATE_CAPTURED, 0, 0, 0), 0, "t1", {})
                .empty());
}

void TestPaymentsRules::chainSealsEveryField_data()
{
    QTest::addColumn<int>("field");
    for (int field = 1; field <= 8; ++field)
        QTest::newRow(v1::LedgerEntry::descriptor()->FindFieldByNumber(field)->name().c_str())
            << field;
}

void TestPaymentsRules::chainSealsEveryField()
{
    QFETCH(int, field);
    auto entry = entriesFor(
        Movement::Capture, payment(v1::PAYMENT_STATE_CAPTURED, 1000, 1000, 0), 5, "t", {})[0];
    const std::string chain = chainOf("before", entry);
    const auto* which = v1::LedgerEntry::descriptor()->FindFieldByNumber(field);

    using google::protobuf::FieldDescriptor;
    if (which->cpp_type() == FieldDescriptor::CPPTYPE_INT64)
        entry.GetReflection()->SetInt64(&entry, which, 99);
    else if (which->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        entry.GetReflection()->SetString(&entry, which, "99");
    else
        entry.mutable_at()->set_nanos(99000);

    QCOMPARE(chain.size(), std::size_t(32));
    QVERIFY(chainOf("before", entry) != chain);
    QVERIFY(chainOf("other", entry) != chainOf("before", entry));
}

QTEST_GUILESS_MAIN(TestPaymentsRules)
#include "tst_paymentsrules.moc"
