// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/provider/v1/provider.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

/// The SQL of the provider's books.
namespace shopfleet::provider::store {

using runtime::Connection;

struct Entry {
    v1::Operation operation;
    std::string token; ///< Of the card.
};

absl::StatusOr<std::optional<Entry>> find(Connection& db, const std::string& key);
absl::Status insert(Connection& db, const Entry& entry);
absl::StatusOr<v1::ListOperationsResponse> list(
    Connection& db, const v1::ListOperationsRequest& request);

/// The authorisation with this reference, and what was done with it so far, in minor units.
struct Account {
    std::string token;
    std::string currency;
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t voided = 0;
    std::int64_t refunded = 0;
};
absl::StatusOr<std::optional<Account>> accountOf(Connection& db, const std::string& reference);

} // namespace shopfleet::provider::store
