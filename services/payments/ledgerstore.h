// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <absl/status/statusor.h>

#include <vector>

/// The ledger's SQL: it appends and reads, and has no way to change or remove.
namespace shopfleet::payments::ledger {

using runtime::Connection;

/// Gives the entries their sequence and chain. Inside the writer's transaction.
absl::Status append(Connection& db, std::vector<v1::LedgerEntry> entries);

absl::StatusOr<v1::ListLedgerEntriesResponse> list(
    Connection& db, const v1::ListLedgerEntriesRequest& request);

/// DATA_LOSS naming the first entry whose chain is broken, or a transaction that does not add up to
/// zero.
absl::Status verify(Connection& db);

} // namespace shopfleet::payments::ledger
