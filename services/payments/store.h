// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <absl/status/statusor.h>

#include <optional>
#include <string>

/// The SQL of payments. Knows rows and messages; knows nothing of rules, providers and RPCs.
namespace shopfleet::payments::store {

using runtime::Connection;

absl::StatusOr<std::optional<v1::Payment>> find(Connection& db, const std::string& id);
absl::StatusOr<std::optional<v1::Payment>> findByOrder(
    Connection& db, const std::string& orderId, int attempt);
/// NOT_FOUND where there is none.
absl::StatusOr<v1::Payment> get(Connection& db, const std::string& id);
absl::StatusOr<v1::ListPaymentsResponse> list(
    Connection& db, const v1::ListPaymentsRequest& request);

/// The row, what search finds it by, and the change that watchers see.
absl::Status insert(Connection& db, const v1::Payment& payment);
absl::Status replace(Connection& db, const v1::Payment& payment);

} // namespace shopfleet::payments::store
