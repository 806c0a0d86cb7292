// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/tallystore.h"

#include "services/orders/rules.h"
#include "services/runtime/clock.h"
#include "services/runtime/status.h"
#include "services/runtime/text.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace shopfleet::orders {
namespace {

constexpr std::int64_t kScales[] = {86'400, 3600, 60};
constexpr std::int64_t kMostIntervals = 2000;

std::int64_t floorTo(std::int64_t seconds, std::int64_t step)
{
    return seconds - ((seconds % step) + step) % step;
}

struct Sum {
    std::int64_t at = 0;
    std::int64_t orders = 0;
    std::int64_t revenue = 0;
    std::int64_t units = 0;
};

Sum readSum(std::int64_t at, std::int64_t orders, std::int64_t revenue, std::int64_t units)
{
    return {at, orders, revenue, units};
}

/// Seconds of the range, whole intervals.
struct Range {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t step = 3600;
};

/// A moment of the calendar. Beyond it the arithmetic below would run over, and on for ever.
absl::Status checkMoment(const google::protobuf::Timestamp& at, std::string_view field)
{
    using google::protobuf::util::TimeUtil;
    return at.seconds() >= TimeUtil::kTimestampMinSeconds
            && at.seconds() <= TimeUtil::kTimestampMaxSeconds && at.nanos() >= 0
            && at.nanos() < 1'000'000'000
        ? absl::OkStatus()
        : runtime::invalidField(field, "must be a time of the years 1 to 9999");
}

absl::StatusOr<Range> rangeOf(runtime::Connection& db, const v1::GetOrderStatsRequest& request)
{
    Range range;
    if (request.interval_seconds() < 0)
        return runtime::invalidField("interval_seconds", "must not be negative");
    if (request.interval_seconds() > 0)
        range.step = request.interval_seconds();
    for (const auto& [at, field] : {std::pair(&request.from(), "from"), {&request.to(), "to"}})
        if (auto status = checkMoment(*at, field); !status.ok())
            return status;
    if (request.has_to()) {
        range.to = request.to().seconds() + (request.to().nanos() > 0 ? 1 : 0);
    } else {
        const auto newest = db.selectOne("SELECT coalesce(max(placed_at), 0) FROM orders",
            [](std::int64_t placedAt) { return placedAt; });
        if (!newest.ok())
            return newest.status();
        range.to = floorTo(newest->value_or(0) / 1'000'000, range.step) + range.step;
    }
    range.from = request.has_from() ? request.from().seconds() : range.to - 24 * range.step;
    if (range.from >= range.to)
        return runtime::invalidField("from", "must be before to");
    if ((range.to - range.from + range.step - 1) / range.step > kMostIntervals)
        return runtime::invalidField(
            "interval_seconds", "must make at most 2,000 intervals between from and to");
    return range;
}

/// The coarsest kept figures whose edges are the range's; without, the orders themselves, of which
/// such a short range has few.
absl::StatusOr<std::vector<Sum>> sums(
    runtime::Connection& db, const Range& range, const std::string& currency)
{
    for (const std::int64_t scale : kScales)
        if (range.step % scale == 0 && range.from % scale == 0)
            return db.select(R"sql(
                SELECT :1 + (at - :1) / :2 * :2, sum(orders),
                    sum(CASE currency WHEN :3 THEN revenue ELSE 0 END), sum(units)
                FROM tally WHERE scale = :4 AND at >= :5 AND at < :6 GROUP BY 1 ORDER BY 1)sql",
                &readSum, range.from, range.step, currency, scale, range.from, range.to);
    return db.select(R"sql(
        SELECT :1 + (placed_at / 1000000 - :1) / :2 * :2, count(*),
            sum(CASE WHEN currency = :3 AND kind <> 3 AND state NOT IN (7, 8) THEN total ELSE 0 END),
            sum(units)
        FROM orders WHERE placed_at >= :4 AND placed_at < :5 GROUP BY 1 ORDER BY 1)sql",
        &readSum, range.from, range.step, currency, range.from * 1'000'000, range.to * 1'000'000);
}

absl::Status addIntervals(runtime::Connection& db, const Range& range, v1::OrderStats& stats)
{
    const auto found = sums(db, range, stats.currency());
    if (!found.ok())
        return found.status();
    auto next = found->begin();
    for (std::int64_t at = range.from; at < range.to; at += range.step) {
        auto& interval = *stats.add_intervals();
        interval.mutable_at()->set_seconds(at);
        if (next == found->end() || next->at != at)
            continue;
        interval.set_orders(next->orders);
        interval.set_revenue_minor(next->revenue);
        interval.set_units(next->units);
        stats.set_orders(stats.orders() + next->orders);
        stats.set_revenue_minor(stats.revenue_minor() + next->revenue);
        ++next;
    }
    return absl::OkStatus();
}

absl::Status addStates(runtime::Connection& db, v1::OrderStats& stats)
{
    struct Count {
        v1::OrderState state;
        std::int64_t orders;
    };
    const auto counts = db.select(R"sql(
        SELECT state, sum(orders) FROM state_count GROUP BY state HAVING sum(orders) > 0
        ORDER BY state)sql",
        [](v1::OrderState state, std::int64_t orders) {
            return Count{state, orders};
        });
    if (!counts.ok())
        return counts.status();
    for (const Count& count : *counts) {
        auto& state = *stats.add_states();
        state.set_state(count.state);
        state.set_orders(count.orders);
    }
    return absl::OkStatus();
}

absl::Status addWaiting(runtime::Connection& db, v1::OrderStats& stats)
{
    auto waiting = db.select(R"sql(
        SELECT waiting_service, waiting_method, count(*),
            sum(CASE currency WHEN :1 THEN total ELSE 0 END), min(waiting_since), sum(needs_person)
        FROM orders WHERE waiting_service <> '' GROUP BY 1, 2 ORDER BY 1, 2)sql",
        [](std::string service, std::string method, std::int64_t orders, std::int64_t total,
            std::int64_t oldest, std::int64_t needsPerson) {
            v1::OrderStats::WaitingOn on;
            on.set_service(std::move(service));
            on.set_method(std::move(method));
            on.set_orders(orders);
            on.set_total_minor(total);
            *on.mutable_oldest() = runtime::toTimestamp(oldest);
            on.set_needs_person(needsPerson);
            return on;
        },
        stats.currency());
    if (!waiting.ok())
        return waiting.status();
    for (auto& on : *waiting)
        *stats.add_waiting() = std::move(on);
    return absl::OkStatus();
}

} // namespace

void Tally::count(const v1::Order& order, std::int64_t sign)
{
    const std::int64_t placed = order.placed_at().seconds();
    const std::string& currency = order.total().currency();
    for (const std::int64_t scale : kScales) {
        Figures& figures = m_figures[{scale, floorTo(placed, scale), order.state(), currency}];
        figures.orders += sign;
        figures.units += sign * order.units();
        if (isRevenue(order))
            figures.revenue += sign * order.total().minor();
    }
    m_states[{order.state(), currency}] += sign;
}

absl::Status Tally::write(runtime::Connection& db) const
{
    for (const auto& [key, figures] : m_figures) {
        if (figures.orders == 0 && figures.revenue == 0 && figures.units == 0)
            continue;
        const auto& [scale, at, state, currency] = key;
        const auto written = db.execute(R"sql(
            INSERT INTO tally (scale, at, state, currency, orders, revenue, units)
            VALUES (:1, :2, :3, :4, :5, :6, :7)
            ON CONFLICT (scale, at, state, currency) DO UPDATE SET orders = orders + excluded.orders,
                revenue = revenue + excluded.revenue, units = units + excluded.units)sql",
            scale, at, state, currency, figures.orders, figures.revenue, figures.units);
        if (!written.ok())
            return written.status();
    }
    for (const auto& [key, orders] : m_states) {
        if (orders == 0)
            continue;
        const auto written = db.execute(R"sql(
            INSERT INTO state_count (state, currency, orders) VALUES (:1, :2, :3)
            ON CONFLICT (state, currency) DO UPDATE SET orders = orders + excluded.orders)sql",
            key.first, key.second, orders);
        if (!written.ok())
            return written.status();
    }
    return absl::OkStatus();
}

absl::StatusOr<Position> findPosition(
    runtime::Connection& db, int state, std::int64_t offset, bool descending)
{
    // From days to hours to minutes, each time into the one in which the position lies.
    constexpr std::int64_t kForever = std::int64_t{1} << 40U;
    std::int64_t from = -kForever;
    std::int64_t to = kForever;
    Position position{(descending ? to : from) * 1'000'000, offset};
    for (const std::int64_t scale : kScales) {
        struct Found {
            std::int64_t at, before;
        };
        const std::string sql = runtime::text(R"sql(
            SELECT at, before FROM (
                SELECT at, sum(n) OVER (ORDER BY at )sql",
            descending ? "DESC" : "ASC", R"sql() - n AS before, n
                FROM (SELECT at, sum(orders) AS n FROM tally
                    WHERE scale = :1 AND at >= :2 AND at < :3 AND (:4 = 0 OR state = :4) GROUP BY at))
            WHERE before + n > :5 ORDER BY before LIMIT 1)sql");
        const auto found = db.selectOne(
            sql,
            [](std::int64_t at, std::int64_t before) {
                return Found{at, before};
            },
            scale, from, to, state, position.beyond);
        if (!found.ok())
            return found.status();
        if (!found->has_value())
            return position; // Beyond the end: what is there is skipped in full.
        from = (*found)->at;
        to = from + scale;
        position.beyond -= (*found)->before;
        position.edge = (descending ? to : from) * 1'000'000;
    }
    return position;
}

absl::StatusOr<std::int64_t> countOrders(runtime::Connection& db, int state)
{
    const auto count = db.selectOne(
        "SELECT coalesce(sum(orders), 0) FROM state_count WHERE :1 = 0 OR state = :1",
        [](std::int64_t orders) { return orders; }, state);
    if (!count.ok())
        return count.status();
    return count->value_or(0);
}

absl::StatusOr<v1::OrderStats> orderStats(
    runtime::Connection& db, const v1::GetOrderStatsRequest& request)
{
    const auto range = rangeOf(db, request);
    if (!range.ok())
        return range.status();
    // The store's currency is the one that most orders are in; others' money is not added to it.
    const auto currency = db.selectOne(R"sql(
        SELECT currency FROM state_count GROUP BY currency ORDER BY sum(orders) DESC, currency
        LIMIT 1)sql",
        [](std::string most) { return most; });
    if (!currency.ok())
        return currency.status();

    v1::OrderStats stats;
    stats.set_currency(currency->value_or(""));
    if (auto status = addIntervals(db, *range, stats); !status.ok())
        return status;
    if (auto status = addStates(db, stats); !status.ok())
        return status;
    if (auto status = addWaiting(db, stats); !status.ok())
        return status;
    return stats;
}

} // namespace shopfleet::orders
