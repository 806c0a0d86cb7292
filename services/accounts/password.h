// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shopfleet::accounts {

/// Hashes and verifies passwords with Argon2id on a few threads of its own, because one hash costs
/// as much processor time as a thousand reads: it must hold up neither gRPC's threads nor the
/// writer. What does not fit the queue is refused, so that a flood of sign-ins costs bounded memory
/// and time. Answers come on a worker's thread. The passwords are wiped as soon as they are used.
class PasswordWorkers {
public:
    /// OWASP's least: 19 MiB and two passes.
    struct Cost {
        unsigned long long passes = 2;
        std::size_t memoryBytes = std::size_t{19} << 20;
    };

    PasswordWorkers(int threads, std::size_t queueLimit, Cost cost);
    ~PasswordWorkers(); ///< Answers what waits, then stops.
    PasswordWorkers(const PasswordWorkers&) = delete;
    PasswordWorkers& operator=(const PasswordWorkers&) = delete;

    using Hashed = std::function<void(absl::StatusOr<std::string>)>;
    using Verified = std::function<void(bool)>;

    /// False, and `done` is never called, when the queue is full.
    [[nodiscard]] bool hash(std::string password, Hashed done);
    /// An empty `hash` (an unknown e-mail) takes the same time and is never right.
    [[nodiscard]] bool verify(std::string password, std::string hash, Verified done);

private:
    bool push(std::function<void()> job);
    void work();

    Cost m_cost;
    std::size_t m_queueLimit;
    std::string m_nobodysHash;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_jobs;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace shopfleet::accounts
