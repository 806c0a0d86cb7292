// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "services/runtime/ticker.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace shopfleet::traces {

namespace otlp = opentelemetry::proto::collector::trace::v1;

/// Hands what was taken in on to another collector, as it came and in order. While nobody takes it
/// there, the newest 20,000 spans wait; here nobody waits for it.
class Onward {
public:
    explicit Onward(const std::string& address); ///< "127.0.0.1:4317"

    void add(const otlp::ExportTraceServiceRequest& request);

private:
    struct Batch {
        otlp::ExportTraceServiceRequest request;
        std::size_t spans = 0;
    };

    void send();
    bool deliver(const otlp::ExportTraceServiceRequest& request);

    std::unique_ptr<otlp::TraceService::Stub> m_stub;
    std::mutex m_mutex;
    std::deque<std::shared_ptr<const Batch>> m_waiting;
    std::size_t m_spans = 0;
    runtime::Ticker m_ticker;
};

} // namespace shopfleet::traces
