// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/plan.h"
#include "services/orders/rules.h"
#include "services/orders/searchtext.h"

#include <QTest>

#include <google/protobuf/text_format.h>

#include <limits>

using namespace Qt::StringLiterals;
using namespace shopfleet::orders;
namespace v1 = shopfleet::orders::v1;

namespace {

/// A past order that every check accepts; rows overwrite parts of it.
constexpr const char* kGood = R"(
    id: "536365" kind: ORDER_KIND_SALE state: ORDER_STATE_DELIVERED origin: "import:test"
    placed_at { seconds: 1291191960 } total { currency: "GBP" minor: 1500 }
    lines { kind: LINE_KIND_PRODUCT sku: "A" title: "Tea" quantity: 2 total { currency: "GBP" minor: 1300 } }
    lines { kind: LINE_KIND_SHIPPING total { currency: "GBP" minor: 400 } }
    lines { kind: LINE_KIND_DISCOUNT total { currency: "GBP" minor: -200 } })";

v1::Order parse(const QByteArray& text)
{
    v1::Order order;
    if (!google::protobuf::TextFormat::ParseFromString(text.toStdString(), &order))
        qFatal("bad text in a test: %s", text.constData());
    return order;
}

} // namespace

class TestOrdersRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void imports_data();
    void imports();
    void sumsFollowFromLines();
    void moves_data();
    void moves();
    void nextSteps_data();
    void nextSteps();
    void pauses_data();
    void pauses();
    void words_data();
    void words();
    void hashIgnoresWhatTheStoreAdds();
};

void TestOrdersRules::imports_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("error"); // The beginning of the message; empty: accepted.

    QTest::newRow("a good order") << ""_ba
                                  << ""_ba;
    QTest::newRow("no id") << R"(id: "")"_ba
                           << "o.id "_ba;
    QTest::newRow("long id") << "id: \""_ba + QByteArray(65, 'x') + "\""
                             << "o.id "_ba;
    QTest::newRow("control character in id") << R"(id: "a\001")"_ba
                                             << "o.id "_ba;
    QTest::newRow("unknown kind") << "kind: 99"_ba
                                  << "o.kind "_ba;
    QTest::newRow("no state") << "state: ORDER_STATE_UNSPECIFIED"_ba
                              << "o.state "_ba;
    QTest::newRow("unfinished state") << "state: ORDER_STATE_RESERVED"_ba
                                      << "o.state "_ba;
    QTest::newRow("no origin") << R"(origin: "")"_ba
                               << "o.origin "_ba;
    QTest::newRow("time before 1970") << "placed_at { seconds: -5 }"_ba
                                      << "o.placed_at "_ba;
    QTest::newRow("time far away") << "placed_at { seconds: 99999999999 }"_ba
                                   << "o.placed_at "_ba;
    QTest::newRow("unknown currency") << R"(total { currency: "XXX" })"_ba
                                      << "o.total.currency "_ba;
    QTest::newRow("currency in lower case") << R"(total { currency: "gbp" })"_ba
                                            << "o.total.currency "_ba;
    QTest::newRow("total too large") << "total { minor: 9223372036854775807 }"_ba
                                     << "o.total.minor "_ba;
    QTest::newRow("total is not the sum") << "total { minor: 1501 }"_ba
                                          << "o.total.minor is 1501 "_ba;
    QTest::newRow("subtotal agrees") << R"(subtotal { currency: "GBP" minor: 1300 })"_ba
                                     << ""_ba;
    QTest::newRow("subtotal disagrees") << R"(subtotal { currency: "GBP" minor: 1 })"_ba
                                        << "o.subtotal.minor "_ba;
    QTest::newRow("discount is positive") << R"(discount { currency: "GBP" minor: 200 })"_ba
                                          << ""_ba;
    QTest::newRow("discount of the wrong sign") << R"(discount { currency: "GBP" minor: -200 })"_ba
                                                << "o.discount.minor "_ba;
    QTest::newRow("tax counts") << R"(tax { currency: "GBP" minor: 100 })"_ba
                                << "o.total.minor is "_ba;
    QTest::newRow("captured in another currency") << R"(captured { currency: "EUR" minor: 1 })"_ba
                                                  << "o.captured.currency "_ba;
    QTest::newRow("negative refund") << R"(refunded { currency: "GBP" minor: -1 })"_ba
                                     << "o.refunded.minor "_ba;
    QTest::newRow("line without kind") << R"(lines { sku: "B" total { currency: "GBP" } })"_ba
                                       << "o.lines[3].kind "_ba;
    QTest::newRow("product line without sku")
        << R"(lines { kind: LINE_KIND_PRODUCT total { currency: "GBP" } })"_ba
        << "o.lines[3].sku "_ba;
    QTest::newRow("line in another currency")
        << R"(lines { kind: LINE_KIND_FEE total { currency: "EUR" } })"_ba
        << "o.lines[3].total.currency "_ba;
    QTest::newRow("line without total") << "lines { kind: LINE_KIND_FEE }"_ba
                                        << "o.lines[3].total "_ba;
    QTest::newRow("overflowing quantity")
        << R"(lines { kind: LINE_KIND_FEE quantity: 9223372036854775807 total { currency: "GBP" } })"_ba
        << "o.lines[3].quantity "_ba;
    QTest::newRow("negative quantity is a write-off")
        << R"(lines { kind: LINE_KIND_PRODUCT sku: "B" quantity: -74215 total { currency: "GBP" } })"_ba
        << ""_ba;
    QTest::newRow("control character in a title")
        << R"(lines { kind: LINE_KIND_FEE title: "a\tb" total { currency: "GBP" } })"_ba
        << "o.lines[3].title "_ba;
}

void TestOrdersRules::imports()
{
    QFETCH(QByteArray, more);
    v1::Order order = parse(kGood);
    // Text format refuses a scalar twice, so the row's part is merged over the good order.
    order.MergeFrom(parse(more));
    if (more.startsWith("id: \"\""))
        order.clear_id();
    if (more.startsWith("origin: \"\""))
        order.clear_origin();
    if (more.startsWith("state: ORDER_STATE_UNSPECIFIED"))
        order.clear_state();

    const auto status = checkImported(order, "o");

    QFETCH(QByteArray, error);
    if (error.isEmpty())
        QVERIFY2(status.ok(), std::string(status.message()).c_str());
    else
        QVERIFY2(status.code() == absl::StatusCode::kInvalidArgument
                && QByteArray::fromStdString(std::string(status.message())).startsWith(error),
            std::string(status.message()).c_str());
}

void TestOrdersRules::sumsFollowFromLines()
{
    v1::Order order = parse(kGood);
    QVERIFY(checkImported(order, "o").ok());
    QCOMPARE(order.subtotal().minor(), 1300);
    QCOMPARE(order.shipping().minor(), 400);
    QCOMPARE(order.discount().minor(), 200);
    QCOMPARE(order.units(), 2);
    QCOMPARE(order.line_count(), 3);
    QCOMPARE(order.first_title(), std::string("Tea"));
    QCOMPARE(order.lines(2).id(), std::string("3"));
}

void TestOrdersRules::moves_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<QList<int>>("to");
    using S = QList<int>;
    QTest::newRow("created") << 1 << S{2, 7, 8};
    QTest::newRow("reserved") << 2 << S{3, 7, 8};
    QTest::newRow("authorised") << 3 << S{4, 7};
    QTest::newRow("confirmed") << 4 << S{5, 7};
    QTest::newRow("shipped") << 5 << S{6, 9, 10};
    QTest::newRow("delivered") << 6 << S{9, 10};
    QTest::newRow("cancelled is the end") << 7 << S{};
    QTest::newRow("rejected is the end") << 8 << S{};
    QTest::newRow("returned") << 9 << S{10};
    QTest::newRow("refunded is the end") << 10 << S{};
}

void TestOrdersRules::moves()
{
    QFETCH(int, from);
    QList<int> allowed;
    for (int to = 1; to <= 10; ++to)
        if (mayMove(static_cast<v1::OrderState>(from), static_cast<v1::OrderState>(to)))
            allowed.append(to);
    QTEST(allowed, "to");
}

void TestOrdersRules::nextSteps_data()
{
    QTest::addColumn<int>("goal");
    QTest::addColumn<uint>("done");
    QTest::addColumn<QString>("step");

    const int confirm = 1;
    const int reject = 2;
    const int cancel = 3;
    QTest::newRow("stock first") << confirm << 0U << u"reserve"_s;
    QTest::newRow("then money") << confirm << uint(kReserved) << u"authorise"_s;
    QTest::newRow("unknown money is asked after, not asked for")
        << confirm << uint(kReserved | kPaymentUnknown) << u"settle"_s;
    QTest::newRow("then the cart") << confirm << uint(kReserved | kAuthorised) << u"close"_s;
    QTest::newRow("then the parcel")
        << confirm << uint(kReserved | kAuthorised | kCartClosed) << u"plan"_s;
    QTest::newRow("then nothing") << confirm
                                  << uint(kReserved | kAuthorised | kCartClosed | kPlanned)
                                  << u""_s;
    QTest::newRow("declined gives the stock back") << reject << uint(kReserved) << u"release"_s;
    QTest::newRow("out of stock has nothing to give back") << reject << 0U << u""_s;
    QTest::newRow("released once") << reject << uint(kReserved | kReleased) << u""_s;
    QTest::newRow("cancel stops the parcel first")
        << cancel << uint(kReserved | kAuthorised | kPlanned) << u"unplan"_s;
    QTest::newRow("then gives back the money")
        << cancel << uint(kReserved | kAuthorised | kPlanned | kUnplanned) << u"void"_s;
    QTest::newRow("then the stock")
        << cancel << uint(kReserved | kAuthorised | kVoided) << u"release"_s;
    QTest::newRow("cancel settles an unknown payment")
        << cancel << uint(kReserved | kPaymentUnknown) << u"settle"_s;
    QTest::newRow("cancelled at once") << cancel << 0U << u""_s;
}

void TestOrdersRules::nextSteps()
{
    QFETCH(int, goal);
    QFETCH(uint, done);
    const Step step = nextStep(static_cast<Goal>(goal), done);
    QTEST(QString::fromStdString(std::string(nameOf(step))), "step");
}

void TestOrdersRules::pauses_data()
{
    QTest::addColumn<int>("attempts");
    QTest::addColumn<qint64>("longest");
    QTest::newRow("first") << 1 << qint64(100);
    QTest::newRow("second") << 2 << qint64(200);
    QTest::newRow("ninth") << 9 << qint64(25'600);
    QTest::newRow("tenth is capped") << 10 << qint64(30'000);
    QTest::newRow("millionth is capped") << 1'000'000 << qint64(30'000);
}

void TestOrdersRules::pauses()
{
    QFETCH(int, attempts);
    QFETCH(qint64, longest);
    QCOMPARE(pauseMs(attempts, 0), longest);
    QCOMPARE(pauseMs(attempts, 1), longest - longest / 4);
}

void TestOrdersRules::words_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<bool>("quoted");
    QTest::addColumn<QByteArray>("words"); // A star marks a prefix.

    QTest::newRow("one word") << "Bag"_ba << false << "bag*"_ba;
    QTest::newRow("one letter is ignored") << "b"_ba << false << ""_ba;
    QTest::newRow("quoted matches whole") << "RED bag"_ba << true << "red bag"_ba;
    QTest::newRow("sku") << "85123A"_ba << false << "85123a*"_ba;
    QTest::newRow("reference") << "P-536365"_ba << false << "536365*"_ba;
    QTest::newRow("underscores cut") << "gift_0001_20"_ba << false << "gift 0001 20*"_ba;
    QTest::newRow("accents fold") << "MÜLLER-Łódź"_ba << false << "muller lodz*"_ba;
    QTest::newRow("Cyrillic folds") << "ЁЛКА"_ba << false << "елка*"_ba;
    QTest::newRow("e-mail goes by its first part")
        << "jane.doe@example.com"_ba << false << "jane doe"_ba;
    QTest::newRow("signs alone are nothing") << "£ — !"_ba << false << ""_ba;
    QTest::newRow("query language is plain text") << "a* OR (b)"_ba << false << "or*"_ba;
}

void TestOrdersRules::words()
{
    QFETCH(QByteArray, typed);
    QFETCH(bool, quoted);
    QByteArrayList words;
    for (const SearchWord& word : searchWords(typed.toStdString(), quoted))
        words.append(QByteArray::fromStdString(word.text) + (word.prefix ? "*" : ""));
    QTEST(words.join(' '), "words");
}

void TestOrdersRules::hashIgnoresWhatTheStoreAdds()
{
    const v1::Order order = parse(kGood);
    v1::Order seen = order;
    seen.set_etag("7");
    seen.mutable_updated_at()->set_seconds(5);
    QCOMPARE(contentHash(seen), contentHash(order));
    seen.mutable_lines(0)->set_quantity(3);
    QVERIFY(contentHash(seen) != contentHash(order));
}

QTEST_GUILESS_MAIN(TestOrdersRules)
#include "tst_ordersrules.moc"
