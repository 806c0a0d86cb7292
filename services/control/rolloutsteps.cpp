// SPDX-License-Identifier: GPL-3.0-or-later
// How a rollout goes on. Nothing is counted along: each look derives from what runs how many
// replicas of the two revisions there should be next.
#include "services/control/moment.h"
#include "services/control/rolloutgate.h"
#include "services/control/rollouts.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

namespace shopfleet::control {

using google::protobuf::util::TimeUtil;
using shopfleet::common::v1::Severity;
using namespace std::chrono_literals;

namespace {

constexpr auto kTick = 100ms;
constexpr std::int64_t kJudgedSeconds = 60; // How far back a gate looks.
constexpr std::int64_t kHoldUs = 30'000'000;

std::int64_t usSince(const google::protobuf::Timestamp& time)
{
    return TimeUtil::DurationToMicroseconds(momentNow() - time);
}

std::int64_t usOf(const google::protobuf::Duration& duration)
{
    return TimeUtil::DurationToMicroseconds(duration);
}

bool isUnderWay(const v1::RolloutTarget& target)
{
    return target.phase() == v1::ROLLOUT_PHASE_CANARY || target.phase() == v1::ROLLOUT_PHASE_ROLLING
        || target.phase() == v1::ROLLOUT_PHASE_WATCHED;
}

} // namespace

// Until those that were taken over have said how they are, everything stays as it is.
void Rollouts::begin()
{
    for (auto& entry : m_entries) {
        if (entry.rollout.has_ended_at())
            continue;
        for (const auto& target : entry.rollout.targets()) {
            if (!isUnderWay(target) && target.phase() != v1::ROLLOUT_PHASE_BACK)
                continue;
            // The plan says which replicas are of which revision, so it comes before the numbers.
            plan(entry.rollout, target, 0, 0, 0);
            const auto standing = m_fleet.standing(target.service());
            const bool canary = target.phase() == v1::ROLLOUT_PHASE_CANARY;
            const bool nothing = standing.freshThere + standing.oldThere == 0;
            plan(entry.rollout, target, standing.freshStaying,
                nothing ? standing.desired : standing.oldThere,
                canary ? entry.rollout.steps(target.step()).weight() : 0);
        }
    }
    tick();
}

void Rollouts::end()
{
    m_loop.cancel(m_timer);
}

void Rollouts::tick()
{
    m_timer = m_loop.after(kTick, [this] { tick(); });
    if (!m_fleet.isSettled())
        return;
    const std::int64_t second = TimeUtil::TimestampToSeconds(momentNow());
    const bool judges = std::exchange(m_second, second) != second;
    // The older one goes first where two of them want the same service.
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        if (entry->rollout.has_ended_at())
            continue;
        if (judges)
            judge(*entry);
        advance(*entry);
    }
}

void Rollouts::plan(
    const v1::Rollout& rollout, const v1::RolloutTarget& target, int fresh, int old, int weight)
{
    m_fleet.setPlan(target.service(), {rollout.id(), revisionOf(target), fresh, old, weight});
}

// Puts the two beside each other, once a second.
void Rollouts::judge(Entry& entry)
{
    bool any = false;
    // Not further back than the rollout: a replica's name may have been another one's before.
    const auto started = TimeUtil::TimestampToSeconds(entry.rollout.started_at());
    const auto from = std::max(m_second - kJudgedSeconds, started + 1);
    for (auto& target : *entry.rollout.mutable_targets()) {
        if (!isUnderWay(target))
            continue;
        any = true;
        const auto standing = m_fleet.standing(target.service());
        if (target.fresh_replicas() != standing.freshReady
            || target.stable_replicas() != standing.oldReady)
            entry.rollout.set_etag(absl::StrCat(m_change + 1));
        target.set_fresh_replicas(standing.freshReady);
        target.set_stable_replicas(standing.oldReady);
        const auto& service = target.service();
        const auto fresh = m_fleet.replicasOf(service, true);
        const auto old = m_fleet.replicasOf(service, false);
        // The newest second may not be in yet.
        if (target.has_step_since())
            target.set_step_requests(target.step_requests()
                + static_cast<std::int64_t>(m_telemetry.requests(service, fresh, m_second - 2)));
        const auto canary = m_telemetry.side(service, fresh, from, m_second);
        auto stable = m_telemetry.side(service, old, from, m_second);
        if (!m_telemetry.takesCheckouts(service))
            stable.checkouts = {}; // The whole store's of this time are the new version's.
        const auto before = m_telemetry.side(service, {""}, started - kJudgedSeconds, started);
        *target.mutable_now() = compare(entry.rollout.gate(), canary, stable, before);
    }
    if (any)
        touched(entry);
}

std::string Rollouts::objectionTo(const v1::Rollout& rollout) const
{
    for (const auto& target : rollout.targets()) {
        if (!isUnderWay(target))
            continue;
        if (auto trouble = m_fleet.standing(target.service()).trouble; !trouble.empty())
            return trouble;
        if (!rollout.is_rollback() && target.has_now() && !target.now().passed())
            return absl::StrCat(target.service(), ": ", target.now().reason());
    }
    return {};
}

bool Rollouts::isFree(const Entry& entry, const std::string& service) const
{
    for (auto other = m_entries.rbegin(); &*other != &entry; ++other) {
        if (!other->rollout.has_ended_at()
            && std::ranges::find(other->rollout.targets(), service, &v1::RolloutTarget::service)
                != other->rollout.targets().end())
            return false;
    }
    return true;
}

void Rollouts::advance(Entry& entry)
{
    auto& rollout = entry.rollout;
    if (rollout.state() == v1::ROLLOUT_STATE_ROLLING_BACK)
        return advanceBack(entry);
    if (const auto why = objectionTo(rollout); !why.empty())
        return goBack(entry, why);
    for (auto& target : *rollout.mutable_targets()) {
        switch (target.phase()) {
        case v1::ROLLOUT_PHASE_WATCHED:
            plan(rollout, target, m_fleet.standing(target.service()).desired, 0, 0);
            continue;
        case v1::ROLLOUT_PHASE_CANARY:
            return canary(entry, target);
        case v1::ROLLOUT_PHASE_ROLLING:
            return roll(entry, target);
        default:
            if (rollout.state() != v1::ROLLOUT_STATE_PAUSED && isFree(entry, target.service()))
                begin(entry, target);
            return;
        }
    }
    if (rollout.state() == v1::ROLLOUT_STATE_PAUSED)
        return;
    if (usSince(rollout.targets().rbegin()->step_since()) >= usOf(rollout.watch_for()))
        succeed(entry);
}

void Rollouts::begin(Entry& entry, v1::RolloutTarget& target)
{
    // Another rollout may have come in between since this one was asked for.
    const auto& stable = *m_fleet.stable(target.service());
    target.set_from_version(stable.version);
    target.clear_from_arguments();
    target.mutable_from_arguments()->insert(stable.arguments.begin(), stable.arguments.end());
    target.set_state(v1::ROLLOUT_STATE_RUNNING);
    target.set_phase(
        entry.rollout.steps().empty() ? v1::ROLLOUT_PHASE_ROLLING : v1::ROLLOUT_PHASE_CANARY);
    record(entry.rollout, &target, "rollout.service_begun", Severity::SEVERITY_PROGRESS, {});
    changed(entry);
    advance(entry);
}

void Rollouts::canary(Entry& entry, v1::RolloutTarget& target)
{
    auto& rollout = entry.rollout;
    const auto& step = rollout.steps(target.step());
    const auto standing = m_fleet.standing(target.service());
    const int share = (standing.desired * step.weight() + 99) / 100;
    const int wanted = std::clamp(share, std::min(1, standing.desired), standing.desired);
    // The stable version stays whole: going back costs nobody a request.
    plan(rollout, target, wanted, standing.desired, step.weight());
    if (standing.freshReady < wanted || rollout.state() == v1::ROLLOUT_STATE_PAUSED)
        return;
    if (!target.has_step_since()) {
        *target.mutable_step_since() = momentNow();
        record(rollout, &target, "rollout.step", Severity::SEVERITY_PROGRESS,
            {"control", absl::StrCat(step.weight(), "%")});
        if (step.pause()) {
            rollout.set_state(v1::ROLLOUT_STATE_PAUSED);
            record(rollout, &target, "rollout.paused", Severity::SEVERITY_PROGRESS,
                {"control", "this step waits for somebody to promote it"});
        }
        changed(entry);
        return;
    }
    const auto hold = step.has_hold() ? usOf(step.hold()) : kHoldUs;
    if (usSince(target.step_since()) < hold)
        return;
    if (target.step_requests() >= rollout.gate().min_requests())
        nextStep(entry, target);
}

void Rollouts::nextStep(Entry& entry, v1::RolloutTarget& target)
{
    if (target.has_now())
        *target.add_gates() = target.now();
    target.clear_step_since();
    target.clear_step_requests();
    target.set_step(target.step() + 1);
    if (target.step() >= entry.rollout.steps_size())
        target.set_phase(v1::ROLLOUT_PHASE_ROLLING);
    changed(entry);
}

// As many of the new ones as serve take the place of old ones, and `surge` more are on their way.
// Only ever forwards: on a machine at its limit replicas miss a probe now and then, and to start
// others for them would be the last straw. One that does not serve for long is killed, which is
// trouble.
void Rollouts::roll(Entry& entry, v1::RolloutTarget& target)
{
    const auto standing = m_fleet.standing(target.service());
    if (entry.rollout.state() == v1::ROLLOUT_STATE_PAUSED) {
        // As it is, but there are as many as are wanted, also when all of them were stopped.
        const int fresh = std::min(standing.freshStaying, standing.desired);
        return plan(entry.rollout, target, fresh, standing.desired - fresh, 0);
    }
    const auto* before = m_fleet.plan(target.service());
    const int old = std::min(before != nullptr ? before->old : standing.desired,
        std::max(0, standing.desired - standing.freshReady));
    const int fresh = std::max({before != nullptr ? before->fresh : 0,
        standing.freshReady + entry.rollout.surge(), standing.desired - old});
    plan(entry.rollout, target, std::min(fresh, standing.desired), old, 0);
    if (standing.freshReady < standing.desired || standing.oldThere > 0)
        return;
    target.set_phase(v1::ROLLOUT_PHASE_WATCHED);
    *target.mutable_step_since() = momentNow();
    record(entry.rollout, &target, "rollout.service_rolled", Severity::SEVERITY_SUCCESS, {});
    changed(entry);
}

void Rollouts::succeed(Entry& entry)
{
    for (auto& target : *entry.rollout.mutable_targets()) {
        const auto revision = revisionOf(target);
        // Before the rollout is over: whoever is started in between finds it done, not undone.
        if (const auto status = m_listener.onStable(target.service(), revision); !status.ok())
            return; // Once the disk takes it.
        m_fleet.setStable(target.service(), revision);
        m_fleet.endPlan(target.service());
        target.set_state(v1::ROLLOUT_STATE_SUCCEEDED);
        if (target.has_now())
            *target.add_gates() = target.now();
    }
    end(entry, v1::ROLLOUT_STATE_SUCCEEDED, {});
}

void Rollouts::goBack(Entry& entry, const std::string& why)
{
    auto& rollout = entry.rollout;
    rollout.set_state(v1::ROLLOUT_STATE_ROLLING_BACK);
    rollout.set_outcome(why);
    for (auto& target : *rollout.mutable_targets()) {
        if (!isUnderWay(target))
            continue;
        if (target.has_now())
            *target.add_gates() = target.now();
        target.set_state(v1::ROLLOUT_STATE_ROLLING_BACK);
        target.set_phase(v1::ROLLOUT_PHASE_BACK);
    }
    record(rollout, nullptr, "rollout.rolling_back", Severity::SEVERITY_WARNING, {"control", why});
    changed(entry);
    advanceBack(entry);
}

// The last service first. An old replica that serves takes the place of a new one, so that as many
// as are needed serve all the time.
void Rollouts::advanceBack(Entry& entry)
{
    auto& targets = *entry.rollout.mutable_targets();
    bool waits = false;
    for (auto target = targets.rbegin(); target != targets.rend(); ++target) {
        if (target->state() != v1::ROLLOUT_STATE_ROLLING_BACK)
            continue;
        const auto standing = m_fleet.standing(target->service());
        if (waits) { // Meanwhile it serves as it did.
            plan(entry.rollout, *target, standing.desired, 0, 0);
            continue;
        }
        const int missing = std::max(0, standing.desired - standing.oldReady);
        plan(entry.rollout, *target, std::min(standing.freshStaying, missing), standing.desired, 0);
        waits = standing.freshThere > 0;
        if (waits)
            continue;
        m_fleet.endPlan(target->service());
        target->set_state(v1::ROLLOUT_STATE_ROLLED_BACK);
        changed(entry);
    }
    if (waits)
        return;
    end(entry,
        entry.rollout.is_rollback() ? v1::ROLLOUT_STATE_FAILED : v1::ROLLOUT_STATE_ROLLED_BACK,
        entry.rollout.outcome());
}

void Rollouts::end(Entry& entry, v1::RolloutState state, const std::string& outcome)
{
    auto& rollout = entry.rollout;
    rollout.set_state(state);
    rollout.set_outcome(outcome);
    *rollout.mutable_ended_at() = momentNow();
    const bool good = state == v1::ROLLOUT_STATE_SUCCEEDED;
    record(rollout, nullptr, good ? "rollout.succeeded" : "rollout.rolled_back",
        good ? Severity::SEVERITY_SUCCESS : Severity::SEVERITY_FAILURE, {"control", outcome});
    changed(entry);
}

} // namespace shopfleet::control
