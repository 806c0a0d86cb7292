// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

/// The SQL of signing in: credentials, sign-ups, refresh tokens, failures. Knows hashes alone,
/// never a password or a token.
namespace shopfleet::accounts::sessions {

using runtime::Connection;

struct Credential {
    std::string customerId;
    std::string hash;
    std::string changedBy; ///< The request_id that set it.
};
absl::StatusOr<std::optional<Credential>> credentialByEmail(
    Connection& db, const std::string& emailKey);
absl::StatusOr<std::optional<Credential>> credentialOf(
    Connection& db, const std::string& customerId);
absl::Status setCredential(Connection& db, const Credential& credential);
absl::Status removeCredential(Connection& db, const std::string& customerId);

absl::StatusOr<std::optional<std::string>> customerOfSignUp(
    Connection& db, const std::string& requestId);
absl::Status addSignUp(Connection& db, const std::string& requestId, const std::string& customerId,
    std::int64_t nowUs);

struct Refresh {
    std::string hash;
    std::string family;
    std::string customerId;
    std::int64_t expiresAt = 0;
    std::string usedBy; ///< The request_id that traded it in; empty: still good.
    std::string next; ///< The hash of the token that it was traded for.
};
absl::StatusOr<std::optional<Refresh>> refreshByHash(Connection& db, const std::string& hash);
absl::Status addRefresh(Connection& db, const Refresh& refresh);
absl::Status markUsed(
    Connection& db, const std::string& hash, const std::string& requestId, const std::string& next);
absl::Status removeRefresh(Connection& db, const std::string& hash);
absl::Status endFamily(Connection& db, const std::string& family);
absl::Status endAllOf(Connection& db, const std::string& customerId);

struct Failures {
    std::int64_t count = 0;
    std::int64_t lastUs = 0;
};
absl::StatusOr<Failures> failuresOf(Connection& db, const std::string& emailKey);
absl::Status addFailure(Connection& db, const std::string& emailKey, std::int64_t nowUs);
absl::Status clearFailures(Connection& db, const std::string& emailKey);

/// Drops what has run out; each call costs what there is to drop.
absl::Status prune(Connection& db, std::int64_t nowUs);

} // namespace shopfleet::accounts::sessions
