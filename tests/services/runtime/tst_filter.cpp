// SPDX-License-Identifier: GPL-3.0-or-later
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/runtime/filter.h"
#include "services/runtime/listing.h"
#include "services/runtime/testing.h"
#include "services/runtime/text.h"

#include <QtTest>

#include <google/protobuf/descriptor.pb.h>

using namespace shopfleet::runtime;

namespace {

constexpr const char* kSchema = R"sql(
-- @1 things
CREATE TABLE thing (id TEXT PRIMARY KEY, title TEXT NOT NULL, price INTEGER NOT NULL, at INTEGER NOT NULL,
    label INTEGER NOT NULL, live INTEGER NOT NULL);
CREATE VIRTUAL TABLE thing_text USING fts5(title, content='thing');
INSERT INTO thing VALUES ('1', 'green tea', 300, 1293840000000000, 1, 1), ('2', 'black tea', 250, 1293926400000000, 2, 0),
    ('3', 'tea pot, 100% "iron"', 2000, 1294012800000000, 3, 1), ('4', 'cup_and saucer', 450, 1294099200000000, 1, 0);
INSERT INTO thing_text (thing_text) VALUES ('rebuild');
)sql";

ListSpec spec()
{
    using Kind = ListField::Kind;
    return {{{"id", "id", Kind::Text}, {"title", "title", Kind::Text},
                {"price", "price", Kind::Money}, {"at", "at", Kind::Time},
                {"label", "label", Kind::Enum,
                    google::protobuf::FieldDescriptorProto_Label_descriptor()},
                {"live", "live", Kind::Bool}},
        "id", "id", "rowid IN (SELECT rowid FROM thing_text WHERE thing_text MATCH :match)"};
}

std::string field(const absl::Status& status)
{
    google::rpc::Status wire;
    google::rpc::BadRequest detail;
    wire.ParseFromString(toWire(status).error_details());
    if (wire.details_size() == 0 || !wire.details(0).UnpackTo(&detail))
        return {};
    return detail.field_violations(0).field();
}

} // namespace

class TestFilter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void refuses_data();
    void refuses();
    void refusesRequest_data();
    void refusesRequest();
    void pagesMeetEnds();

private:
    TestDatabase m_db{kSchema};
};

void TestFilter::finds_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("ids");

    const auto row = [](const char* filter, const char* ids) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << QString::fromUtf8(ids);
    };
    row("", "1 2 3 4");
    row("   ", "1 2 3 4");
    row("price = 300", "1");
    row("price != 300", "2 3 4");
    row("price > 300", "3 4");
    row("price >= 300", "1 3 4");
    row("price < 300", "2");
    row("price<=300", "1 2");
    row("price > 100 AND live = true", "1 3");
    row("price > 100 live = false", "2 4");
    row("id = 1 OR id = 2", "1 2");
    row("id = 1 OR id = 2 AND live = true", "1");
    row("(id = 1 OR id = 2) AND live = false", "2");
    row("NOT live = true", "2 4");
    row("NOT (id = 1 OR id = 2)", "3 4");
    row("NOT NOT id = 1", "1");
    row("title : \"tea\"", "1 2 3");
    row("title:pot", "3");
    row("title : \"100%\"", "3");
    row("title : \"%\"", "3");
    row("title : \"_\"", "4");
    row("title = \"tea pot, 100% \\\"iron\\\"\"", "3");
    row("at >= \"2011-01-02T00:00:00Z\"", "2 3 4");
    row("at < 2011-01-02T00:00:00Z", "1");
    row("at < 2011-01-03", "1 2");
    row("tea", "1 2 3");
    row("te", "1 2 3");
    row("green te", "1");
    row("\"green tea\"", "1");
    row("\"te\"", "");
    row("tea price < 1000", "1 2");
    row("tea AND (price = 250 OR price = 2000)", "2 3");
    row("tea OR", "");
    row("'; DROP TABLE thing; --", "");
    row("%", "1 2 3 4");
    row("title = \"'; DROP TABLE thing; --\"", "");
    row("Tea NEAR pot", "");
    row("*", "1 2 3 4");
    row("čaj", "");
}

void TestFilter::finds()
{
    QFETCH(QString, filter);
    QFETCH(QString, ids);
    if (filter == QLatin1String("tea OR")) {
        QVERIFY(!parseFilter(spec(), filter.toStdString()).ok());
        return;
    }
    const auto parsed = parseFilter(spec(), filter.toStdString());
    QVERIFY2(parsed.ok(), parsed.status().ToString().c_str());
    const auto rows = m_db.reader().selectWith(
        text("SELECT id FROM thing WHERE ", parsed->where, " ORDER BY id"),
        [](std::string id) { return QString::fromStdString(id); }, parsed->values);
    QVERIFY2(rows.ok(), parsed->where.c_str());
    QCOMPARE(QStringList(rows->begin(), rows->end()).join(QLatin1Char(' ')), ids);
}

void TestFilter::refuses_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("says");

    const auto row = [](const char* filter, const char* says) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << QString::fromUtf8(says);
    };
    row("prise = 3", "column 1: unknown field \"prise\"; known: id, title, price, at, label, live");
    row("price = 1 AND stat = 3", "column 15: unknown field \"stat\"");
    row("price = ", "column 9: a value is missing after \"=\"");
    row("price = three", "column 9: price: \"three\" is not a whole number of minor units");
    row("price = 99999999999999999999", "column 9: price:");
    row("at = yesterday", "column 6: at: \"yesterday\" is not a time");
    row("live = maybe", "column 8: live: \"maybe\" is not true or false");
    row("live > true", "column 6: live has no order");
    row("price : 3", "column 7: \":\" is for text");
    row("title = \"open", "column 9: the quotation mark is not closed");
    row("(price = 1", "column 1: the bracket is not closed");
    row("price = 1)", "column 10: unexpected \")\"");
    row("price = 1 AND", "column 14: something is missing here");
    row("AND", "column 1: a condition is missing before AND");
    row("= 3", "column 1: unexpected \"=\"");
    row("price ! 3", "column 7: unexpected \"!\"");
    row("tea OR price = 1", "column 5: OR joins conditions");
    row("NOT tea", "column 1: NOT goes before a condition");
    row("((((((((((((((((((((((((((((((((((((((((price = 1))))))))))))))))))))))))))))))))))))))))",
        "too many brackets");
}

void TestFilter::refuses()
{
    QFETCH(QString, filter);
    QFETCH(QString, says);
    const auto parsed = parseFilter(spec(), filter.toStdString());
    QVERIFY(absl::IsInvalidArgument(parsed.status()));
    QCOMPARE(field(parsed.status()), std::string("filter"));
    const auto message = QString::fromStdString(std::string(parsed.status().message()));
    QVERIFY2(message.contains(says), qPrintable(message));
}

void TestFilter::refusesRequest_data()
{
    QTest::addColumn<int>("pageSize");
    QTest::addColumn<int>("skip");
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("order");
    QTest::addColumn<QString>("names");

    const QString none;
    QTest::newRow("negative page size") << -1 << 0 << none << none << "page_size";
    QTest::newRow("page too large") << 1'001 << 0 << none << none << "page_size";
    QTest::newRow("negative skip") << 0 << -1 << none << none << "skip";
    QTest::newRow("token of nobody") << 0 << 0 << "bm9uc2Vuc2U" << none << "page_token";
    QTest::newRow("token that is no base64") << 0 << 0 << "%%%" << none << "page_token";
    QTest::newRow("unknown order") << 0 << 0 << none << "size"
                                   << "order_by";
    QTest::newRow("neither asc nor desc") << 0 << 0 << none << "price down"
                                          << "order_by";
    QTest::newRow("order with SQL in it") << 0 << 0 << none << "id; DROP TABLE thing"
                                          << "order_by";
    QTest::newRow("empty term") << 0 << 0 << none << "id,,price"
                                << "order_by";
}

void TestFilter::refusesRequest()
{
    QFETCH(int, pageSize);
    QFETCH(int, skip);
    QFETCH(QString, token);
    QFETCH(QString, order);
    QFETCH(QString, names);
    const std::string tokenText = token.toStdString();
    const std::string orderText = order.toStdString();

    const auto listing = parseListing(spec(), {pageSize, tokenText, skip, "", orderText});

    QVERIFY(absl::IsInvalidArgument(listing.status()));
    QCOMPARE(QString::fromStdString(field(listing.status())), names);
}

void TestFilter::pagesMeetEnds()
{
    QStringList seen;
    std::string token;
    for (int page = 0; page < 5; ++page) {
        const auto listing = parseListing(spec(), {3, token, 0, "price > 0", "price desc"});
        QVERIFY(listing.ok());
        const auto total = countRows(m_db.reader(), "thing", *listing);
        QCOMPARE(total.value(), std::int64_t{4});
        const auto rows = m_db.reader().selectWith(
            text("SELECT id FROM thing WHERE ", listing->where, " ORDER BY ", listing->orderBy,
                " LIMIT ", listing->limit, " OFFSET ", listing->offset),
            [](std::string id) { return QString::fromStdString(id); }, listing->values);
        QVERIFY(rows.ok());
        seen += QStringList(rows->begin(), rows->end());
        token = listing->nextPageToken(rows->size(), *total);
        if (token.empty())
            break;
        // It belongs to this filter and order alone.
        QCOMPARE(field(parseListing(spec(), {3, token, 0, "price > 1", "price desc"}).status()),
            std::string("page_token"));
        QCOMPARE(field(parseListing(spec(), {3, token, 0, "price > 0", "price"}).status()),
            std::string("page_token"));
    }
    QCOMPARE(seen.join(QLatin1Char(' ')), QStringLiteral("3 4 1 2"));
}

QTEST_GUILESS_MAIN(TestFilter)
#include "tst_filter.moc"
