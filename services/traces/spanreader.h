// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "opentelemetry/proto/collector/trace/v1/trace_service.pb.h"
#include "shopfleet/traces/v1/traces.pb.h"

#include <string>
#include <vector>

namespace shopfleet::traces {

namespace otlp = opentelemetry::proto::collector::trace::v1;

/// A span on its way in, and the trace that it belongs to.
struct Arrived {
    std::string traceId;
    v1::Span span;
};

struct Read {
    std::vector<Arrived> spans;
    int rejected = 0;
    std::string why; ///< Of the first that was rejected: which field, and what is wrong with it.
};

/// Whoever sends may be anybody's program: ids and times are checked, long texts and long lists are
/// cut, bytes that are no text are not kept.
Read readSpans(const otlp::ExportTraceServiceRequest& request);

} // namespace shopfleet::traces
