// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace shopfleet::runtime {

/// Where a piece of work belongs: a W3C trace context, and the order that the work is for. Travels
/// between services in the headers `traceparent` and `baggage`.
struct Trace {
    std::string traceId; ///< 32 hexadecimal digits.
    std::string spanId; ///< 16: what is under way, the parent of what it calls.
    bool sampled = true; ///< Whether all spans are kept, or only those that fail or are slow.
    /// One for all copies: who finds out which order it is tells it to the whole call.
    std::shared_ptr<std::string> order = {};

    std::string header() const;
    /// Nothing is under way in it yet: what comes next has no parent. A header has to name a span
    /// all the same, and names the first half of the trace's own id.
    bool isNew() const { return traceId.starts_with(spanId); }
    /// What the next span's parent is: empty in a new trace.
    std::string parentId() const { return isNew() ? std::string() : spanId; }
    std::string orderId() const { return order ? *order : std::string(); }
    /// "order.id=536365"; empty where the work is for none.
    std::string baggage() const;
};

/// What this thread is working on: a call's handler, or a write that it queued. Empty outside of
/// both.
const Trace& currentTrace();
/// What somebody wants who begins a trace.
enum class Purpose { Change, Read };
/// A trace of its own, in which nothing is under way. All spans of the first twenty in each second
/// are kept, and of twenty that only read: a crowd that looks leaves room for those who buy.
Trace newTrace(std::string orderId = {}, Purpose purpose = Purpose::Change);
/// Empty where the header is none.
Trace parseTrace(std::string_view header);
/// The order that a baggage header names, or empty.
std::string orderOf(std::string_view baggage);
std::string newSpanId();
/// For what hands this thread a call: until it hands it the next one.
void setCurrentTrace(Trace trace);
/// The call that this thread is working on is for this order.
void concernsOrder(const std::string& id);

class TraceScope {
public:
    explicit TraceScope(Trace trace);
    ~TraceScope();
    TraceScope(const TraceScope&) = delete;
    TraceScope& operator=(const TraceScope&) = delete;

private:
    Trace m_before;
};

} // namespace shopfleet::runtime
