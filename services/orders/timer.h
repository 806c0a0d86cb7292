// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace shopfleet::orders {

/// Calls back later, on its own thread. What is called must not block; what is still waiting at the
/// end is never called.
class Timer {
public:
    using Clock
        = std::chrono::steady_clock; // A changed wall clock neither hurries nor delays anything.

    Timer();
    ~Timer();
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void after(std::chrono::milliseconds pause, std::function<void()> then);

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::multimap<Clock::time_point, std::function<void()>> m_waiting;
    bool m_stopped = false;
    std::thread m_thread;
};

} // namespace shopfleet::orders
