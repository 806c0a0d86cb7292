// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/inquirer.h"
#include "shopfleet/control/v1/control.pb.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shopfleet::control {

/// What speaks against one service, beside how it usually is. Ratios and times are of calls that it
/// answered, with what it waited for itself in them.
struct Signs {
    std::string service;
    std::int64_t firstDeviationUs = 0; ///< Since 1970; 0: it does not deviate.
    double missing = 0; ///< 0 to 1: so much of it did not serve at the worst moment.
    std::string missingWhy; ///< In the fleet's words, and why in those alone:
    std::string missingReason;
    std::string replica; ///< The one that did not serve, if it was one.
    double errorRatio = 0, usualErrorRatio = 0;
    double p95Ms = 0, usualP95Ms = 0; ///< 0: not known.
    std::string change; ///< What was done to it shortly before: "rollout r7 began 12 s before".
    std::string changeKind; ///< The event's.
    double changeSeconds = 0; ///< So long before.
};

/// Who is likeliest to be the cause, best first; those that nothing speaks against are left out.
///
/// What a service does by itself counts in full: replicas that do not serve, failures that began
/// there, time that was waited for it and nobody below it. That its calls fail or are slow counts
/// little, and less where somebody that it calls is suspected: callers show their callees' faults.
/// Who deviated first gets the benefit of any doubt, and a change made just before is named.
std::vector<v1::Suspect> rankSuspects(const std::vector<Signs>& signs, const Hearing& hearing);

} // namespace shopfleet::control
