// SPDX-License-Identifier: GPL-3.0-or-later
// What people ask of the fleet, and how it is carried out without a lost request.
#include "services/control/fleet.h"
#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

namespace shopfleet::control {

using shopfleet::common::v1::Severity;
using namespace std::chrono_literals;

namespace {

// How long clients get to hear that a replica is going before it goes: one round of discovery, with
// room.
constexpr auto kGoodbye = 200ms;
constexpr auto kReplaceWithin = 30s;

} // namespace

Fleet::Service* Fleet::find(const std::string& name)
{
    return const_cast<Service*>(std::as_const(*this).find(name));
}

const Fleet::Service* Fleet::find(const std::string& name) const
{
    const auto found = std::ranges::find_if(
        m_services, [&](const Service& service) { return service.spec.name == name; });
    return found == m_services.end() ? nullptr : &*found;
}

Fleet::Service* Fleet::owner(const std::string& id, Slot** slot)
{
    for (auto& service : m_services) {
        for (auto& each : service.slots) {
            if (each.view.id() == id) {
                *slot = &each;
                return &service;
            }
        }
    }
    return nullptr;
}

int Fleet::count(const Service& service, const std::function<bool(const Slot&)>& what)
{
    return static_cast<int>(std::ranges::count_if(service.slots, what));
}

std::vector<std::string> Fleet::names() const
{
    std::vector<std::string> names;
    for (const auto& service : m_services)
        names.push_back(service.spec.name);
    return names;
}

std::optional<v1::Service> Fleet::service(const std::string& name) const
{
    const auto* found = find(name);
    if (found == nullptr)
        return std::nullopt;
    auto view = found->view;
    std::map<std::string, int> versions;
    const int weight = found->plan ? found->plan->weight : 0;
    for (const auto& slot : found->slots) {
        auto& replica = *view.add_replicas() = slot.view;
        if (weight > 0) {
            const bool fresh = isFresh(*found, slot);
            const int many = count(*found, [&](const Slot& each) {
                return isFresh(*found, each) == fresh && serves(each) && !each.leaving;
            });
            if (serves(slot) && !slot.leaving)
                replica.set_weight((fresh ? weight : 100 - weight) / many);
        }
        if (!slot.view.version().empty())
            ++versions[slot.view.version()];
    }
    const auto most
        = std::ranges::max_element(versions, {}, [](const auto& entry) { return entry.second; });
    if (most != versions.end())
        view.set_version(most->first);
    return view;
}

absl::Status Fleet::scale(const v1::ScaleServiceRequest& request, const Cause& cause)
{
    auto* service = find(request.service());
    if (service == nullptr)
        return runtime::notFound("service", request.service());
    auto& view = service->view;
    if (!request.etag().empty() && request.etag() != view.etag())
        return runtime::staleEtag(view);
    if (request.replicas() < view.min_replicas() || request.replicas() > view.max_replicas())
        return runtime::invalidField("replicas",
            absl::StrCat("is ", request.replicas(), ", not within ", view.min_replicas(), " and ",
                view.max_replicas(), ", the limits of ", request.service()));
    const int before = view.desired_replicas();
    if (before == request.replicas())
        return absl::OkStatus();
    view.set_desired_replicas(request.replicas());
    view.set_etag(absl::StrCat(++service->version));
    m_listener.onDesired(request.service(), request.replicas());
    record(*service, nullptr, "service.scaled", Severity::SEVERITY_PROGRESS, cause,
        {{"from", absl::StrCat(before)}, {"to", absl::StrCat(request.replicas())}});
    changed(*service);
    reconcile(*service);
    return absl::OkStatus();
}

void Fleet::setScaling(const std::string& name, const v1::ScalingPolicy& policy,
    std::pair<int, int> limits, const google::protobuf::Timestamp& overrideUntil)
{
    auto* service = find(name);
    if (service == nullptr)
        return;
    auto& view = service->view;
    *view.mutable_policy() = policy;
    view.set_min_replicas(limits.first);
    view.set_max_replicas(limits.second);
    if (overrideUntil.seconds() > 0)
        *view.mutable_override_until() = overrideUntil;
    else
        view.clear_override_until();
    changed(*service);
}

void Fleet::policyChanged(const std::string& name, const Cause& cause)
{
    auto* service = find(name);
    if (service == nullptr)
        return;
    service->view.set_etag(absl::StrCat(++service->version));
    const auto& policy = service->view.policy();
    record(*service, nullptr, policy.enabled() ? "service.policy_set" : "service.policy_off",
        Severity::SEVERITY_PROGRESS, cause,
        {{"min", absl::StrCat(service->view.min_replicas())},
            {"max", absl::StrCat(service->view.max_replicas())},
            {"requests_per_second", absl::StrCat(policy.requests_per_second())},
            {"p95_ms", absl::StrCat(policy.p95_ms())},
            {"cpu_share", absl::StrCat(policy.cpu_share())}});
    changed(*service);
}

absl::Status Fleet::restart(const std::string& name, const std::string& replica,
    std::chrono::milliseconds deadline, const Cause& cause)
{
    auto* service = find(name);
    if (service == nullptr)
        return runtime::notFound("service", name);
    std::vector<std::string> ids;
    for (const auto& slot : service->slots) {
        if (!slot.leaving && (replica.empty() || slot.view.id() == replica))
            ids.push_back(slot.view.id());
    }
    if (ids.empty() && !replica.empty())
        return runtime::notFound("replica", replica);
    for (const auto& id : ids) {
        Slot* slot = nullptr;
        owner(id, &slot);
        record(*service, slot, "replica.restart", Severity::SEVERITY_PROGRESS, cause);
        service->replacements.push_back({id, true, deadline, {}, false, {}});
    }
    reconcile(*service);
    return absl::OkStatus();
}

absl::Status Fleet::drain(const std::string& name, const std::string& replica,
    std::chrono::milliseconds deadline, const Cause& cause)
{
    Slot* slot = nullptr;
    auto* service = owner(replica, &slot);
    if (service == nullptr || service->spec.name != name)
        return runtime::notFound("replica", replica);
    if (slot->leaving)
        return absl::OkStatus();
    record(*service, slot, "replica.drain", Severity::SEVERITY_PROGRESS, cause);
    service->replacements.push_back({replica, false, deadline, {}, false, {}});
    reconcile(*service);
    return absl::OkStatus();
}

// One at a time. Another replica serves before the old one goes: either there are others, or a
// fresh one is started first.
void Fleet::replaceNext(Service& service)
{
    while (!service.replacements.empty()) {
        auto& next = service.replacements.front();
        const auto slotOf = [&](const std::string& id) -> Slot* {
            const auto found = std::ranges::find_if(
                service.slots, [&](const Slot& slot) { return slot.view.id() == id; });
            return found == service.slots.end() ? nullptr : &*found;
        };
        auto* old = slotOf(next.old);
        if (!next.begun) {
            if (old == nullptr || old->leaving) {
                service.replacements.pop_front();
                continue;
            }
            next.begun = true;
            next.since = Clock::now();
            const bool others = count(service, [&](const Slot& slot) {
                return &slot != old && !slot.leaving && serves(slot);
            }) > 0;
            if (!serves(*old) || (next.sameId && others)) {
                beginDrain(service, *old, true, next.deadline);
            } else {
                auto& fresh = addSlot(service, old->view.version());
                next.fresh = fresh.view.id();
                launch(service, fresh);
            }
            return;
        }
        auto* awaited = next.fresh.empty() ? old : slotOf(next.fresh);
        const bool late = Clock::now() - next.since > kReplaceWithin + next.deadline;
        const bool ready = awaited != nullptr && !awaited->leaving && serves(*awaited);
        if (!ready && !late && awaited != nullptr)
            return;
        if (!ready)
            record(service, awaited, "replica.replacement_failed", Severity::SEVERITY_FAILURE,
                {"control", "the new replica did not get ready in time"});
        const bool surged = !next.fresh.empty();
        const auto deadline = next.deadline;
        service.replacements.pop_front();
        if (ready && surged && old != nullptr && !old->leaving)
            beginDrain(service, *old, false, deadline);
    }
}

void Fleet::beginDrain(
    Service& service, Slot& slot, bool startAgain, std::chrono::milliseconds deadline)
{
    m_loop.cancel(slot.timer);
    slot.wanted = startAgain;
    slot.leaving = true;
    setState(service, slot, v1::STATE_DRAINING, "");
    endpointsChanged();
    const auto id = slot.view.id();
    if (slot.view.pid() == 0) {
        // Nothing runs: as if it had ended.
        slot.timer = m_loop.after({}, [this, id] { onExited(id, "was not running", true); });
        return;
    }
    slot.timer = m_loop.after(kGoodbye, [this, id, deadline] {
        Slot* leaving = nullptr;
        if (owner(id, &leaving) == nullptr)
            return;
        leaving->told = true;
        // Our own streams would hold its shutdown up.
        m_probes.end(id);
        m_runtime.stop(id, deadline);
        endpointsChanged();
    });
}

void Fleet::changed(Service& service)
{
    m_listener.onServiceChanged(service.spec.name);
}

void Fleet::record(const Service& service, const Slot* slot, const std::string& kind,
    Severity severity, const Cause& cause, const std::map<std::string, std::string>& facts)
{
    v1::Event event;
    *event.mutable_at() = momentNow();
    event.set_kind(kind);
    event.set_severity(severity);
    event.set_service(service.spec.name);
    if (slot != nullptr)
        event.set_replica(slot->view.id());
    event.mutable_actor()->set_id(cause.actor);
    event.mutable_actor()->set_service("control");
    event.mutable_actor()->set_version(SHOPFLEET_VERSION);
    event.set_reason(cause.reason);
    event.mutable_facts()->insert(facts.begin(), facts.end());
    m_listener.onEvent(std::move(event));
}

} // namespace shopfleet::control
