// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

#include <map>
#include <tuple>
#include <utility>

namespace shopfleet::orders {

/// What orders add to the overview's figures, collected and then written at once within the same
/// transaction.
class Tally {
public:
    void add(const v1::Order& order) { count(order, 1); }
    void remove(const v1::Order& order) { count(order, -1); }
    absl::Status write(runtime::Connection& db) const;

private:
    struct Figures {
        std::int64_t orders = 0;
        std::int64_t revenue = 0;
        std::int64_t units = 0;
    };
    void count(const v1::Order& order, std::int64_t sign);

    using Key
        = std::tuple<std::int64_t, std::int64_t, int, std::string>; // Scale, at, state, currency.
    std::map<Key, Figures> m_figures;
    std::map<std::pair<int, std::string>, std::int64_t> m_states;
};

/// Where in the list by placed_at (of one state, or of all: 0) a position lies.
struct Position {
    std::int64_t edge
        = 0; ///< Microseconds: go on from here, before it if descending, else from it on.
    std::int64_t beyond = 0; ///< This many more are to be skipped.
};
absl::StatusOr<Position> findPosition(
    runtime::Connection& db, int state, std::int64_t offset, bool descending);

/// How many orders there are in this state, or in all: 0.
absl::StatusOr<std::int64_t> countOrders(runtime::Connection& db, int state);

/// The overview: reads the kept figures, a few thousand small rows however many orders there are.
absl::StatusOr<v1::OrderStats> orderStats(
    runtime::Connection& db, const v1::GetOrderStatsRequest& request);

} // namespace shopfleet::orders
