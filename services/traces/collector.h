// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/database.h"
#include "services/runtime/ticker.h"
#include "services/traces/callgraph.h"
#include "services/traces/shape.h"
#include "services/traces/spanreader.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace shopfleet::traces {

/// Waits until a trace is whole, as far as one can know, and decides whether it is kept: those that
/// failed or were slow, and of the ordinary ones so many of each kind. So what is asked for all the
/// time takes no room from what is rare.
class Collector {
public:
    struct Pace {
        std::chrono::milliseconds look{200};
        std::chrono::milliseconds quiet{1'000}; ///< Without a new span: it is whole.
        std::chrono::milliseconds longest{10'000}; ///< It is stored, and what comes later added.
        double ordinaryPerSecond = 10; ///< Of those that begin with the same.
        double specialPerSecond = 100; ///< Failed or slow: a bound, so that a flood ends somewhere.
        double burstSeconds = 20; ///< What was not used is left for so long.
        std::int64_t mostBytes = std::int64_t{256} << 20;
    };

    Collector(runtime::Database& database, Pace pace);

    /// False where so much waits that nothing is taken.
    bool add(std::vector<Arrived> spans);
    /// Those of a trace that are not stored yet.
    std::vector<v1::Span> waiting(const std::string& traceId) const;

private:
    struct Open {
        v1::Trace trace;
        std::int64_t firstUs = 0, lastUs = 0;
    };
    struct Allowance {
        double left = 0;
        std::int64_t atUs = 0;
    };

    void look();
    std::vector<v1::Trace> takeWhole();
    bool isKept(const v1::Trace& trace);
    void store(const std::vector<v1::Trace>& traces, const CallGraphSums& sums);

    runtime::Database& m_database;
    const Pace m_pace;
    mutable std::mutex m_mutex;
    std::unordered_map<std::string, Open> m_open;
    std::size_t m_spans = 0;
    std::map<std::string, Allowance> m_allowances; ///< By what a trace begins with.
    runtime::Ticker m_ticker;
};

} // namespace shopfleet::traces
