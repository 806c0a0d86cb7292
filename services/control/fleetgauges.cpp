// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/fleetgauges.h"

#include "services/runtime/telemetry.h"

namespace shopfleet::control {

namespace {

prometheus::Family<prometheus::Gauge>& family(const char* name, const char* help)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(runtime::metrics());
}

} // namespace

FleetGauges::FleetGauges()
    : m_desired(family("shopfleet_service_desired_replicas", "Replicas that there should be."))
    , m_healthy(family("shopfleet_service_healthy_replicas", "Replicas that serve."))
    , m_restarts(family("shopfleet_service_restarts", "Restarts of the replicas that there are."))
    , m_rollouts(family("shopfleet_rollouts_active", "Rollouts under way.").Add({}))
    , m_violations(
          family("shopfleet_audit_violations", "What the auditor found when it last looked."))
{
}

void FleetGauges::set(const Fleet& fleet, const v1::Integrity& found, int activeRollouts)
{
    for (const auto& name : fleet.names()) {
        const auto service = fleet.service(name);
        int healthy = 0;
        int restarts = 0;
        for (const auto& replica : service->replicas()) {
            healthy += replica.state() == v1::STATE_HEALTHY ? 1 : 0;
            restarts += replica.restarts();
        }
        // A label "service" would be that of who is scraped: the control plane's.
        const prometheus::Labels labels{{"name", name}};
        m_desired.Add(labels).Set(service->desired_replicas());
        m_healthy.Add(labels).Set(healthy);
        m_restarts.Add(labels).Set(restarts);
    }
    m_rollouts.Set(activeRollouts);
    // Before it has looked nothing is known, which is not 0.
    if (found.has_at())
        m_violations.Add({}).Set(static_cast<double>(found.violations()));
}

} // namespace shopfleet::control
