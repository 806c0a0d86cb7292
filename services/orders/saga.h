// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/peers.h"
#include "services/orders/store.h"
#include "services/orders/timer.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace shopfleet::orders {

/// Drives unfinished orders: call, write what came of it, next step. One in the process that
/// writes; knows no SQL and no gRPC.
///
/// Nothing blocks and no thread belongs to an order: answers arrive on gRPC's threads, writes on
/// the writer's, pauses on the timer's. Each order has at most one call under way, all together at
/// most kMostCalls; the rest wait in line.
class Saga {
public:
    using Decided = std::function<void(const v1::Order&)>;
    /// Runs one write's work in the writer's transaction; `then` comes after the commit.
    using Work
        = std::function<absl::StatusOr<std::optional<Unfinished>>(runtime::Connection&, Writes&)>;
    using Then = std::function<void(absl::StatusOr<std::optional<Unfinished>>)>;
    using Write = std::function<void(Work, Then)>;

    Saga(Peers& peers, Write write);
    ~Saga();

    /// Takes over an order whose step is stored and not under way; one that is known already is
    /// tried at once. `then` is called when it is decided, or with what is known when time is up
    /// (without an id if that is nothing).
    void drive(Unfinished unfinished);
    void drive(Unfinished unfinished, std::chrono::milliseconds timeout, Decided then);

    /// Waits for an order that is driven already; false (and no call) if it is not.
    bool await(const std::string& id, std::chrono::milliseconds timeout, Decided then);

    /// Somebody changed the order: the next step goes by that.
    void refresh(const v1::Order& order);

    std::size_t size() const;

    /// Begins no more calls and waits for those under way, at most for a step's timeout.
    void stop();

private:
    struct Run {
        Unfinished unfinished;
        bool underWay = false; ///< A call or its write.
        runtime::Trace trace; ///< What set it off; once nobody waits, each attempt after a pause is
                              ///< one of its own.
        std::uint64_t pause = 0; ///< Tells a pause's end from that of an earlier one.
    };
    struct Waiter {
        std::uint64_t number;
        Decided then;
    };

    // Those that end in Locked are called with m_mutex held.
    void driveLocked(Unfinished unfinished);
    void scheduleLocked(const std::string& id, Run& run);
    void restLocked(const std::string& id, Run& run, std::chrono::milliseconds pause);
    void addWaiterLocked(const std::string& id, std::chrono::milliseconds timeout, Decided then);
    void pump();
    void finish(const std::string& id, Step step, const Outcome& outcome);
    void written(const std::string& id, absl::StatusOr<std::optional<Unfinished>> result);
    void giveUp(const std::string& id, std::uint64_t number);
    void wake(const std::string& id, std::uint64_t pause);
    void lookAround();

    static constexpr int kMostCalls = 256;

    Peers& m_peers;
    Write m_write;
    mutable std::mutex m_mutex;
    std::unordered_map<std::string, Run> m_runs;
    std::unordered_map<std::string, std::vector<Waiter>> m_waiters;
    std::deque<std::string> m_ready;
    std::unordered_map<std::string, Timer::Clock::time_point> m_returned; ///< When, by service.
    int m_calls = 0;
    bool m_stopping = false;
    std::condition_variable m_quiet;
    std::uint64_t m_numbers = 0;
    std::minstd_rand m_chance{std::random_device{}()};
    Timer m_timer; ///< Last: it goes first, and nothing fires into what is gone.
};

} // namespace shopfleet::orders
