// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/tally.h"
#include "shopfleet/control/v1/control.pb.h"

namespace shopfleet::control {

/// What one side of a rollout did in a span of time.
struct Side {
    Tally all; // All its requests.
    Tally checkouts; // Those by which shoppers buy, its own or the whole store's.
    int seconds = 0; // How many of them are known.
};

/// The gate with its defaults filled in.
v1::RolloutGate completed(v1::RolloutGate gate);

/// Compares the new version with the stable one. `passed` says that nothing speaks against the new
/// one: of fewer than fifty requests nothing is said. Latencies are compared only where both served
/// in the same time, since other load has others, and once the new one is warm.
v1::GateResult compare(
    const v1::RolloutGate& gate, const Side& canary, const Side& stable, bool sameTime);

} // namespace shopfleet::control
