// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/fleet.h"
#include "services/control/journal.h"
#include "services/control/releases.h"
#include "services/control/telemetry.h"

#include <cstdint>
#include <deque>
#include <string>

namespace shopfleet::control {

/// Brings new revisions of services in, step by step, and takes them back when they are worse. What
/// is under way is derived from what runs, over and over: a control plane that is started again
/// goes on where the one before was killed. Lives on the event loop's thread.
class Rollouts {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void onRollout() = 0; // Something about a rollout changed.
        virtual void onEvent(v1::Event event) = 0;
        /// From now on the service is of this revision, whatever ends.
        virtual absl::Status onStable(const std::string& service, const Revision& revision) = 0;
    };
    struct Entry {
        v1::Rollout rollout;
        std::uint64_t change = 0; // Grows with each change of any rollout.
    };

    Rollouts(EventLoop& loop, Fleet& fleet, const Releases& releases, const Telemetry& telemetry,
        Listener& listener, const std::string& file);
    ~Rollouts();

    /// Goes on with what was under way; between the fleet's adopt() and its begin().
    void begin();
    void end();

    absl::StatusOr<v1::Rollout> start(
        const v1::StartRolloutRequest& request, const Fleet::Cause& cause);
    absl::StatusOr<v1::Rollout> pause(const std::string& id, const Fleet::Cause& cause);
    absl::StatusOr<v1::Rollout> resume(const std::string& id, const Fleet::Cause& cause);
    absl::StatusOr<v1::Rollout> promote(const std::string& id, bool all, const Fleet::Cause& cause);
    absl::StatusOr<v1::Rollout> abort(const std::string& id, const Fleet::Cause& cause);
    absl::StatusOr<v1::Rollout> rollBack(
        const v1::RollbackServiceRequest& request, const Fleet::Cause& cause);

    const std::deque<Entry>& all() const { return m_entries; } // Newest first.
    const v1::Rollout* find(const std::string& id) const;
    std::uint64_t change() const { return m_change; }

private:
    absl::Status check(const v1::StartRolloutRequest& request) const;
    absl::Status checkTarget(const v1::StartRolloutRequest& request, int index) const;
    absl::StatusOr<Entry*> running(const std::string& id);
    Entry* activeOf(const std::string& service);
    v1::Rollout enter(v1::Rollout rollout, const Fleet::Cause& cause);
    absl::StatusOr<v1::RolloutTarget> targetBack(const v1::RollbackServiceRequest& request) const;
    Revision revisionOf(const v1::RolloutTarget& target) const;
    Revision revisionBefore(const v1::RolloutTarget& target) const;

    void tick();
    void advance(Entry& entry);
    void judge(Entry& entry);
    std::string objectionTo(const v1::Rollout& rollout) const;
    bool isFree(const Entry& entry, const std::string& service) const;
    void begin(Entry& entry, v1::RolloutTarget& target);
    void canary(Entry& entry, v1::RolloutTarget& target);
    void nextStep(Entry& entry, v1::RolloutTarget& target);
    void roll(Entry& entry, v1::RolloutTarget& target);
    void goBack(Entry& entry, const std::string& why);
    void advanceBack(Entry& entry);
    void succeed(Entry& entry);
    void end(Entry& entry, v1::RolloutState state, const std::string& outcome);
    void plan(const v1::Rollout& rollout, const v1::RolloutTarget& target, int fresh, int old,
        int weight);

    void changed(Entry& entry); // Kept, and told.
    void touched(Entry& entry); // Told: figures, which are gone after a restart.
    void record(const v1::Rollout& rollout, const v1::RolloutTarget* target,
        const std::string& kind, shopfleet::common::v1::Severity severity,
        const Fleet::Cause& cause);

    EventLoop& m_loop;
    Fleet& m_fleet;
    const Releases& m_releases;
    const Telemetry& m_telemetry;
    Listener& m_listener;
    Journal m_journal;
    std::deque<Entry> m_entries;
    std::uint64_t m_change = 0;
    std::int64_t m_second = 0; // The last one that was judged.
    EventLoop::TimerId m_timer;
};

} // namespace shopfleet::control
