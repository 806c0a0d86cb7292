// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace shopfleet::runtime {

/// What a service does when nobody asks, on a thread of its own: after each pause, and at once when
/// it is poked. Declare it after what the work uses: it ends first, once the work under way is
/// done.
class Ticker {
public:
    Ticker(std::chrono::milliseconds pause, std::function<void()> work);
    ~Ticker() { stop(); }

    void poke();
    /// Returns when the work under way is done; none begins after it.
    void stop();
    /// Work that takes long looks at it in between.
    bool isStopping() const { return m_stopping; }

private:
    void run(std::chrono::milliseconds pause);

    const std::function<void()> m_work;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_poked = false;
    std::atomic<bool> m_stopping = false;
    std::thread m_thread;
};

} // namespace shopfleet::runtime
