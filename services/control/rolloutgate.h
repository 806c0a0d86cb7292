// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/tally.h"
#include "shopfleet/control/v1/control.pb.h"

#include <map>
#include <string>

namespace shopfleet::control {

/// What one side of a rollout did in a span of time.
struct Side {
    Tally all; // All its requests,
    std::map<std::string, Tally> methods; // and by method.
    Tally checkouts; // Those by which shoppers buy, its own or the whole store's.
    int seconds = 0; // How many of them are known,
    int failing = 0; // in how many of those something failed,
    int failingCheckouts = 0; // and in how many a checkout.
};

/// The gate with its defaults filled in.
v1::RolloutGate completed(v1::RolloutGate gate);

/// Compares the new version with the stable one, and with how things were before where that one is
/// not there any more, or did not do the same: of a service with a database one replica writes.
/// `passed` says that nothing speaks against the new one: of fewer than fifty requests nothing is
/// said, nor of what failed within a moment, as while another replica comes to write: callers go on
/// to that one by themselves. Latencies are compared method by method, only where both served in
/// the same time, since other load has others, and once the new one is warm.
v1::GateResult compare(
    const v1::RolloutGate& gate, const Side& canary, const Side& stable, const Side& before);

} // namespace shopfleet::control
