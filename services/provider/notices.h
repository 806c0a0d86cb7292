// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/database.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace shopfleet::provider {

/// Delivers webhooks, while this process writes: each is tried until payments has taken it, with
/// pauses that grow to a minute, for two hours. They may come late, twice and out of order, as a
/// real provider's do.
class Notices {
public:
    Notices(runtime::Database& database, const std::shared_ptr<grpc::Channel>& payments);
    ~Notices();

    /// There may be one that is due.
    void poke();

private:
    void run();
    void deliverDue();
    void deliver(std::int64_t id, const std::string& key, int attempts);

    runtime::Database& m_database;
    std::unique_ptr<payments::v1::Payments::Stub> m_payments;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_poked = false;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace shopfleet::provider
