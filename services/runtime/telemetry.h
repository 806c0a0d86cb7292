// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <prometheus/registry.h>
#include <string>

namespace shopfleet::runtime {

class Database;

/// A W3C trace context: "00-TRACE-SPAN-01".
struct Trace {
    std::string traceId; ///< 32 hexadecimal digits.
    std::string spanId; ///< 16.
    std::string header() const;
};

/// What this thread is working on: a call's handler, or a write that it queued. Empty outside of
/// both.
const Trace& currentTrace();
Trace newTrace();
/// Empty where the header is none.
Trace parseTrace(std::string_view header);

class TraceScope {
public:
    explicit TraceScope(Trace trace);
    ~TraceScope();
    TraceScope(const TraceScope&) = delete;
    TraceScope& operator=(const TraceScope&) = delete;

private:
    Trace m_before;
};

/// The process's metrics; served on --metrics.
prometheus::Registry& metrics();

/// Counts and times every call, gives it a trace, and makes good what gRPC 1.51 says of a malformed
/// message.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> makeTelemetry();

/// Figures of the process and of its database, if it has one, read at each scrape.
std::shared_ptr<prometheus::Collectable> processMetrics(const Database* database);

} // namespace shopfleet::runtime
