// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "services/traces/callgraph.h"

namespace shopfleet::traces::store {

/// Adds to what is kept, and forgets what is older than a day.
absl::Status add(runtime::Connection& db, const CallGraphSums& sums);
absl::StatusOr<v1::CallGraph> callGraph(
    runtime::Connection& db, const v1::GetCallGraphRequest& request);

} // namespace shopfleet::traces::store
