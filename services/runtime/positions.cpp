// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/positions.h"

#include "services/runtime/text.h"

#include <limits>

namespace shopfleet::runtime {
namespace {

constexpr std::int64_t kBlock = 1'000;
constexpr std::int64_t kStart = std::numeric_limits<std::int64_t>::min(); // Of every list.

std::int64_t number(std::int64_t value)
{
    return value;
}

} // namespace

Positions::Positions(
    std::string list, std::string_view table, std::string_view column, std::string_view condition)
    : m_list(std::move(list))
{
    const std::string rows = text(" FROM ", table, " WHERE ", condition, " AND ", column);
    m_count = text("SELECT count(*)", rows, " >= :1 AND ", column, " < :2");
    m_countFrom = text("SELECT count(*)", rows, " >= :1");
    m_nth = text("SELECT ", column, rows, " >= :1 ORDER BY ", column, " LIMIT 1 OFFSET :2");
    m_after = text("SELECT ", column, rows, " > :1 ORDER BY ", column, " LIMIT 1");
}

absl::StatusOr<std::optional<Positions::Block>> Positions::blockOf(
    Connection& connection, std::int64_t key) const
{
    return connection.selectOne(
        "SELECT first, rows FROM position_block WHERE list = :1 AND first <= :2 "
        "ORDER BY first DESC LIMIT 1",
        [](std::int64_t first, std::int64_t rows) {
            return Block{first, rows};
        },
        m_list, key);
}

absl::StatusOr<std::int64_t> Positions::count(
    Connection& connection, std::int64_t from, std::optional<std::int64_t> to) const
{
    const auto rows = to ? connection.selectOne(m_count, number, from, *to)
                         : connection.selectOne(m_countFrom, number, from);
    if (!rows.ok())
        return rows.status();
    return rows->value_or(0);
}

absl::Status Positions::add(Connection& connection, std::int64_t first, std::int64_t rows) const
{
    return connection
        .execute("INSERT INTO position_block (list, first, rows) VALUES (:1, :2, :3)", m_list,
            first, rows)
        .status();
}

absl::Status Positions::change(Connection& connection, std::int64_t first, std::int64_t by) const
{
    return connection
        .execute("UPDATE position_block SET rows = rows + :1 WHERE list = :2 AND first = :3", by,
            m_list, first)
        .status();
}

absl::Status Positions::inserted(Connection& connection, std::int64_t key) const
{
    const auto block = blockOf(connection, key);
    if (!block.ok())
        return block.status();
    if (!block->has_value())
        return add(connection, kStart, 1);
    // A block that cannot be cut (one integer only) would be tried at each row; not often.
    const std::int64_t rows = (*block)->rows + 1;
    if (rows >= 2 * kBlock && rows % 64 == 0)
        return split(connection, {(*block)->first, rows}, key);
    return change(connection, (*block)->first, 1);
}

absl::Status Positions::removed(Connection& connection, std::int64_t key) const
{
    const auto block = blockOf(connection, key);
    if (!block.ok())
        return block.status();
    if (!block->has_value() || (*block)->rows == 0)
        return internal(text("positions of ", m_list, ": a row was removed that was not counted"));
    // The first block stays, so that there is one for whatever comes.
    if ((*block)->rows == 1 && (*block)->first != kStart)
        return connection
            .execute("DELETE FROM position_block WHERE list = :1 AND first = :2", m_list,
                (*block)->first)
            .status();
    return change(connection, (*block)->first, -1);
}

absl::StatusOr<std::optional<std::int64_t>> Positions::cut(
    Connection& connection, std::int64_t first) const
{
    // Rows of one integer stay in one block, so a cut is where the integer changes.
    auto at = connection.selectOne(m_nth, number, first, kBlock);
    if (!at.ok() || !at->has_value())
        return at;
    const auto begin = connection.selectOne(m_nth, number, first, std::int64_t{0});
    if (!begin.ok())
        return begin.status();
    return *begin == *at ? connection.selectOne(m_after, number, **at) : at;
}

/// `block.rows` counts the new row already.
absl::Status Positions::split(Connection& connection, const Block& block, std::int64_t key) const
{
    // Rows that come in order fill their blocks: a new last row begins the next one.
    const auto last = count(connection, key, std::nullopt);
    if (!last.ok())
        return last.status();
    auto at = *last == 1 && key > block.first ? absl::StatusOr<std::optional<std::int64_t>>(key)
                                              : cut(connection, block.first);
    if (!at.ok())
        return at.status();
    const auto below = at->has_value() ? count(connection, block.first, **at)
                                       : absl::StatusOr<std::int64_t>(block.rows);
    if (!below.ok())
        return below.status();
    // The cut may lie in the next block, where this one's rows are all of one integer.
    if (*below <= 0 || *below >= block.rows)
        return change(connection, block.first, 1);
    if (auto status = change(connection, block.first, *below - (block.rows - 1)); !status.ok())
        return status;
    return add(connection, **at, block.rows - *below);
}

absl::Status Positions::rebuild(Connection& connection) const
{
    if (auto status
        = connection.execute("DELETE FROM position_block WHERE list = :1", m_list).status();
        !status.ok())
        return status;
    for (std::int64_t first = kStart;;) {
        const auto next = cut(connection, first);
        if (!next.ok())
            return next.status();
        const auto rows = count(connection, first, *next);
        if (!rows.ok())
            return rows.status();
        if (auto status = add(connection, first, *rows); !status.ok())
            return status;
        if (!next->has_value())
            return absl::OkStatus();
        first = **next;
    }
}

absl::StatusOr<std::vector<Positions::Block>> Positions::blocks(Connection& connection) const
{
    return connection.select(
        "SELECT first, rows FROM position_block WHERE list = :1 ORDER BY first",
        [](std::int64_t first, std::int64_t rows) {
            return Block{first, rows};
        },
        m_list);
}

absl::StatusOr<std::int64_t> Positions::total(Connection& connection) const
{
    const auto sum = connection.selectOne(
        "SELECT coalesce(sum(rows), 0) FROM position_block WHERE list = :1", number, m_list);
    if (!sum.ok())
        return sum.status();
    return sum->value_or(0);
}

absl::StatusOr<Positions::Place> Positions::seek(
    Connection& connection, std::int64_t skip, bool descending) const
{
    const auto found = blocks(connection);
    if (!found.ok())
        return found.status();
    Place place;
    for (const Block& block : *found)
        place.total += block.rows;
    if (skip < 0 || skip >= place.total) {
        place.beyond = true;
        return place;
    }
    place.from = kStart;
    place.open = true;
    place.offset = skip;
    if (descending) {
        for (auto block = found->rbegin(); block->rows <= place.offset; ++block) {
            place.offset -= block->rows;
            place.from = block->first; // What lies below it comes next.
            place.open = false;
        }
        return place;
    }
    for (auto block = found->begin(); block->rows <= place.offset;) {
        place.offset -= block->rows;
        place.from = (++block)->first;
        place.open = false;
    }
    return place;
}

absl::StatusOr<PageQuery> pageQuery(Connection& connection, const Positions& positions,
    std::string_view table, std::string_view columns, std::string_view column, Listing& listing)
{
    PageQuery page;
    std::string where = listing.where;
    std::int64_t offset = listing.offset;
    if (!listing.filtered && listing.simpleOrder && listing.field == column) {
        const auto place = positions.seek(connection, listing.offset, listing.descending);
        if (!place.ok())
            return place.status();
        page.total = place->total;
        offset = place->beyond ? place->total : place->offset;
        if (!place->open && !place->beyond) {
            listing.values.emplace_back(place->from);
            where = text(column, listing.descending ? " < :" : " >= :", listing.values.size());
        }
    } else {
        const auto total = countRows(connection, table, listing);
        if (!total.ok())
            return total.status();
        page.total = *total;
    }
    const std::size_t bound = listing.values.size();
    listing.values.emplace_back(std::int64_t{listing.limit});
    listing.values.emplace_back(offset);
    page.sql = text("SELECT ", columns, " FROM ", table, " JOIN (SELECT rowid AS page FROM ", table,
        " WHERE ", where, " ORDER BY ", listing.orderBy, " LIMIT :", bound + 1,
        " OFFSET :", bound + 2, ") ON ", table, ".rowid = page ORDER BY ", listing.orderBy);
    return page;
}

} // namespace shopfleet::runtime
