// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace shopfleet::runtime {

/// Threads for what may take long. gRPC 1.51 answers all calls of a process on two threads (on a
/// small machine); a few searches there would keep everybody else waiting.
class Aside {
public:
    using Work = std::function<void()>;

    Aside(int threads, std::size_t mostWaiting);
    ~Aside(); ///< Does what waits, then ends.
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;

    /// False where too much waits already: nothing is done then.
    bool run(Work work);

    /// The process's own, which ends with it.
    static Aside& shared();

private:
    void serve();

    const std::size_t m_mostWaiting;
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::deque<Work> m_waiting;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace shopfleet::runtime
