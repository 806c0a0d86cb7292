// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/sandboxstore.h"

#include <utility>

namespace shopfleet::payments::sandbox {

absl::StatusOr<std::optional<ProviderAnswer>> answerTo(Connection& db, const std::string& key)
{
    return db.selectOne(
        "SELECT outcome, reference, reason, method FROM sandbox_request WHERE key = :1",
        [](ProviderAnswer::Outcome outcome, std::string reference, std::string reason,
            std::string method) {
            return ProviderAnswer{
                outcome, std::move(reference), std::move(reason), std::move(method)};
        },
        key);
}

absl::Status record(Connection& db, const ProviderRequest& request, const ProviderAnswer& answer,
    std::int64_t nowUs)
{
    return db
        .execute(
            "INSERT INTO sandbox_request (key, kind, token, currency, minor, about, outcome, "
            "reference, reason, method, at) VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11)",
            request.key, request.kind, request.token, request.currency, request.minor,
            request.reference, answer.outcome, answer.reference, answer.reason, answer.method,
            nowUs)
        .status();
}

absl::StatusOr<Done> doneAbout(Connection& db, const std::string& reference)
{
    const auto sums = db.selectOne(
        "SELECT (SELECT coalesce(sum(minor), 0) FROM sandbox_request WHERE reference = :1 AND kind "
        "= 1 AND "
        "outcome = 1), (SELECT coalesce(sum(minor), 0) FROM sandbox_request WHERE about = :1 AND "
        "kind = 2 AND "
        "outcome = 1), (SELECT coalesce(sum(minor), 0) FROM sandbox_request WHERE about = :1 AND "
        "kind = 3 AND "
        "outcome = 1), (SELECT coalesce(sum(minor), 0) FROM sandbox_request WHERE about = :1 AND "
        "kind = 4 AND "
        "outcome = 1)",
        [](std::int64_t authorised, std::int64_t captured, std::int64_t voided,
            std::int64_t refunded) {
            return Done{authorised, captured, voided, refunded};
        },
        reference);
    if (!sums.ok())
        return sums.status();
    return sums->value_or(Done());
}

} // namespace shopfleet::payments::sandbox
