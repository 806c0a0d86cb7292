// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/reconciler.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace shopfleet::payments {

/// What payments does when nobody asks, on one thread of the process that writes: settles what the
/// provider never answered, and compares the books with the provider's every ten minutes. A person
/// may ask for a comparison; they are done one after the other.
class Backoffice {
public:
    struct Pace {
        std::chrono::milliseconds look{2'000};
        std::chrono::milliseconds unknown{10'000}; ///< So old an UNKNOWN one is settled.
        /// So old a one is, of which nothing is known at all: longer than who asks tries again.
        std::chrono::milliseconds asked{600'000};
        std::chrono::milliseconds reconcile{600'000};
    };

    Backoffice(runtime::Database& database, Provider& provider, Cashier& cashier, Pace pace);
    ~Backoffice();

    struct Job {
        std::function<bool()> goOn;
        std::function<void(absl::StatusOr<v1::ReconcileResponse>)> done;
    };
    /// RESOURCE_EXHAUSTED where too many wait already; `done` is called once, on another thread.
    absl::Status reconcile(Job job);

private:
    void run();
    void settleOverdue();
    void report(const absl::StatusOr<v1::ReconcileResponse>& found);
    bool isStopping();

    runtime::Database& m_database;
    Cashier& m_cashier;
    Reconciler m_reconciler;
    const Pace m_pace;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    std::deque<Job> m_jobs;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace shopfleet::payments
