// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/traces/v1/traces.pb.h"

#include <optional>
#include <string>

namespace shopfleet::traces::store {

using runtime::Connection;

/// Keeps an arranged trace, or adds its spans to what is kept of it.
absl::Status save(Connection& db, v1::Trace trace);
/// With its spans, arranged.
absl::StatusOr<std::optional<v1::Trace>> find(Connection& db, const std::string& traceId);
absl::StatusOr<v1::SearchTracesResponse> search(
    Connection& db, const v1::SearchTracesRequest& request);
/// Removes the oldest of whichever service has most, ordinary ones first, until all are within
/// `mostBytes`.
absl::Status makeRoom(Connection& db, std::int64_t mostBytes);

} // namespace shopfleet::traces::store
