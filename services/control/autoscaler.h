// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/autoscaling.h"
#include "services/control/desired.h"
#include "services/control/fleet.h"
#include "services/control/telemetry.h"

#include <map>
#include <string>

namespace shopfleet::control {

/// Scales services by their policies, unless somebody has set the number by hand for a while. Each
/// decision is an event with the figures behind it. Lives on the event loop's thread.
class Autoscaler {
public:
    Autoscaler(Fleet& fleet, const Telemetry& telemetry, Desired& desired);

    /// Shows what is kept of each service's policy.
    void begin();
    /// Once a second, when the second's figures are in.
    void tick();

    absl::Status update(const v1::UpdateScalingPolicyRequest& request, const Fleet::Cause& cause);
    /// By hand: the policy waits for as long as the request says.
    absl::Status scale(const v1::ScaleServiceRequest& request, const Fleet::Cause& cause);

private:
    Desired::Scaling scalingOf(const v1::Service& service) const;
    absl::Status keep(const std::string& service, const Desired::Scaling& scaling);
    void decide(const v1::Service& service);

    Fleet& m_fleet;
    const Telemetry& m_telemetry;
    Desired& m_desired;
    std::map<std::string, Autoscaling> m_services;
};

} // namespace shopfleet::control
