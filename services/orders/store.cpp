// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/store.h"

#include "services/orders/rules.h"
#include "services/orders/tallystore.h"
#include "services/runtime/changes.h"
#include "services/runtime/clock.h"
#include "services/runtime/text.h"

namespace shopfleet::orders {
namespace {

using runtime::Connection;

constexpr std::int64_t kAnswerKeptUs = std::int64_t{24} * 3600 * 1'000'000;

std::string selectOne(const char* columns, const char* where)
{
    return std::string("SELECT ") + columns + " FROM orders o WHERE " + where;
}

absl::StatusOr<std::optional<Stored>> find(Connection& db, const std::string& id)
{
    static const std::string sql = selectOne(kRowColumnsWithLines, "o.id = :1");
    auto rows = db.select(sql, &readRowWithLines, id);
    if (!rows.ok())
        return rows.status();
    if (rows->empty())
        return std::nullopt;
    return std::move(rows->front());
}

/// What the store itself adds is kept when an import comes again with other content.
void keepNotes(const v1::Order& stored, v1::Order& order)
{
    if (order.note().empty())
        order.set_note(stored.note());
    if (order.tags().empty())
        *order.mutable_tags() = stored.tags();
    order.set_held(stored.held());
}

void forget(v1::Order& order)
{
    order.clear_timeline();
    order.clear_waiting();
    order.clear_etag();
}

} // namespace

absl::StatusOr<Stored> load(Connection& db, const std::string& id)
{
    auto stored = find(db, id);
    if (!stored.ok())
        return stored.status();
    if (!*stored)
        return runtime::notFound("order", id);
    return **std::move(stored);
}

absl::StatusOr<v1::Order> getOrder(Connection& db, const std::string& id)
{
    auto stored = load(db, id);
    if (!stored.ok())
        return stored.status();
    if (auto status = readTimeline(db, stored->order); !status.ok())
        return status;
    return std::move(stored->order);
}

absl::StatusOr<std::vector<v1::Order>> getOrders(
    Connection& db, const std::vector<std::string>& ids)
{
    static const std::string sql = selectOne(kRowColumns, "o.id = :1");
    std::vector<v1::Order> orders;
    for (const std::string& id : ids) {
        auto rows = db.select(sql, &readRow, id);
        if (!rows.ok())
            return rows.status();
        for (Stored& stored : *rows)
            orders.push_back(std::move(stored.order));
    }
    return orders;
}

absl::StatusOr<std::optional<Stored>> findPlaced(Connection& db, const std::string& requestId)
{
    static const std::string sql
        = selectOne(kRowColumnsWithLines, "o.request_id = :1 AND o.request_id <> ''");
    auto rows = db.select(sql, &readRowWithLines, requestId);
    if (!rows.ok())
        return rows.status();
    if (rows->empty())
        return std::nullopt;
    return std::move(rows->front());
}

absl::StatusOr<std::optional<v1::Order>> findAnswer(Connection& db, const std::string& orderId)
{
    return db.selectOne(
        "SELECT body FROM answer WHERE order_id = :1",
        [](const std::string& body) {
            v1::Order order;
            order.ParseFromString(body);
            return order;
        },
        orderId);
}

absl::Status keepAnswer(Connection& db, const v1::Order& order, std::int64_t nowUs)
{
    const auto forgotten
        = db.execute("DELETE FROM answer WHERE number IN (SELECT number FROM "
                     "(SELECT number, at FROM answer ORDER BY number LIMIT 2) WHERE at < :1)",
            nowUs - kAnswerKeptUs);
    if (!forgotten.ok())
        return forgotten.status();
    return db
        .execute("INSERT INTO answer (order_id, body, at) VALUES (:1, :2, :3)", order.id(),
            order.SerializeAsString(), nowUs)
        .status();
}

absl::StatusOr<std::int64_t> Writes::freeKey(Connection& db, std::int64_t placedAt)
{
    constexpr std::int64_t kPerSecond = 1024;
    const std::int64_t wanted
        = placedAt / 1'000'000 * kPerSecond + placedAt % 1'000'000 * kPerSecond / 1'000'000;
    if (m_lastKeys.size() > 100'000)
        m_lastKeys.clear();
    const auto last = m_lastKeys.find(wanted);
    const std::int64_t from = last == m_lastKeys.end() ? wanted : last->second + 1;
    const auto gap = db.selectOne(R"sql(
        SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM orders WHERE key = :1) THEN :1 ELSE (
            SELECT o.key + 1 FROM orders o
            WHERE o.key >= :1 AND NOT EXISTS (SELECT 1 FROM orders n WHERE n.key = o.key + 1)
            ORDER BY o.key LIMIT 1) END)sql",
        [](std::int64_t free) { return free; }, from);
    if (!gap.ok())
        return gap.status();
    const std::int64_t key = gap->value_or(from);
    if (key != wanted)
        m_lastKeys[wanted] = key;
    return key;
}

absl::Status Writes::insert(
    Connection& db, Stored& stored, const std::string& requestId, const Cause& cause)
{
    const auto key = freeKey(db, runtime::toUs(stored.order.placed_at()));
    if (!key.ok())
        return key.status();
    stored.key = *key;
    *stored.order.mutable_updated_at() = runtime::toTimestamp(cause.now);
    stored.order.set_etag(std::to_string(stored.version));
    if (auto status = insertRow(db, stored, requestId); !status.ok())
        return status;
    if (auto status = runtime::recordChange(db, "order", stored.order.id()); !status.ok())
        return status;
    return m_words.add(db, stored.key, documentOf(stored.order));
}

absl::Status Writes::replace(Connection& db, Stored& old, v1::Order order, const Cause& cause)
{
    keepNotes(old.order, order);
    const std::string before = documentOf(old.order);
    const bool moves = runtime::toUs(order.placed_at()) != runtime::toUs(old.order.placed_at());
    Stored fresh = old;
    fresh.order = std::move(order);
    *fresh.order.mutable_updated_at() = runtime::toTimestamp(cause.now);
    if (auto status = m_words.remove(db, old.key, before); !status.ok())
        return status;
    if (moves) {
        // The key follows the time of placing, so the row lies elsewhere from now on.
        ++fresh.version;
        if (auto gone = db.execute("DELETE FROM orders WHERE key = :1", old.key); !gone.ok())
            return gone.status();
        return insert(db, fresh, "", cause);
    }
    if (auto status = updateRow(db, fresh); !status.ok())
        return status;
    if (auto status = runtime::recordChange(db, "order", fresh.order.id()); !status.ok())
        return status;
    return m_words.add(db, fresh.key, documentOf(fresh.order));
}

absl::StatusOr<v1::ImportOrdersResponse> Writes::import(
    Connection& db, const v1::ImportOrdersRequest& request, const Cause& cause)
{
    v1::ImportOrdersResponse response;
    Tally tally;
    for (int i = 0; i < request.orders_size(); ++i) {
        v1::Order order = request.orders(i);
        const std::int64_t hash = contentHash(order);
        forget(order);
        auto old = find(db, order.id());
        if (!old.ok())
            return old.status();
        if (*old && (*old)->importHash == hash) {
            response.set_unchanged(response.unchanged() + 1);
            continue;
        }
        if (*old && (*old)->order.origin() != order.origin())
            return runtime::failedPrecondition("OTHER_ORIGIN", runtime::text("orders[", i, "].id"),
                runtime::text(order.id(), " is there and came from ", (*old)->order.origin()));
        Cause source = cause;
        source.actor = order.origin();
        const std::string id = order.id();
        const std::string origin = order.origin();
        tally.add(order);
        absl::Status status;
        if (*old) {
            tally.remove((*old)->order);
            (*old)->importHash = hash;
            status = replace(db, **old, std::move(order), cause);
            response.set_updated(response.updated() + 1);
        } else {
            Stored stored;
            stored.order = std::move(order);
            stored.importHash = hash;
            status = insert(db, stored, "", cause);
            response.set_created(response.created() + 1);
        }
        if (status.ok())
            status = addEvent(db, id, *old ? "order.imported_again" : "order.imported",
                common::v1::SEVERITY_PROGRESS, {{"origin", origin}}, source);
        if (!status.ok())
            return status;
    }
    if (auto status = tally.write(db); !status.ok())
        return status;
    return response;
}

absl::StatusOr<Unfinished> Writes::place(Connection& db, v1::Order order,
    const std::string& requestId, std::int64_t requestHash, const std::string& paymentToken,
    const Cause& cause)
{
    const auto taken = db.selectOne(R"sql(
        SELECT id FROM orders WHERE cart_id = :1 AND cart_id <> '' AND state NOT IN (7, 8))sql",
        [](std::string id) { return id; }, order.cart_id());
    if (!taken.ok())
        return taken.status();
    if (taken->has_value())
        return runtime::failedPrecondition(
            "CART_ORDERED", "cart", runtime::text("became order ", **taken));
    const auto number = nextNumber(db);
    if (!number.ok())
        return number.status();

    Unfinished unfinished;
    unfinished.progress.step = nextStep(Goal::Confirm, 0);
    unfinished.progress.paymentToken = paymentToken;
    Stored stored;
    stored.order = std::move(order);
    stored.order.set_id(*number);
    stored.order.set_trace_id(cause.traceId);
    *stored.order.mutable_placed_at() = runtime::toTimestamp(cause.now);
    stored.requestHash = requestHash;
    await(stored.order, unfinished.progress.step, cause);
    if (auto status = insert(db, stored, requestId, cause); !status.ok())
        return status;
    unfinished.order = std::move(stored.order);
    if (auto status = saveProgress(db, *number, unfinished.progress); !status.ok())
        return status;
    Tally tally;
    tally.add(unfinished.order);
    if (auto status = tally.write(db); !status.ok())
        return status;
    if (auto status = addEvent(db, *number, "order.placed", common::v1::SEVERITY_PROGRESS,
            {{"cart", unfinished.order.cart_id()}}, cause);
        !status.ok())
        return status;
    return unfinished;
}

} // namespace shopfleet::orders
