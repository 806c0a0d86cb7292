// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "services/runtime/listing.h"

#include <cstdint>
#include <string>

namespace shopfleet::runtime {

/// Tells where the n-th row of a long list lies, so that `skip` costs a step over counts of blocks
/// and a short OFFSET instead of a walk over all the rows before it; the list's length comes with
/// it.
///
/// The list is ordered by one integer column, which need not be unique (an INTEGER PRIMARY KEY, a
/// time). Blocks of 1,000 to 2,000 rows are kept in `position_block`, in the transaction that
/// changes the rows: whoever inserts, removes or moves a row says so here, after doing it.
class Positions {
public:
    /// `list` names it among the blocks ("orders", "orders/state=3"); `table`, `column` and
    /// `condition` (fixed texts) say which rows it has. The column needs an index.
    Positions(std::string list, std::string_view table, std::string_view column,
        std::string_view condition = "1");

    absl::Status inserted(Connection& connection, std::int64_t key) const;
    absl::Status removed(Connection& connection, std::int64_t key) const;
    /// Counts anew, for a list that was filled before it had positions.
    absl::Status rebuild(Connection& connection) const;

    absl::StatusOr<std::int64_t> total(Connection& connection) const;

    /// Where to begin: at the rows whose integer is at least `from` (ascending) or less than `from`
    /// (descending), skipping `offset` of them.
    struct Place {
        std::int64_t from = 0;
        bool open = false; ///< No bound: begin at the list's end.
        std::int64_t offset = 0;
        std::int64_t total = 0;
        bool beyond = false; ///< There are not that many rows.
    };
    absl::StatusOr<Place> seek(Connection& connection, std::int64_t skip, bool descending) const;

private:
    struct Block {
        std::int64_t first, rows;
    };
    absl::StatusOr<std::optional<Block>> blockOf(Connection& connection, std::int64_t key) const;
    absl::StatusOr<std::vector<Block>> blocks(Connection& connection) const;
    absl::StatusOr<std::int64_t> count(
        Connection& connection, std::int64_t from, std::optional<std::int64_t> to) const;
    /// The first integer at which the block that begins at `first` may be cut.
    absl::StatusOr<std::optional<std::int64_t>> cut(
        Connection& connection, std::int64_t first) const;
    absl::Status split(Connection& connection, const Block& block, std::int64_t key) const;
    absl::Status add(Connection& connection, std::int64_t first, std::int64_t rows) const;
    absl::Status change(Connection& connection, std::int64_t first, std::int64_t by) const;

    std::string m_list;
    std::string m_count, m_countFrom, m_nth, m_after;
};

/// The query of one page of a list, and how many rows there are in all.
struct PageQuery {
    std::string sql; ///< Its values are the listing's.
    std::int64_t total = 0;
};

/// Selects `columns` of `table`. Indexes alone find the page, and only its rows are read; in the
/// order of `column` alone it begins at a known position instead of walking there. Adds what it
/// binds to the listing's values.
absl::StatusOr<PageQuery> pageQuery(Connection& connection, const Positions& positions,
    std::string_view table, std::string_view columns, std::string_view column, Listing& listing);

} // namespace shopfleet::runtime
