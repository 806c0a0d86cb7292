// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/jsontext.h"
#include "services/ctl/latencies.h"
#include "services/ctl/shopper.h"

#include <map>
#include <mutex>
#include <string>

namespace shopfleet::ctl {

struct ShopCounts {
    int64_t requests = 0;
    int64_t failed = 0;
    int64_t refused = 0;
    int64_t retries = 0;
    int64_t placed = 0;
    int64_t rejected = 0;
    Latencies latencies = {};

    void add(const ShopResult& result, int64_t micros);
    void add(const ShopCounts& other);
    Json json() const;
};

/// What all shoppers met: for the second that runs, and in all. May be used from several threads.
class ShopTally {
public:
    void add(const ShopResult& result, int64_t micros);

    /// The counts since the last call.
    ShopCounts takeSecond();

    ShopCounts total() const;

    /// Fields: by_action.{name}.{requests, failed, latency_ms}, failures.{reason}: count.
    void addDetails(Json* json) const;
    std::map<std::string, int64_t> failures() const;

private:
    mutable std::mutex m_mutex;
    ShopCounts m_second;
    ShopCounts m_total;
    std::map<ShopAction, ShopCounts> m_byAction;
    std::map<std::string, int64_t> m_failures;
};

} // namespace shopfleet::ctl
