// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/database.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace shopfleet::inventory {

/// Gives back what is reserved beyond its time. Looks once a second, on the replica that writes.
class Sweeper {
public:
    explicit Sweeper(runtime::Database& database);
    ~Sweeper();

private:
    void run();
    void sweep();

    runtime::Database& m_database;
    std::mutex m_mutex;
    std::condition_variable m_woken;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace shopfleet::inventory
