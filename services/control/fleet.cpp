// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/fleet.h"

#include "services/control/moment.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/strip.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using shopfleet::common::v1::Severity;
using namespace std::chrono_literals;

namespace {

constexpr auto kAdoptionHold = 1500ms;
constexpr auto kStopDeadline = 10s;
constexpr auto kRepeats = 10s; // Ends within this count as repeated.
// So many of them are repaired at once, if the replica served in between.
constexpr int kManyEnds = 7;
constexpr auto kLongestPause = 30s;
constexpr auto kLongestWithoutProgram = 5s;

google::protobuf::Timestamp stamp(std::chrono::system_clock::time_point time)
{
    return TimeUtil::MicrosecondsToTimestamp(
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count());
}

} // namespace

Fleet::Fleet(EventLoop& loop, Runtime& runtime, Probes& probes, Listener& listener)
    : m_loop(loop)
    , m_runtime(runtime)
    , m_probes(probes)
    , m_listener(listener)
{
    m_runtime.setObserver(this);
    m_probes.setObserver(this);
}

Fleet::~Fleet()
{
    m_runtime.setObserver(nullptr);
    m_probes.setObserver(nullptr);
    m_loop.cancel(m_lifeTimer);
    m_loop.cancel(m_holdTimer);
    m_loop.cancel(m_publishTimer);
    for (const auto& service : m_services)
        for (const Slot& slot : service.slots)
            m_loop.cancel(slot.timer);
}

void Fleet::addService(const ServiceSpec& spec, int desired, const Revision& stable)
{
    auto& service = m_services.emplace_back();
    service.stable = stable;
    service.spec = spec;
    service.view.set_name(spec.name);
    service.view.set_program(spec.program);
    service.view.set_database(spec.database);
    service.view.set_min_replicas(spec.min);
    service.view.set_max_replicas(spec.max);
    service.view.set_desired_replicas(std::clamp(desired, spec.min, spec.max));
    service.view.set_state(v1::STATE_UNKNOWN);
    service.view.set_etag("0");
}

void Fleet::begin()
{
    for (auto& service : m_services)
        reconcile(service);
    if (m_holding)
        m_holdTimer = m_loop.after(kAdoptionHold, [this] {
            m_holding = false;
            publishEndpoints();
        });
    publishEndpoints();
    checkLife();
}

void Fleet::adopt()
{
    for (const auto& running : m_runtime.adopt()) {
        const auto dash = running.id.rfind('-');
        auto* service = dash == std::string::npos ? nullptr : find(running.id.substr(0, dash));
        int index = 0;
        if (service == nullptr || !absl::SimpleAtoi(running.id.substr(dash + 1), &index)) {
            // The fleet file does not name its service any more.
            m_runtime.stop(running.id, kStopDeadline);
            continue;
        }
        auto& slot = insertSlot(*service, index);
        slot.view.set_id(running.id);
        slot.view.set_service(service->spec.name);
        slot.view.set_pid(running.pid);
        slot.view.set_adopted(true);
        slot.view.set_version(
            running.revision.empty() ? service->stable.label() : running.revision);
        slot.launchedAt = Clock::now();
        slot.startedBefore = true;
        *slot.view.mutable_started_at() = stamp(running.startedAt);
        setState(*service, slot, v1::STATE_UNKNOWN, "was running already, not asked yet");
        record(*service, &slot, "replica.adopted", Severity::SEVERITY_PROGRESS, {},
            {{"pid", absl::StrCat(running.pid)}});
        // Clients keep what they have until we know how these are: an empty answer would cut them
        // off.
        m_holding = true;
    }
}

void Fleet::reconcile(Service& service)
{
    if (m_stopped)
        return;
    replaceNext(service);
    // The one that takes another one's place is one more until that has gone.
    const auto& surge
        = service.replacements.empty() ? std::string() : service.replacements.front().fresh;
    for (const bool fresh : {true, false}) {
        int target = service.view.desired_replicas();
        if (fresh)
            target = service.plan ? service.plan->fresh : 0;
        else if (service.plan)
            target = service.plan->old;
        const auto stays
            = [&](const Slot& slot) { return slot.wanted && isFresh(service, slot) == fresh; };
        target += count(
            service, [&](const Slot& slot) { return stays(slot) && slot.view.id() == surge; });
        while (count(service, stays) < target)
            launch(
                service, addSlot(service, (fresh ? service.plan->next : service.stable).label()));
        while (count(service, stays) > target)
            beginDrain(service, *leastUseful(service, fresh), false, kStopDeadline);
    }
}

Fleet::Slot& Fleet::addSlot(Service& service, const std::string& revision)
{
    int index = 1;
    while (
        std::ranges::any_of(service.slots, [&](const Slot& slot) { return slot.index == index; }))
        ++index;
    auto& slot = insertSlot(service, index);
    slot.view.set_id(absl::StrCat(service.spec.name, "-", index));
    slot.view.set_service(service.spec.name);
    slot.view.set_version(revision);
    return slot;
}

Fleet::Slot& Fleet::insertSlot(Service& service, int index)
{
    const auto after
        = std::ranges::find_if(service.slots, [&](const Slot& slot) { return slot.index > index; });
    auto& slot = *service.slots.emplace(after);
    slot.index = index;
    return slot;
}

Fleet::Slot* Fleet::leastUseful(Service& service, bool fresh)
{
    // Those that do not serve go first, the writer last, otherwise the youngest.
    const auto rank = [](const Slot& slot) {
        return std::tuple(
            slot.view.state() == v1::STATE_HEALTHY, slot.view.is_writer(), -slot.index);
    };
    Slot* least = nullptr;
    for (auto& slot : service.slots) {
        if (slot.wanted && isFresh(service, slot) == fresh
            && (least == nullptr || rank(slot) < rank(*least)))
            least = &slot;
    }
    return least;
}

void Fleet::launch(Service& service, Slot& slot)
{
    slot.view.clear_next_start_at();
    slot.everHealthy = slot.probed = slot.frozen = slot.told = false;
    slot.silentSince.reset();
    slot.launchedAt = Clock::now();
    const auto& revision = isFresh(service, slot) ? service.plan->next : service.stable;
    slot.view.set_version(revision.label());
    auto arguments = service.spec.arguments;
    for (const auto& [name, value] : revision.arguments)
        arguments.push_back(absl::StrCat("--", name, "=", value));
    const auto started = m_runtime.start({slot.view.id(), service.spec.name, service.spec.program,
        arguments, m_environment, revision.directory, slot.view.version()});
    if (!started.ok()) {
        ++slot.failures;
        launchLater(service, slot, std::string(started.message()));
        return;
    }
    const auto running = m_runtime.running(slot.view.id());
    slot.view.set_pid(running ? running->pid : 0);
    slot.view.set_adopted(false);
    if (std::exchange(slot.startedBefore, true))
        slot.view.set_restarts(slot.view.restarts() + 1);
    *slot.view.mutable_started_at() = momentNow();
    setState(service, slot, v1::STATE_STARTING, "");
    record(service, &slot, "replica.started", Severity::SEVERITY_PROGRESS, {},
        {{"pid", absl::StrCat(slot.view.pid())}});
}

// At once, unless it ends again and again: then with pauses that double.
void Fleet::launchLater(Service& service, Slot& slot, const std::string& why)
{
    const int repeats = std::max(slot.failures, static_cast<int>(slot.ends.size()) - kManyEnds);
    if (repeats < 2 && !slot.ends.empty()) {
        launch(service, slot);
        return;
    }
    const auto pause = std::min<Clock::duration>(100ms * (1 << std::min(repeats, 9)),
        slot.ends.empty() ? kLongestWithoutProgram : kLongestPause);
    *slot.view.mutable_next_start_at() = stamp(std::chrono::system_clock::now()
        + std::chrono::duration_cast<std::chrono::microseconds>(pause));
    const auto seconds = std::chrono::duration<double>(pause).count();
    setState(service, slot, v1::STATE_DOWN,
        absl::StrCat(slot.ends.empty() ? "" : "crash loop: ", why, ", next start in ",
            absl::StrFormat("%.1f s", seconds)));
    const auto id = slot.view.id();
    slot.timer = m_loop.after(pause, [this, id] {
        Slot* due = nullptr;
        if (auto* owning = owner(id, &due);
            owning != nullptr && due->wanted && due->view.pid() == 0 && !m_stopped)
            launch(*owning, *due);
    });
}

void Fleet::onExited(const std::string& id, const std::string& how, bool asked)
{
    Slot* slot = nullptr;
    auto* service = owner(id, &slot);
    if (service == nullptr)
        return;
    m_probes.end(id);
    m_loop.cancel(slot->timer);
    // Its last word may have come after that of who writes now: they are all asked anew.
    if (slot->view.is_writer())
        for (const auto& other : service->slots)
            if (&other != slot && other.view.pid() != 0 && !other.view.address().empty()
                && !other.told)
                m_probes.begin(other.view.id(), other.view.address(), service->spec.database);
    const auto now = Clock::now();
    const bool lasted = slot->everHealthy && now - slot->healthySince > 1s;
    auto& view = slot->view;
    view.set_pid(0);
    view.set_port(0);
    view.clear_address();
    view.clear_metrics_address();
    view.clear_http_address();
    view.set_is_writer(false);
    view.clear_figures();
    view.set_last_exit(how);
    *view.mutable_last_exit_at() = momentNow();
    endpointsChanged();
    const bool expected = slot->leaving;
    record(*service, slot, expected ? "replica.stopped" : "replica.exited",
        expected ? Severity::SEVERITY_SUCCESS : Severity::SEVERITY_FAILURE, {"control", how},
        {{"asked", asked ? "yes" : "no"}});
    if (!slot->wanted) {
        service->slots.remove_if([&](const Slot& each) { return &each == slot; });
    } else if (expected) {
        slot->leaving = false;
        launch(*service, *slot);
    } else {
        slot->failures = lasted ? 0 : slot->failures + 1;
        slot->ends.push_back(now);
        while (now - slot->ends.front() > kRepeats)
            slot->ends.pop_front();
        setState(*service, *slot, v1::STATE_DOWN, how);
        launchLater(*service, *slot, how);
    }
    judge(*service);
    changed(*service);
    if (m_stopped)
        nextShutDown();
    else
        reconcile(*service);
}

void Fleet::shutDown(std::function<void()> stopped)
{
    m_stopped = std::move(stopped);
    m_loop.cancel(m_lifeTimer);
    for (auto& service : m_services) {
        service.replacements.clear();
        service.slots.remove_if([](const Slot& slot) { return slot.view.pid() == 0; });
        for (auto& slot : service.slots)
            slot.wanted = false;
    }
    nextShutDown();
}

// Where shoppers come in goes first, so that nobody is let in to a store that closes; then all the
// others together.
void Fleet::nextShutDown()
{
    for (const bool doors : {true, false}) {
        bool gone = true;
        for (auto service = m_services.rbegin(); service != m_services.rend(); ++service) {
            if (service->spec.http == doors) {
                gone = gone && service->slots.empty();
                tellToStop(*service);
            }
        }
        if (!gone)
            return;
    }
    if (const auto stopped = std::exchange(m_stopped, {}))
        stopped();
}

void Fleet::tellToStop(Service& service)
{
    for (auto& slot : service.slots) {
        if (std::exchange(slot.told, true))
            continue;
        slot.leaving = true;
        m_loop.cancel(slot.timer);
        m_probes.end(slot.view.id());
        setState(service, slot, v1::STATE_DRAINING, "the control plane stops");
        m_runtime.stop(slot.view.id(), kStopDeadline);
    }
}

} // namespace shopfleet::control
