// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

// How an order lies in its row: `body` is the whole of it but lines and timeline, `lines` the
// lines; the other columns repeat what is filtered, sorted or joined by, and are never read back.
namespace shopfleet::orders {

/// An order with what only the store knows of it.
struct Stored {
    std::int64_t key = 0;
    v1::Order order;
    std::int64_t version = 1;
    std::int64_t requestHash = 0;
    std::int64_t importHash = 0;
};

/// What to read of a row `o`, in the order of readRow's parameters.
constexpr const char* kRowColumns = "o.key, o.version, o.request_hash, o.import_hash, o.body";
constexpr const char* kRowColumnsWithLines
    = "o.key, o.version, o.request_hash, o.import_hash, o.body, o.lines";

Stored readRow(std::int64_t key, std::int64_t version, std::int64_t requestHash,
    std::int64_t importHash, const std::string& body);
Stored readRowWithLines(std::int64_t key, std::int64_t version, std::int64_t requestHash,
    std::int64_t importHash, const std::string& body, const std::string& lines);

absl::Status insertRow(runtime::Connection& db, const Stored& stored, const std::string& requestId);

/// Writes all that may change after the insert, under the next version.
absl::Status updateRow(runtime::Connection& db, Stored& stored);
/// The same where the row is known to hold `before`: what did not change is not written, for each
/// index on it costs pages, and a checkout writes its order five times.
absl::Status updateRow(runtime::Connection& db, Stored& stored, const v1::Order& before);

} // namespace shopfleet::orders
