// SPDX-License-Identifier: GPL-3.0-or-later
// How the fleet's replicas are, and where clients may therefore go.
#include "services/control/fleet.h"
#include "services/control/moment.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

namespace shopfleet::control {

using shopfleet::common::v1::Severity;
using namespace std::chrono_literals;

namespace {

constexpr auto kLifeCheck = 200ms;
constexpr auto kFrozenAtMost = 1s; // It holds the database's lock, perhaps, and its callers wait.
constexpr auto kSilentAtMost = 30s; // A machine that is overloaded is slow to answer as well.

} // namespace

void Fleet::onAnnounced(const std::string& id, const Announcement& announcement)
{
    Slot* slot = nullptr;
    auto* service = owner(id, &slot);
    if (service == nullptr)
        return;
    auto& view = slot->view;
    const auto colon = announcement.address.rfind(':');
    int port = 0;
    if (colon != std::string::npos
        && absl::SimpleAtoi(announcement.address.substr(colon + 1), &port))
        view.set_port(port);
    view.set_address(announcement.address);
    view.set_metrics_address(announcement.metrics);
    view.set_http_address(announcement.http);
    m_probes.begin(id, announcement.address, service->spec.database);
    changed(*service);
}

void Fleet::onProbed(const std::string& id, const std::string& why)
{
    Slot* slot = nullptr;
    auto* service = owner(id, &slot);
    if (service == nullptr || slot->view.pid() == 0)
        return;
    slot->probed = true;
    if (why.empty()) {
        slot->silentSince.reset();
        slot->frozen = false;
        if (!std::exchange(slot->everHealthy, true))
            slot->healthySince = Clock::now();
        if (!slot->leaving && slot->view.state() != v1::STATE_HEALTHY) {
            setState(*service, *slot, v1::STATE_HEALTHY, "");
            record(*service, slot, "replica.healthy", Severity::SEVERITY_SUCCESS, {});
        }
    } else {
        if (!slot->silentSince)
            slot->silentSince = Clock::now();
        if (!slot->leaving && slot->everHealthy && slot->view.state() != v1::STATE_DEGRADED)
            record(
                *service, slot, "replica.degraded", Severity::SEVERITY_WARNING, {"control", why});
        if (!slot->leaving)
            setState(
                *service, *slot, slot->everHealthy ? v1::STATE_DEGRADED : v1::STATE_STARTING, why);
    }
    endpointsChanged();
    reconcile(*service);
}

void Fleet::onWriter(const std::string& id, bool writer)
{
    Slot* slot = nullptr;
    auto* service = owner(id, &slot);
    if (service == nullptr || slot->view.is_writer() == writer)
        return;
    if (writer) {
        // There is one lock, so whoever had it has lost it, even if it cannot say so any more.
        for (auto& each : service->slots)
            each.view.set_is_writer(false);
    }
    slot->view.set_is_writer(writer);
    if (writer)
        record(*service, slot, "writer.moved", Severity::SEVERITY_PROGRESS, {});
    judge(*service);
    changed(*service);
    endpointsChanged();
}

// What a probe would notice late or never: a process that is frozen, one that has been silent for
// long, a replacement that never comes.
void Fleet::checkLife()
{
    m_lifeTimer = m_loop.after(kLifeCheck, [this] { checkLife(); });
    const auto now = Clock::now();
    for (auto& service : m_services) {
        for (auto& slot : service.slots) {
            if (slot.view.pid() == 0 || slot.told)
                continue;
            const auto usage = m_runtime.usage(slot.view.id());
            const bool frozen = usage && usage->stopped;
            if (frozen && !slot.frozen) {
                slot.frozen = true;
                slot.silentSince = now;
                record(service, &slot, "replica.degraded", Severity::SEVERITY_WARNING,
                    {"control", "frozen by a signal"});
                setState(service, slot, v1::STATE_DEGRADED, "frozen by a signal");
                endpointsChanged();
            } else if (!frozen && slot.frozen) {
                slot.frozen = false; // The next probe says how it is.
            }
            auto limit
                = slot.frozen ? Clock::duration(kFrozenAtMost) : Clock::duration(kSilentAtMost);
            if (slot.silentSince && m_runtime.isExhausted(slot.view.id())) {
                limit = {};
                slot.view.set_reason("no file descriptor is left");
            }
            if (slot.silentSince && now - *slot.silentSince > limit
                && (slot.everHealthy || slot.frozen)) {
                slot.silentSince = now;
                record(service, &slot, "replica.killed", Severity::SEVERITY_WARNING,
                    {"control", slot.view.reason()});
                m_runtime.kill(slot.view.id());
            }
        }
        if (!service.replacements.empty())
            reconcile(service);
    }
}

void Fleet::setState(Service& service, Slot& slot, v1::State state, const std::string& reason)
{
    auto& view = slot.view;
    if (view.state() == state && view.reason() == reason)
        return;
    if (view.state() != state)
        *view.mutable_state_since() = momentNow();
    view.set_state(state);
    view.set_reason(reason);
    judge(service);
    changed(service);
}

void Fleet::judge(Service& service)
{
    const auto in = [&](v1::State state) {
        return count(
            service, [&](const Slot& slot) { return !slot.leaving && slot.view.state() == state; });
    };
    const int healthy = in(v1::STATE_HEALTHY);
    const int bad
        = in(v1::STATE_DOWN) + in(v1::STATE_DEGRADED) + count(service, [](const Slot& slot) {
              return slot.view.state() == v1::STATE_STARTING && slot.view.restarts() > 0;
          });
    const bool writer = !service.spec.database
        || count(service, [](const Slot& slot) { return slot.view.is_writer(); }) > 0;
    const auto before = service.view.state();
    auto state = v1::STATE_HEALTHY;
    std::string reason;
    const auto worst = [&](v1::State wanted) {
        const auto found = std::ranges::find_if(
            service.slots, [&](const Slot& slot) { return slot.view.state() == wanted; });
        return found == service.slots.end() ? std::string() : found->view.reason();
    };
    if (healthy == 0) {
        for (const auto next :
            {v1::STATE_DEGRADED, v1::STATE_STARTING, v1::STATE_UNKNOWN, v1::STATE_DOWN}) {
            state = next;
            if (in(next) > 0)
                break;
        }
        reason = service.view.desired_replicas() == 0 ? "scaled to 0" : worst(state);
    } else if (bad > 0) {
        state = v1::STATE_DEGRADED;
        reason
            = absl::StrCat(bad, " of ", service.view.desired_replicas(), " replicas do not serve");
    } else if (!writer) {
        const bool was = before == v1::STATE_HEALTHY || before == v1::STATE_DEGRADED;
        state = was ? v1::STATE_DEGRADED : v1::STATE_STARTING;
        reason = "no replica holds the database's lock yet";
    }
    if (state != before)
        *service.view.mutable_state_since() = momentNow();
    service.view.set_state(state);
    service.view.set_reason(reason);
}

void Fleet::endpointsChanged()
{
    // Several things often happen at once; clients hear of them once.
    if (!std::exchange(m_publishing, true))
        m_publishTimer = m_loop.after({}, [this] {
            m_publishing = false;
            publishEndpoints();
        });
}

bool Fleet::serves(const Slot& slot)
{
    return slot.view.pid() != 0 && !slot.view.address().empty() && !slot.frozen
        && slot.view.state() == v1::STATE_HEALTHY;
}

void Fleet::publishEndpoints()
{
    const auto unasked = [](const Slot& slot) {
        return slot.view.adopted() && slot.view.pid() != 0 && !slot.probed;
    };
    if (m_holding && std::ranges::any_of(m_services, [&](const Service& service) {
            return count(service, unasked) > 0;
        }))
        return;
    m_holding = false;
    std::vector<ServiceEndpoints> all;
    for (const auto& service : m_services) {
        ServiceEndpoints endpoints{
            service.spec.name, service.spec.database, {}, service.plan ? service.plan->weight : 0};
        // If none is well, those that may only be slow are better than nobody: overload must not
        // become an outage.
        const bool none = count(service, serves) == 0;
        for (const auto& slot : service.slots) {
            const bool isSlow = slot.everHealthy && !slot.frozen && slot.view.pid() != 0
                && slot.view.state() == v1::STATE_DEGRADED;
            // As long as it holds the database's lock nobody else can write in its stead.
            const bool onlyWrites
                = slot.view.is_writer() && (isSlow || (slot.leaving && !slot.told));
            if (serves(slot) && !slot.leaving)
                endpoints.endpoints.push_back(
                    {slot.view.address(), slot.view.is_writer(), false, isFresh(service, slot)});
            else if ((none && isSlow) || onlyWrites)
                endpoints.endpoints.push_back({slot.view.address(), slot.view.is_writer(),
                    slot.leaving || !none, isFresh(service, slot)});
        }
        all.push_back(std::move(endpoints));
    }
    m_listener.onEndpoints(std::move(all));
}

} // namespace shopfleet::control
