// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace shopfleet::ctl {

/// What the services said of what was sent, summed up while it is sent.
struct ImportCounts {
    std::atomic<int64_t> wanted = 0;
    std::atomic<int64_t> created = 0;
    std::atomic<int64_t> updated = 0;
    std::atomic<int64_t> unchanged = 0;

    int64_t sent() const { return created.load() + updated.load() + unchanged.load(); }

    template <class Response>
    void add(const Response& response)
    {
        created += response.created();
        unchanged += response.unchanged();
        if constexpr (requires { response.updated(); })
            updated += response.updated();
    }
};

struct StoreCounts {
    ImportCounts customers;
    ImportCounts products;
    ImportCounts stock; ///< In SKUs: created ones got a receipt, unchanged ones had it.
    ImportCounts orders;
    ImportCounts shipments;
    ImportCounts payments;
    std::atomic<int64_t> retries = 0;

    void addRetry(const std::string& why)
    {
        ++retries;
        const std::lock_guard lock(m_mutex);
        m_lastTrouble = why;
    }

    /// What the last retry was for; empty if there was none.
    std::string lastTrouble() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lastTrouble;
    }

    int64_t wanted() const
    {
        return customers.wanted + products.wanted + stock.wanted + orders.wanted + shipments.wanted
            + payments.wanted;
    }
    int64_t sent() const
    {
        return customers.sent() + products.sent() + stock.sent() + orders.sent() + shipments.sent()
            + payments.sent();
    }

private:
    mutable std::mutex m_mutex;
    std::string m_lastTrouble;
};

} // namespace shopfleet::ctl
