// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace shopfleet::control {

/// One thread on which the whole fleet is looked after: processes, timers, sockets. Whatever lives
/// on it needs no locks, and nothing on it may block. Only post() and stop() may be called from
/// other threads.
class EventLoop {
public:
    using Clock = std::chrono::steady_clock;
    using Task = std::function<void()>;
    using TimerId = std::pair<Clock::time_point, std::uint64_t>;

    EventLoop();
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Runs until stop(). Tasks that are posted later are kept for the next run().
    void run();
    void stop();

    void post(Task task);
    TimerId after(Clock::duration delay, Task task);
    void cancel(const TimerId& timer);

    /// Calls `ready` with the epoll events whenever the descriptor has any of them. The caller
    /// keeps the descriptor open until unwatch().
    void watch(int descriptor, std::uint32_t events, std::function<void(std::uint32_t)> ready);
    void unwatch(int descriptor);

private:
    int waitMs() const;
    void runPosted();
    void runTimers();

    int m_epoll = -1;
    int m_wake = -1;
    bool m_running = false;
    std::uint64_t m_lastTimer = 0;
    std::map<TimerId, Task> m_timers;
    std::unordered_map<int, std::function<void(std::uint32_t)>> m_watches;
    std::mutex m_mutex; // Guards what follows.
    std::vector<Task> m_posted;
};

} // namespace shopfleet::control
