// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/positions.h"
#include "services/runtime/testing.h"

#include <QtTest>

#include <random>

using namespace shopfleet::runtime;

namespace {

constexpr const char* kSchema = R"sql(
-- @1 rows
CREATE TABLE row (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL);
CREATE INDEX row_at ON row (at);
)sql";

std::int64_t number(std::int64_t value)
{
    return value;
}

absl::Status insert(Connection& db, const Positions& positions, std::int64_t at)
{
    if (auto put = db.execute("INSERT INTO row (at, kind) VALUES (:1, 0)", at); !put.ok())
        return put.status();
    return positions.inserted(db, at);
}

absl::Status remove(Connection& db, const Positions& positions, std::int64_t at)
{
    const auto gone
        = db.execute("DELETE FROM row WHERE id = (SELECT id FROM row WHERE at = :1 LIMIT 1)", at);
    if (!gone.ok())
        return gone.status();
    return *gone == 1 ? positions.removed(db, at) : absl::OkStatus();
}

/// The row at `skip`, found by plain OFFSET and by positions.
void compare(Connection& db, const Positions& positions, std::int64_t skip, bool descending)
{
    const auto total = db.selectOne("SELECT count(*) FROM row", number)->value();
    const auto place = positions.seek(db, skip, descending);
    QVERIFY(place.ok());
    QCOMPARE(place->total, total);
    QCOMPARE(positions.total(db).value(), total);
    QCOMPARE(place->beyond, skip >= total);
    if (place->beyond)
        return;
    const auto plain
        = db.selectOne(descending ? "SELECT at FROM row ORDER BY at DESC LIMIT 1 OFFSET :1"
                                  : "SELECT at FROM row ORDER BY at LIMIT 1 OFFSET :1",
            number, skip);
    const auto found = descending
        ? (place->open ? db.selectOne(
               "SELECT at FROM row ORDER BY at DESC LIMIT 1 OFFSET :1", number, place->offset)
                       : db.selectOne(
                           "SELECT at FROM row WHERE at < :1 ORDER BY at DESC LIMIT 1 OFFSET :2",
                           number, place->from, place->offset))
        : db.selectOne("SELECT at FROM row WHERE at >= :1 ORDER BY at LIMIT 1 OFFSET :2", number,
            place->from, place->offset);
    QVERIFY(found.ok() && plain.ok());
    QCOMPARE(*found, *plain);
    // Blocks hold 2,000 rows and a little; more only where they are all of one integer.
    QVERIFY2(place->offset < 2'200, std::to_string(place->offset).c_str());
}

} // namespace

class TestPositions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithPlainOffset_data();
    void agreesWithPlainOffset();
    void undoneWithItsTransaction();
    void rebuilds();
};

void TestPositions::agreesWithPlainOffset_data()
{
    QTest::addColumn<int>("distinct"); // 0: ever growing.
    QTest::addColumn<int>("removals"); // In a hundred.

    QTest::newRow("appended") << 0 << 0;
    QTest::newRow("anywhere") << 1'000'000 << 0;
    QTest::newRow("anywhere, a third goes again") << 1'000'000 << 33;
    QTest::newRow("often the same integer") << 40 << 20;
}

void TestPositions::agreesWithPlainOffset()
{
    QFETCH(int, distinct);
    QFETCH(int, removals);
    TestDatabase db(kSchema);
    const Positions positions("rows", "row", "at");
    std::mt19937 random(7);
    const auto upTo
        = [&random](int most) { return std::uniform_int_distribution(0, most - 1)(random); };
    std::int64_t next = -5'000;
    for (int round = 0; round < 4; ++round) {
        const auto status = db.write([&](Connection& c) {
            for (int i = 0; i < 3'000; ++i) {
                const std::int64_t at = distinct == 0 ? ++next : upTo(distinct) - distinct / 2;
                if (auto put = insert(c, positions, at); !put.ok())
                    return put;
                if (upTo(100) >= removals)
                    continue;
                const auto victim = c.selectOne("SELECT at FROM row WHERE id >= :1 LIMIT 1", number,
                    upTo(round * 3'000 + i + 1));
                if (victim.ok() && victim->has_value())
                    if (auto gone = remove(c, positions, **victim); !gone.ok())
                        return gone;
            }
            return absl::OkStatus();
        });
        QVERIFY2(status.ok(), status.ToString().c_str());
        const int total = static_cast<int>(positions.total(db.reader()).value());
        for (const int skip :
            {0, 1, 999, 1'000, total / 2, total - 1, total, total + 5, upTo(total)})
            for (const bool descending : {false, true})
                if (distinct != 40)
                    compare(db.reader(), positions, skip, descending);
    }
    if (distinct == 40) // Long blocks are allowed here: only the answer counts.
        QCOMPARE(positions.total(db.reader()).value(),
            db.reader().selectOne("SELECT count(*) FROM row", number)->value());
}

void TestPositions::undoneWithItsTransaction()
{
    TestDatabase db(kSchema);
    const Positions positions("rows", "row", "at");
    QVERIFY(db.write([&](Connection& c) { return insert(c, positions, 1); }).ok());
    QVERIFY(!db.write([&](Connection& c) {
                   if (auto status = insert(c, positions, 2); !status.ok())
                       return status;
                   return absl::AbortedError("no");
               }).ok());
    QCOMPARE(positions.total(db.reader()).value(), std::int64_t{1});
}

void TestPositions::rebuilds()
{
    TestDatabase db(kSchema);
    const Positions positions("rows", "row", "at");
    QVERIFY(db.write([&](Connection& c) {
                  for (int i = 0; i < 7'777; ++i)
                      if (auto put = c.execute("INSERT INTO row (at, kind) VALUES (:1, 0)", i * 3);
                          !put.ok())
                          return put.status();
                  return positions.rebuild(c);
              }).ok());
    for (const int skip : {0, 1'000, 3'333, 7'776, 7'777})
        for (const bool descending : {false, true})
            compare(db.reader(), positions, skip, descending);
}

QTEST_GUILESS_MAIN(TestPositions)
#include "tst_positions.moc"
