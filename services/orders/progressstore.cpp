// SPDX-License-Identifier: GPL-3.0-or-later
// The saga's own rows: what is left to do of each order.
#include "services/orders/store.h"
#include "services/runtime/clock.h"

namespace shopfleet::orders {

void await(v1::Order& order, Step step, const Cause& cause)
{
    order.clear_waiting();
    if (step == Step::None)
        return;
    v1::Waiting& waiting = *order.mutable_waiting();
    waiting.set_service(std::string(serviceOf(step)));
    waiting.set_method(std::string(methodOf(step)));
    *waiting.mutable_since() = runtime::toTimestamp(cause.now);
    waiting.set_trace_id(cause.traceId);
}

absl::StatusOr<std::optional<Progress>> loadProgress(runtime::Connection& db, const std::string& id)
{
    return db.selectOne(
        "SELECT goal, step, done, payment_token, reason, actor, subject FROM saga WHERE order_id = "
        ":1",
        [](Goal goal, Step step, std::uint32_t done, std::string paymentToken, std::string reason,
            std::string actor, std::string subject) {
            return Progress{goal, step, done, std::move(paymentToken), std::move(reason),
                std::move(actor), std::move(subject)};
        },
        id);
}

absl::Status saveProgress(runtime::Connection& db, const std::string& id, const Progress& progress)
{
    if (progress.step == Step::None)
        return db.execute("DELETE FROM saga WHERE order_id = :1", id).status();
    return db
        .execute(R"sql(
            INSERT INTO saga (order_id, goal, step, done, payment_token, reason, actor, subject)
            VALUES (:1, :2, :3, :4, :5, :6, :7, :8)
            ON CONFLICT (order_id) DO UPDATE SET goal = excluded.goal, step = excluded.step,
                done = excluded.done, reason = excluded.reason, actor = excluded.actor,
                subject = excluded.subject)sql",
            id, progress.goal, progress.step, progress.done, progress.paymentToken, progress.reason,
            progress.actor, progress.subject)
        .status();
}

absl::StatusOr<std::string> nextNumber(runtime::Connection& db)
{
    while (true) {
        const auto raised
            = db.execute("UPDATE sequence SET value = value + 1 WHERE name = 'order'");
        if (!raised.ok())
            return raised.status();
        // An imported order may bear the number already.
        const auto number = db.selectOne(R"sql(
            SELECT CAST(s.value AS TEXT) FROM sequence s WHERE s.name = 'order'
                AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = CAST(s.value AS TEXT)))sql",
            [](std::string free) { return free; });
        if (!number.ok())
            return number.status();
        if (number->has_value())
            return **number;
    }
}

absl::StatusOr<std::vector<Unfinished>> listUnfinished(runtime::Connection& db)
{
    const auto ids = db.select(
        "SELECT s.order_id FROM saga s JOIN orders o ON o.id = s.order_id ORDER BY o.key",
        [](std::string id) { return id; });
    if (!ids.ok())
        return ids.status();
    std::vector<Unfinished> all;
    for (const std::string& id : *ids) {
        auto stored = load(db, id);
        auto progress = loadProgress(db, id);
        if (!stored.ok() || !progress.ok())
            return stored.ok() ? progress.status() : stored.status();
        all.push_back({std::move(stored->order), **std::move(progress)});
    }
    return all;
}

} // namespace shopfleet::orders
