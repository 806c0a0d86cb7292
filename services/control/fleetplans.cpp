// SPDX-License-Identifier: GPL-3.0-or-later
// Two revisions of a service beside each other: which replica is of which, and how each is.
#include "services/control/fleet.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace shopfleet::control {

using namespace std::chrono_literals;

namespace {

constexpr auto kReadyWithin = 30s;

} // namespace

const Revision* Fleet::stable(const std::string& name) const
{
    const auto* service = find(name);
    return service == nullptr ? nullptr : &service->stable;
}

void Fleet::setStable(const std::string& name, const Revision& revision)
{
    if (auto* service = find(name))
        service->stable = revision;
}

void Fleet::setPlan(const std::string& name, const Plan& plan)
{
    auto* service = find(name);
    if (service == nullptr)
        return;
    const auto& before = service->plan;
    if (before && before->rollout == plan.rollout && before->fresh == plan.fresh
        && before->old == plan.old && before->weight == plan.weight)
        return;
    service->plan = plan;
    service->view.set_rollout_id(plan.rollout);
    changed(*service);
    endpointsChanged();
    if (isSettled())
        reconcile(*service);
}

void Fleet::endPlan(const std::string& name)
{
    auto* service = find(name);
    if (service == nullptr || !service->plan)
        return;
    service->plan.reset();
    service->view.clear_rollout_id();
    changed(*service);
    endpointsChanged();
    reconcile(*service);
}

const Plan* Fleet::plan(const std::string& name) const
{
    const auto* service = find(name);
    return service == nullptr || !service->plan ? nullptr : &*service->plan;
}

bool Fleet::isFresh(const Service& service, const Slot& slot)
{
    return service.plan && slot.view.version() == service.plan->next.label();
}

std::vector<std::string> Fleet::replicasOf(const std::string& name, bool fresh) const
{
    std::vector<std::string> ids;
    if (const auto* service = find(name)) {
        for (const auto& slot : service->slots) {
            if (isFresh(*service, slot) == fresh)
                ids.push_back(slot.view.id());
        }
    }
    return ids;
}

// A new revision that ends by itself, even once, is not better than the one that does not.
std::string Fleet::troubleOf(const Slot& slot)
{
    const auto& view = slot.view;
    if (!slot.ends.empty())
        return absl::StrCat(view.id(), " ended by itself: ", view.last_exit());
    if (slot.failures > 0)
        return absl::StrCat(view.id(), " does not start: ", view.reason());
    if (!slot.everHealthy && !slot.leaving && view.pid() != 0
        && Clock::now() - slot.launchedAt > kReadyWithin)
        return absl::StrCat(view.id(), " did not get ready within ", kReadyWithin / 1s, " s",
            view.reason().empty() ? "" : ": ", view.reason());
    return {};
}

Standing Fleet::standing(const std::string& name) const
{
    Standing standing;
    const auto* service = find(name);
    if (service == nullptr)
        return standing;
    standing.desired = service->view.desired_replicas();
    for (const auto& slot : service->slots) {
        const bool fresh = isFresh(*service, slot);
        const bool ready = serves(slot) && !slot.leaving;
        standing.freshStaying += fresh && slot.wanted ? 1 : 0;
        (fresh ? standing.freshThere : standing.oldThere) += 1;
        (fresh ? standing.freshReady : standing.oldReady) += ready ? 1 : 0;
        if (fresh && standing.trouble.empty())
            standing.trouble = troubleOf(slot);
    }
    return standing;
}

} // namespace shopfleet::control
