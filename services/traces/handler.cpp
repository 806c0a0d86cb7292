// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/handler.h"

#include "services/traces/callgraphstore.h"
#include "services/traces/store.h"

#include <algorithm>
#include <utility>

namespace shopfleet::traces {
namespace {

constexpr std::int64_t kComeBackMs = 500;
constexpr std::size_t kIdDigits = 32;

bool isTraceId(const std::string& id)
{
    return id.size() == kIdDigits && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

} // namespace

runtime::Unary* Receiver::Export(runtime::Context* context,
    const otlp::ExportTraceServiceRequest* request, otlp::ExportTraceServiceResponse* response)
{
    if (!m_database.isWriter())
        return runtime::finish(context, runtime::unavailable("not the writer"));
    auto read = readSpans(*request);
    if (read.rejected > 0) {
        response->mutable_partial_success()->set_rejected_spans(read.rejected);
        response->mutable_partial_success()->set_error_message(read.why);
    }
    const bool taken = m_collector.add(std::move(read.spans));
    if (taken && m_onward)
        m_onward->add(*request);
    return runtime::finish(context,
        taken
            ? absl::OkStatus()
            : runtime::overloaded("too many spans wait; send them again in a moment", kComeBackMs));
}

runtime::Unary* Handler::SearchTraces(runtime::Context* context,
    const v1::SearchTracesRequest* request, v1::SearchTracesResponse* response)
{
    return runtime::browse(context, m_database, request, response, &store::search);
}

runtime::Unary* Handler::GetTrace(
    runtime::Context* context, const v1::GetTraceRequest* request, v1::Trace* response)
{
    if (!isTraceId(request->id()))
        return runtime::finish(
            context, runtime::invalidField("id", "must be 32 hexadecimal digits, in lower case"));
    return runtime::browse(context, m_database, request, response,
        [this](runtime::Connection& db, const auto& asked) -> absl::StatusOr<v1::Trace> {
            const auto stored = store::find(db, asked.id());
            if (!stored.ok())
                return stored.status();
            v1::Trace trace = stored->value_or(v1::Trace());
            trace.set_id(asked.id());
            for (v1::Span& span : m_collector.waiting(asked.id()))
                *trace.add_spans() = std::move(span);
            if (trace.spans().empty())
                return runtime::notFound("trace", asked.id());
            arrange(trace);
            return trace;
        });
}

runtime::Unary* Handler::GetCallGraph(
    runtime::Context* context, const v1::GetCallGraphRequest* request, v1::CallGraph* response)
{
    return runtime::browse(context, m_database, request, response, &store::callGraph);
}

} // namespace shopfleet::traces
