// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/control/v1/control.pb.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace shopfleet::control {

/// How many replicas a policy asks for, by the formula of Kubernetes' horizontal autoscaler: the
/// present number times what is measured over its target, the largest over all targets, and nothing
/// within a tenth of the target. A need has to last for its window: going up takes the smallest
/// that was asked for within it, going down the largest.
class Autoscaling {
public:
    struct Measured {
        int replicas = 0; // That there should be at present.
        int ready = 0; // Of them, those that serve.
        std::optional<v1::Figures> figures; // Of all together; nothing: not known.
    };
    struct Decision {
        int replicas = 0;
        std::string why; // The figures behind it.
    };

    /// `at`: seconds on a clock that is never set. Nothing: it is not known what to do.
    std::optional<Decision> decide(const v1::ScalingPolicy& policy, int min, int max,
        const Measured& measured, std::int64_t at);
    void forget() { m_asked.clear(); }

private:
    struct Asked {
        std::int64_t at = 0;
        int replicas = 0;
    };

    std::deque<Asked> m_asked; // Within the longer of the two windows.
};

/// The policy with its defaults filled in: 15 s up, 2 min down.
v1::ScalingPolicy completed(v1::ScalingPolicy policy);

} // namespace shopfleet::control
