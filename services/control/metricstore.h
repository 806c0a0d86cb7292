// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/history.h"
#include "services/runtime/connection.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace shopfleet::control::store {

/// How fine, for how long, and how many seconds' points one row holds.
struct Tier {
    std::int64_t step;
    std::int64_t keeps;
    std::int64_t row;
};
inline constexpr std::array<Tier, 3> kTiers{
    {{1, 3'600, 10}, {10, 86'400, 10}, {60, std::int64_t{30} * 86'400, 60}}};

/// One step of one track.
struct Point {
    std::int64_t at = 0; ///< Seconds since 1970: its beginning.
    Track::Sum sum;
};

/// Adds one row of a tier: its points, oldest first.
absl::Status add(runtime::Connection& db, int tier, const History::Key& key, std::int64_t at,
    const std::vector<Point>& points);
/// Those of [from, to), oldest first.
absl::StatusOr<std::vector<Point>> points(
    runtime::Connection& db, int tier, const History::Key& key, std::int64_t from, std::int64_t to);
/// "*" as replica or method: each of them. An empty service: each.
absl::StatusOr<std::vector<History::Key>> keys(
    runtime::Connection& db, const History::Key& pattern);
absl::StatusOr<std::vector<History::Key>> allKeys(runtime::Connection& db);
/// What is older than its tier keeps, and tracks without a point.
absl::Status forget(runtime::Connection& db, std::int64_t now);
/// A tenth of the minutes' rows, the oldest: there is more than room for.
absl::Status shorten(runtime::Connection& db);
/// The oldest point of all; 0: there is none.
absl::StatusOr<std::int64_t> oldest(runtime::Connection& db);
/// Of what is in the file.
absl::StatusOr<std::int64_t> bytes(runtime::Connection& db);

} // namespace shopfleet::control::store
