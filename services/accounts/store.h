// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/accounts/v1/accounts.pb.h"

#include <absl/status/statusor.h>

#include <optional>
#include <string>

/// The SQL of customers. Knows rows and messages; knows nothing of rules and RPCs.
namespace shopfleet::accounts::store {

using runtime::Connection;

absl::StatusOr<std::optional<v1::Customer>> find(Connection& db, const std::string& id);
/// By the lower-case e-mail.
absl::StatusOr<std::optional<v1::Customer>> findByEmail(
    Connection& db, const std::string& emailKey);
/// NOT_FOUND where there is none.
absl::StatusOr<v1::Customer> get(Connection& db, const std::string& id);
absl::StatusOr<v1::ListCustomersResponse> list(
    Connection& db, const v1::ListCustomersRequest& request);

/// The row, what search finds it by, and the change that watchers see.
absl::Status insert(Connection& db, const v1::Customer& customer);
absl::Status replace(Connection& db, const v1::Customer& customer);

} // namespace shopfleet::accounts::store
