// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/sessionstore.h"

#include <utility>

namespace shopfleet::accounts::sessions {
namespace {

constexpr std::int64_t kDayUs = std::int64_t{24} * 3600 * 1'000'000;

Credential credential(std::string customerId, std::string hash, std::string changedBy)
{
    return {std::move(customerId), std::move(hash), std::move(changedBy)};
}

Refresh refresh(std::string hash, std::string family, std::string customerId,
    std::int64_t expiresAt, std::string usedBy, std::string next)
{
    return {std::move(hash), std::move(family), std::move(customerId), expiresAt, std::move(usedBy),
        std::move(next)};
}

} // namespace

absl::StatusOr<std::optional<Credential>> credentialByEmail(
    Connection& db, const std::string& emailKey)
{
    return db.selectOne("SELECT c.customer_id, c.hash, c.changed_by FROM customer p JOIN "
                        "credential c ON c.customer_id = p.id "
                        "WHERE lower(p.email) = :1 AND p.email <> ''",
        &credential, emailKey);
}

absl::StatusOr<std::optional<Credential>> credentialOf(
    Connection& db, const std::string& customerId)
{
    return db.selectOne(
        "SELECT customer_id, hash, changed_by FROM credential WHERE customer_id = :1", &credential,
        customerId);
}

absl::Status setCredential(Connection& db, const Credential& credential)
{
    return db
        .execute(
            "INSERT INTO credential (customer_id, hash, changed_by) VALUES (:1, :2, :3) ON "
            "CONFLICT "
            "(customer_id) DO UPDATE SET hash = excluded.hash, changed_by = excluded.changed_by",
            credential.customerId, credential.hash, credential.changedBy)
        .status();
}

absl::Status removeCredential(Connection& db, const std::string& customerId)
{
    return db.execute("DELETE FROM credential WHERE customer_id = :1", customerId).status();
}

absl::StatusOr<std::optional<std::string>> customerOfSignUp(
    Connection& db, const std::string& requestId)
{
    return db.selectOne(
        "SELECT customer_id FROM sign_up WHERE request_id = :1", [](std::string id) { return id; },
        requestId);
}

absl::Status addSignUp(
    Connection& db, const std::string& requestId, const std::string& customerId, std::int64_t nowUs)
{
    return db
        .execute("INSERT INTO sign_up (request_id, customer_id, at) VALUES (:1, :2, :3)", requestId,
            customerId, nowUs)
        .status();
}

absl::StatusOr<std::optional<Refresh>> refreshByHash(Connection& db, const std::string& hash)
{
    return db.selectOne("SELECT hash, family, customer_id, expires_at, used_by, next FROM "
                        "refresh_token WHERE hash = :1",
        &refresh, hash);
}

absl::Status addRefresh(Connection& db, const Refresh& refresh)
{
    return db
        .execute("INSERT INTO refresh_token (hash, family, customer_id, expires_at, used_by, next) "
                 "VALUES (:1, :2, :3, :4, '', '')",
            refresh.hash, refresh.family, refresh.customerId, refresh.expiresAt)
        .status();
}

absl::Status markUsed(
    Connection& db, const std::string& hash, const std::string& requestId, const std::string& next)
{
    return db
        .execute("UPDATE refresh_token SET used_by = :1, next = :2 WHERE hash = :3", requestId,
            next, hash)
        .status();
}

absl::Status removeRefresh(Connection& db, const std::string& hash)
{
    return db.execute("DELETE FROM refresh_token WHERE hash = :1", hash).status();
}

absl::Status endFamily(Connection& db, const std::string& family)
{
    return db.execute("DELETE FROM refresh_token WHERE family = :1", family).status();
}

absl::Status endAllOf(Connection& db, const std::string& customerId)
{
    return db.execute("DELETE FROM refresh_token WHERE customer_id = :1", customerId).status();
}

absl::StatusOr<Failures> failuresOf(Connection& db, const std::string& emailKey)
{
    const auto found = db.selectOne(
        "SELECT failures, at FROM sign_in_failure WHERE email = :1",
        [](std::int64_t count, std::int64_t at) {
            return Failures{count, at};
        },
        emailKey);
    if (!found.ok())
        return found.status();
    return found->value_or(Failures());
}

absl::Status addFailure(Connection& db, const std::string& emailKey, std::int64_t nowUs)
{
    return db
        .execute("INSERT INTO sign_in_failure (email, failures, at) VALUES (:1, 1, :2) "
                 "ON CONFLICT (email) DO UPDATE SET failures = failures + 1, at = excluded.at",
            emailKey, nowUs)
        .status();
}

absl::Status clearFailures(Connection& db, const std::string& emailKey)
{
    return db.execute("DELETE FROM sign_in_failure WHERE email = :1", emailKey).status();
}

absl::Status prune(Connection& db, std::int64_t nowUs)
{
    for (const auto& [sql, before] :
        {std::pair("DELETE FROM refresh_token WHERE expires_at < :1", nowUs),
            std::pair("DELETE FROM sign_in_failure WHERE at < :1", nowUs - kDayUs),
            std::pair("DELETE FROM sign_up WHERE at < :1", nowUs - kDayUs)}) {
        if (const auto dropped = db.execute(sql, before); !dropped.ok())
            return dropped.status();
    }
    return absl::OkStatus();
}

} // namespace shopfleet::accounts::sessions
