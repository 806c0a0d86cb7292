// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/provider/store.h"

#include "services/runtime/clock.h"
#include "services/runtime/status.h"

#include <algorithm>
#include <utility>

namespace shopfleet::provider::store {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kLargestPage = 1'000;

/// Of a row's columns.
constexpr auto kRead
    = [](std::string key, v1::Kind kind, std::string token, std::string currency,
          std::int64_t minor, std::string about, v1::Outcome outcome, std::string reference,
          std::string reason, std::string method, std::int64_t at) -> Entry {
    Entry entry;
    entry.token = std::move(token);
    v1::Operation& operation = entry.operation;
    operation.set_key(std::move(key));
    operation.set_kind(kind);
    if (kind != v1::KIND_UNSPECIFIED) {
        operation.mutable_amount()->set_currency(std::move(currency));
        operation.mutable_amount()->set_minor(minor);
    }
    operation.set_about(std::move(about));
    operation.set_outcome(outcome);
    operation.set_reference(std::move(reference));
    operation.set_reason(std::move(reason));
    operation.set_method(std::move(method));
    *operation.mutable_at() = runtime::toTimestamp(at);
    return entry;
};

} // namespace

absl::StatusOr<std::optional<Entry>> find(Connection& db, const std::string& key)
{
    return db.selectOne("SELECT key, kind, token, currency, minor, about, outcome, reference, "
                        "reason, method, at FROM operation WHERE key = :1",
        kRead, key);
}

absl::Status insert(Connection& db, const Entry& entry)
{
    const v1::Operation& operation = entry.operation;
    return db
        .execute("INSERT INTO operation (key, kind, token, currency, minor, about, outcome, "
                 "reference, reason, method, at) "
                 "VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9, :10, :11)",
            operation.key(), operation.kind(), entry.token, operation.amount().currency(),
            operation.amount().minor(), operation.about(), operation.outcome(),
            operation.reference(), operation.reason(), operation.method(),
            runtime::toUs(operation.at()))
        .status();
}

absl::StatusOr<v1::ListOperationsResponse> list(
    Connection& db, const v1::ListOperationsRequest& request)
{
    if (request.page_size() < 0)
        return runtime::invalidField("page_size", "must not be negative");
    const int size
        = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kLargestPage);
    auto rows = db.select("SELECT key, kind, token, currency, minor, about, outcome, reference, "
                          "reason, method, at FROM operation WHERE key > :1 ORDER BY key LIMIT :2",
        kRead, request.page_token(), size);
    if (!rows.ok())
        return rows.status();
    v1::ListOperationsResponse response;
    for (Entry& entry : *rows)
        *response.add_operations() = std::move(entry.operation);
    if (response.operations_size() == size)
        response.set_next_page_token(response.operations(size - 1).key());
    return response;
}

absl::StatusOr<std::optional<Account>> accountOf(Connection& db, const std::string& reference)
{
    auto account = db.selectOne(
        "SELECT token, currency, minor FROM operation "
        "WHERE reference = :1 AND reference <> '' AND kind = 1 AND outcome = 1",
        [](std::string token, std::string currency, std::int64_t minor) {
            return Account{
                .token = std::move(token), .currency = std::move(currency), .authorised = minor};
        },
        reference);
    if (!account.ok() || !account->has_value())
        return account;
    const auto done = db.select(
        "SELECT kind, sum(minor) FROM operation WHERE about = :1 AND about <> '' AND outcome = 1 "
        "GROUP BY kind",
        [](v1::Kind kind, std::int64_t minor) { return std::pair(kind, minor); }, reference);
    if (!done.ok())
        return done.status();
    for (const auto& [kind, minor] : *done) {
        if (kind == v1::KIND_CAPTURE)
            (*account)->captured = minor;
        else if (kind == v1::KIND_VOID)
            (*account)->voided = minor;
        else if (kind == v1::KIND_REFUND)
            (*account)->refunded = minor;
    }
    return account;
}

} // namespace shopfleet::provider::store
