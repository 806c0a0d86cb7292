// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/fleet.h"

#include <prometheus/family.h>
#include <prometheus/gauge.h>

namespace shopfleet::control {

/// What only the control plane knows of the fleet, for its own /metrics: how many replicas there
/// should be and how many serve, rollouts under way, what the auditor found.
class FleetGauges {
public:
    FleetGauges();
    void set(const Fleet& fleet, const v1::Integrity& found, int activeRollouts);

private:
    prometheus::Family<prometheus::Gauge>& m_desired;
    prometheus::Family<prometheus::Gauge>& m_healthy;
    prometheus::Family<prometheus::Gauge>& m_restarts;
    prometheus::Gauge& m_rollouts;
    prometheus::Family<prometheus::Gauge>& m_violations;
};

} // namespace shopfleet::control
