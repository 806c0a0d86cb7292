// SPDX-License-Identifier: GPL-3.0-or-later
// What people ask of rollouts, and what is kept of them.
#include "services/control/rollouts.h"

#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <spdlog/spdlog.h>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using shopfleet::common::v1::Severity;

namespace {

constexpr std::size_t kKept = 500;
constexpr int kWatchedSeconds = 90; // Longer than a minute: some die only then.

bool isActive(const v1::Rollout& rollout)
{
    return !rollout.has_ended_at();
}

std::string toLine(const v1::Rollout& rollout)
{
    std::string line;
    if (!google::protobuf::util::MessageToJsonString(rollout, &line).ok())
        line = "{}";
    return line;
}

bool names(const v1::Rollout& rollout, const std::string& service)
{
    return std::ranges::find(rollout.targets(), service, &v1::RolloutTarget::service)
        != rollout.targets().end();
}

} // namespace

Rollouts::Rollouts(EventLoop& loop, Fleet& fleet, const Releases& releases,
    const Telemetry& telemetry, Listener& listener, const std::string& file)
    : m_loop(loop)
    , m_fleet(fleet)
    , m_releases(releases)
    , m_telemetry(telemetry)
    , m_listener(listener)
    , m_journal(file)
{
    // The last line of each rollout is how it is.
    const auto lines = m_journal.read();
    for (const auto& line : lines) {
        v1::Rollout rollout;
        if (!google::protobuf::util::JsonStringToMessage(line, &rollout).ok()
            || rollout.id().empty())
            continue;
        const auto known = std::ranges::find_if(
            m_entries, [&](const Entry& entry) { return entry.rollout.id() == rollout.id(); });
        if (known == m_entries.end())
            m_entries.push_front({std::move(rollout), ++m_change});
        else
            known->rollout = std::move(rollout);
    }
    while (m_entries.size() > kKept && !isActive(m_entries.back().rollout))
        m_entries.pop_back();
    if (lines.size() > m_entries.size()) {
        std::vector<std::string> kept;
        for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry)
            kept.push_back(toLine(entry->rollout));
        // If it cannot be written, the longer file still says the same.
        (void)m_journal.replace(kept);
    }
}

Rollouts::~Rollouts()
{
    m_loop.cancel(m_timer);
}

const v1::Rollout* Rollouts::find(const std::string& id) const
{
    const auto found = std::ranges::find_if(
        m_entries, [&](const Entry& entry) { return entry.rollout.id() == id; });
    return found == m_entries.end() ? nullptr : &found->rollout;
}

absl::StatusOr<Rollouts::Entry*> Rollouts::running(const std::string& id)
{
    const auto found = std::ranges::find_if(
        m_entries, [&](const Entry& entry) { return entry.rollout.id() == id; });
    if (found == m_entries.end())
        return runtime::notFound("rollout", id);
    if (!isActive(found->rollout))
        return runtime::failedPrecondition("ROLLOUT_ENDED", id, "this rollout has ended");
    if (found->rollout.state() == v1::ROLLOUT_STATE_ROLLING_BACK)
        return runtime::failedPrecondition(
            "ROLLING_BACK", id, "this rollout is being taken back already");
    return &*found;
}

Rollouts::Entry* Rollouts::activeOf(const std::string& service)
{
    const auto found = std::ranges::find_if(m_entries, [&](const Entry& entry) {
        return isActive(entry.rollout) && names(entry.rollout, service);
    });
    return found == m_entries.end() ? nullptr : &*found;
}

absl::StatusOr<v1::Rollout> Rollouts::start(
    const v1::StartRolloutRequest& request, const Fleet::Cause& cause)
{
    if (auto status = check(request); !status.ok())
        return status;
    v1::Rollout rollout;
    for (const auto& asked : request.targets()) {
        auto& target = *rollout.add_targets();
        target.set_service(asked.service());
        const auto& stable = *m_fleet.stable(asked.service());
        target.set_version(asked.version().empty() ? stable.version : asked.version());
        target.mutable_arguments()->insert(stable.arguments.begin(), stable.arguments.end());
        for (const auto& [name, value] : asked.arguments()) {
            if (value.empty())
                target.mutable_arguments()->erase(name);
            else
                (*target.mutable_arguments())[name] = value;
        }
        if (revisionOf(target).label() == stable.label())
            return runtime::failedPrecondition("RUNS_ALREADY", asked.service(),
                absl::StrCat(asked.service(), " runs ", stable.label(), " already"));
        if (const auto* active = activeOf(asked.service()))
            return runtime::failedPrecondition("ROLLOUT_RUNS", active->rollout.id(),
                absl::StrCat("the rollout ", active->rollout.id(), " of ", asked.service(),
                    " is still under way"));
    }
    *rollout.mutable_steps() = request.steps();
    *rollout.mutable_gate() = completed(request.gate());
    rollout.set_surge(std::max(request.surge(), 1));
    *rollout.mutable_watch_for() = request.has_watch_for()
        ? request.watch_for()
        : TimeUtil::SecondsToDuration(kWatchedSeconds);
    return enter(std::move(rollout), cause);
}

v1::Rollout Rollouts::enter(v1::Rollout rollout, const Fleet::Cause& cause)
{
    std::int64_t number = 0;
    for (const auto& entry : m_entries) {
        std::int64_t other = 0;
        if (absl::SimpleAtoi(entry.rollout.id(), &other))
            number = std::max(number, other);
    }
    rollout.set_id(absl::StrCat(number + 1));
    rollout.set_state(v1::ROLLOUT_STATE_RUNNING);
    rollout.set_reason(cause.reason);
    rollout.mutable_actor()->set_id(cause.actor);
    rollout.mutable_actor()->set_service("control");
    rollout.mutable_actor()->set_version(SHOPFLEET_VERSION);
    *rollout.mutable_started_at() = momentNow();
    for (auto& target : *rollout.mutable_targets()) {
        const auto& stable = *m_fleet.stable(target.service());
        target.set_from_version(stable.version);
        target.mutable_from_arguments()->insert(stable.arguments.begin(), stable.arguments.end());
    }
    m_entries.push_front({std::move(rollout), 0});
    auto& entry = m_entries.front();
    changed(entry);
    record(entry.rollout, nullptr, "rollout.started", Severity::SEVERITY_PROGRESS, cause);
    if (m_fleet.isSettled())
        advance(entry);
    while (m_entries.size() > kKept && !isActive(m_entries.back().rollout))
        m_entries.pop_back();
    return entry.rollout;
}

absl::StatusOr<v1::Rollout> Rollouts::pause(const std::string& id, const Fleet::Cause& cause)
{
    const auto entry = running(id);
    if (!entry.ok())
        return entry.status();
    auto& rollout = (*entry)->rollout;
    if (rollout.state() != v1::ROLLOUT_STATE_PAUSED) {
        rollout.set_state(v1::ROLLOUT_STATE_PAUSED);
        changed(**entry);
        record(rollout, nullptr, "rollout.paused", Severity::SEVERITY_PROGRESS, cause);
    }
    return rollout;
}

absl::StatusOr<v1::Rollout> Rollouts::resume(const std::string& id, const Fleet::Cause& cause)
{
    const auto entry = running(id);
    if (!entry.ok())
        return entry.status();
    auto& rollout = (*entry)->rollout;
    if (rollout.state() == v1::ROLLOUT_STATE_PAUSED) {
        rollout.set_state(v1::ROLLOUT_STATE_RUNNING);
        record(rollout, nullptr, "rollout.resumed", Severity::SEVERITY_PROGRESS, cause);
        // A step that waits for somebody has had its answer.
        for (auto& target : *rollout.mutable_targets()) {
            if (target.phase() == v1::ROLLOUT_PHASE_CANARY && rollout.steps(target.step()).pause()
                && target.has_step_since())
                nextStep(**entry, target);
        }
        changed(**entry);
    }
    return rollout;
}

absl::StatusOr<v1::Rollout> Rollouts::promote(
    const std::string& id, bool all, const Fleet::Cause& cause)
{
    const auto entry = running(id);
    if (!entry.ok())
        return entry.status();
    auto& rollout = (*entry)->rollout;
    rollout.set_state(v1::ROLLOUT_STATE_RUNNING);
    record(rollout, nullptr, all ? "rollout.promoted_fully" : "rollout.promoted",
        Severity::SEVERITY_PROGRESS, cause);
    bool moved = false;
    for (auto& target : *rollout.mutable_targets()) {
        if (target.phase() != v1::ROLLOUT_PHASE_CANARY)
            continue;
        if (all)
            target.set_step(rollout.steps_size() - 1);
        nextStep(**entry, target);
        moved = true;
    }
    if (all)
        rollout.clear_steps(); // Of the targets that are still to come.
    if (all || !moved)
        rollout.clear_watch_for();
    changed(**entry);
    return rollout;
}

absl::StatusOr<v1::Rollout> Rollouts::abort(const std::string& id, const Fleet::Cause& cause)
{
    const auto entry = running(id);
    if (!entry.ok())
        return entry.status();
    record((*entry)->rollout, nullptr, "rollout.aborted", Severity::SEVERITY_WARNING, cause);
    goBack(**entry,
        absl::StrCat(
            "called off by ", cause.actor, cause.reason.empty() ? "" : ": ", cause.reason));
    return (*entry)->rollout;
}

absl::StatusOr<v1::RolloutTarget> Rollouts::targetBack(
    const v1::RollbackServiceRequest& request) const
{
    v1::RolloutTarget back;
    back.set_service(request.service());
    const auto& stable = *m_fleet.stable(request.service());
    for (const auto& entry : m_entries) {
        for (const auto& target : entry.rollout.targets()) {
            if (target.service() != request.service()
                || target.state() != v1::ROLLOUT_STATE_SUCCEEDED)
                continue;
            const auto then = revisionOf(target);
            const auto before = revisionBefore(target);
            const bool isIt = request.version().empty() ? then.label() == stable.label()
                                                        : before.version == request.version();
            if (isIt && before.label() != stable.label()) {
                back.set_version(before.version);
                back.mutable_arguments()->insert(before.arguments.begin(), before.arguments.end());
                return back;
            }
        }
    }
    if (request.version().empty())
        return runtime::failedPrecondition("NOTHING_BEFORE", request.service(),
            absl::StrCat("nothing is known that ", request.service(), " ran before ",
                stable.label(), "; name a version"));
    if (m_releases.find(request.version()) == nullptr)
        return runtime::notFound("release", request.version());
    back.set_version(request.version());
    return back;
}

absl::StatusOr<v1::Rollout> Rollouts::rollBack(
    const v1::RollbackServiceRequest& request, const Fleet::Cause& cause)
{
    if (m_fleet.stable(request.service()) == nullptr)
        return runtime::notFound("service", request.service());
    if (auto* active = activeOf(request.service())) {
        if (active->rollout.state() != v1::ROLLOUT_STATE_ROLLING_BACK) {
            if (auto aborted = abort(active->rollout.id(), cause); !aborted.ok())
                return aborted;
        }
        const auto before = std::ranges::find(
            active->rollout.targets(), request.service(), &v1::RolloutTarget::service);
        if (request.version().empty() || before->from_version() == request.version())
            return active->rollout;
    }
    auto target = targetBack(request);
    if (!target.ok())
        return target.status();
    if (revisionOf(*target).label() == m_fleet.stable(request.service())->label())
        return runtime::failedPrecondition("RUNS_ALREADY", request.service(),
            absl::StrCat(request.service(), " runs ", target->version(), " already"));
    v1::Rollout rollout;
    *rollout.add_targets() = *std::move(target);
    rollout.set_is_rollback(true);
    rollout.set_surge(1);
    return enter(std::move(rollout), cause);
}

Revision Rollouts::revisionOf(const v1::RolloutTarget& target) const
{
    return {target.version(), {target.arguments().begin(), target.arguments().end()},
        m_releases.directoryOf(target.version())};
}

Revision Rollouts::revisionBefore(const v1::RolloutTarget& target) const
{
    return {target.from_version(), {target.from_arguments().begin(), target.from_arguments().end()},
        m_releases.directoryOf(target.from_version())};
}

void Rollouts::changed(Entry& entry)
{
    entry.rollout.set_etag(absl::StrCat(m_change + 1));
    if (const auto status = m_journal.append(toLine(entry.rollout), true); !status.ok())
        spdlog::error(
            "the rollout {} will be forgotten: {}", entry.rollout.id(), status.ToString());
    touched(entry);
}

void Rollouts::touched(Entry& entry)
{
    entry.change = ++m_change;
    m_listener.onRollout();
}

void Rollouts::record(const v1::Rollout& rollout, const v1::RolloutTarget* target,
    const std::string& kind, Severity severity, const Fleet::Cause& cause)
{
    v1::Event event;
    *event.mutable_at() = momentNow();
    event.set_kind(kind);
    event.set_severity(severity);
    const auto* about
        = target != nullptr || rollout.targets_size() != 1 ? target : &rollout.targets(0);
    if (about != nullptr) {
        event.set_service(about->service());
        (*event.mutable_facts())["from"] = revisionBefore(*about).label();
        (*event.mutable_facts())["to"] = revisionOf(*about).label();
    }
    event.mutable_actor()->set_id(cause.actor);
    event.mutable_actor()->set_service("control");
    event.mutable_actor()->set_version(SHOPFLEET_VERSION);
    event.set_reason(cause.reason);
    (*event.mutable_facts())["rollout"] = rollout.id();
    m_listener.onEvent(std::move(event));
}

} // namespace shopfleet::control
