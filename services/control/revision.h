// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

namespace shopfleet::control {

/// What the replicas of a service are copies of: a release, and the flags that rollouts changed.
struct Revision {
    std::string version;
    std::map<std::string, std::string> arguments; // Without the two hyphens.
    std::string directory; // Where the release's programs are; empty: where the fleet's are.

    /// "1.2.0", or "1.2.0+5d41402a" with flags of its own: tells the revisions of a service apart.
    std::string label() const;
};

/// Brings a new revision of a service in beside the present one, or takes it out again.
struct Plan {
    std::string rollout; // Its id.
    Revision next;
    int fresh = 0; // How many replicas of `next` there should be,
    int old = 0; // and how many of everything else.
    int weight = 0; // The share of the reads that goes to `next`, in percent; 0: by their numbers.
};

/// How far a plan is.
struct Standing {
    int desired = 0;
    int freshReady = 0;
    int freshStaying = 0; // With those that start,
    int freshThere = 0; // and with those that go.
    int oldReady = 0;
    int oldThere = 0;
    std::string trouble; // Why the new revision is no good as it is; empty: nothing is known.
};

} // namespace shopfleet::control
