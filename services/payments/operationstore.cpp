// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/operationstore.h"

#include "services/runtime/text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace shopfleet::payments::operations {
namespace {

using Kind = ProviderRequest::Kind;

/// Of a row's columns.
constexpr auto kRead = [](std::string key, std::string paymentId, std::string requestId, Kind kind,
                           std::int64_t minor, int outcome, std::string reason, std::string actor,
                           std::string declineReason) -> Operation {
    return {std::move(key), std::move(paymentId), std::move(requestId), kind, minor, outcome,
        std::move(reason), std::move(actor), std::move(declineReason)};
};

} // namespace

absl::StatusOr<std::optional<Operation>> find(Connection& db, const std::string& key)
{
    return db.selectOne(
        "SELECT key, payment_id, request_id, kind, minor, outcome, reason, actor, decline_reason "
        "FROM operation WHERE key = :1",
        kRead, key);
}

absl::StatusOr<std::optional<Operation>> findByRequest(
    Connection& db, const std::string& paymentId, const std::string& requestId)
{
    return db.selectOne(
        "SELECT key, payment_id, request_id, kind, minor, outcome, reason, actor, decline_reason "
        "FROM operation WHERE payment_id = :1 AND request_id = :2",
        kRead, paymentId, requestId);
}

absl::Status add(Connection& db, Operation& operation, std::int64_t nowUs)
{
    const auto earlier = db.selectOne(
        "SELECT count(*) FROM operation WHERE payment_id = :1",
        [](std::int64_t count) { return count; }, operation.paymentId);
    if (!earlier.ok())
        return earlier.status();
    operation.key = runtime::text("op:", operation.paymentId, "#", earlier->value_or(0) + 1);
    return db
        .execute("INSERT INTO operation (key, payment_id, request_id, kind, minor, outcome, "
                 "reason, actor, "
                 "decline_reason, at) VALUES (:1, :2, :3, :4, :5, 0, :6, :7, '', :8)",
            operation.key, operation.paymentId, operation.requestId, operation.kind,
            operation.minor, operation.reason, operation.actor, nowUs)
        .status();
}

absl::Status renew(Connection& db, Operation& operation, std::int64_t nowUs)
{
    const std::string closed = std::exchange(operation.key, operation.key + ".again");
    operation.outcome = 0;
    operation.declineReason.clear();
    return db
        .execute("UPDATE operation SET key = :1, outcome = 0, decline_reason = '', at = :2 "
                 "WHERE key = :3",
            operation.key, nowUs, closed)
        .status();
}

absl::Status answer(Connection& db, const std::string& key, const ProviderAnswer& answer)
{
    return db
        .execute("UPDATE operation SET outcome = :1, decline_reason = :2 WHERE key = :3",
            answer.outcome, answer.reason, key)
        .status();
}

absl::StatusOr<std::vector<Operation>> openOf(Connection& db, const std::string& paymentId)
{
    return db.select(
        "SELECT key, payment_id, request_id, kind, minor, outcome, reason, actor, decline_reason "
        "FROM operation WHERE payment_id = :1 AND outcome IN (0, 3) ORDER BY at, key",
        kRead, paymentId);
}

absl::StatusOr<std::vector<std::string>> overdue(Connection& db, const Overdue& since, int most)
{
    const auto key = [](std::string text) { return text; };
    auto keys
        = db.select("SELECT 'auth:' || id FROM payment "
                    "WHERE (state = :1 AND created_at < :2) OR (state = :3 AND created_at < :4) "
                    "ORDER BY created_at LIMIT :5",
            key, v1::PAYMENT_STATE_UNKNOWN, since.unknownBeforeUs, v1::PAYMENT_STATE_CREATED,
            since.askedBeforeUs, most);
    if (!keys.ok())
        return keys;
    auto more = db.select("SELECT key FROM operation WHERE outcome IN (0, 3) "
                          "AND at < CASE outcome WHEN 3 THEN :1 ELSE :2 END ORDER BY at LIMIT :3",
        key, since.unknownBeforeUs, since.askedBeforeUs, most);
    if (!more.ok())
        return more;
    std::ranges::move(*more, std::back_inserter(*keys));
    return keys;
}

absl::StatusOr<Pending> pendingOf(Connection& db, const std::string& paymentId)
{
    const auto open = openOf(db, paymentId);
    if (!open.ok())
        return open.status();
    Pending pending;
    for (const Operation& operation : *open)
        (operation.kind == Kind::Refund ? pending.refunds : pending.captures) += operation.minor;
    return pending;
}

} // namespace shopfleet::payments::operations
