// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/traces/v1/traces.pb.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace shopfleet::traces {

/// What traces say together about who calls whom, who is waited for, and where failures begin, in
/// steps of ten seconds.
class CallGraphSums {
public:
    static constexpr std::int64_t kStepUs = 10'000'000;

    struct Node {
        std::int64_t traces = 0, failed = 0, began = 0, ownUs = 0;
    };
    struct Edge {
        std::int64_t calls = 0, failed = 0, tookUs = 0;
    };
    struct Step {
        std::map<std::string, Node> nodes; ///< "": the sum over traces.
        std::map<std::pair<std::string, std::string>, Edge> edges; ///< Caller and callee.
    };

    /// An arranged trace.
    void add(const v1::Trace& trace);
    const std::map<std::int64_t, Step>& steps() const
    {
        return m_steps;
    } ///< By their beginning, µs.
    bool isEmpty() const { return m_steps.empty(); }

private:
    std::map<std::int64_t, Step> m_steps;
};

/// The service that a span of a client calls, by its method's package: "payments" of
/// "shopfleet.payments.v1.Payments". Empty where it says no such thing.
std::string calleeOf(const v1::Span& span);

/// Whose time and whose failure a span is. What a caller sees of a call and the callee does not, an
/// answer that is late or never comes, is the callee's.
std::string ownerOf(const v1::Span& span);

/// The service that failed first in a trace: of its failed spans with no failed one below them the
/// owner of the first to end. Empty: nothing failed.
std::string firstToFail(const v1::Trace& trace);

} // namespace shopfleet::traces
