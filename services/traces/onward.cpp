// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/traces/onward.h"

#include "services/runtime/spans.h"
#include "services/runtime/telemetry.h"

#include <grpcpp/grpcpp.h>

#include <prometheus/counter.h>
#include <spdlog/spdlog.h>

namespace shopfleet::traces {
namespace {

constexpr auto kEvery = std::chrono::milliseconds(200);
constexpr auto kPatience = std::chrono::seconds(2);
constexpr std::size_t kMostWaiting = 20'000; // Spans.

prometheus::Counter& counter(const char* became)
{
    static auto& family = prometheus::BuildCounter()
                              .Name("shopfleet_spans_onward_total")
                              .Help("Spans that were to be handed on, by what became of them.")
                              .Register(runtime::metrics());
    return family.Add({{"became", became}});
}

std::size_t countOf(const otlp::ExportTraceServiceRequest& request)
{
    std::size_t count = 0;
    for (const auto& group : request.resource_spans())
        for (const auto& scope : group.scope_spans())
            count += static_cast<std::size_t>(scope.spans_size());
    return count;
}

} // namespace

Onward::Onward(const std::string& address)
    : m_stub(otlp::TraceService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials())))
    , m_ticker(kEvery, [this] { send(); })
{
}

void Onward::add(const otlp::ExportTraceServiceRequest& request)
{
    static auto& dropped = counter("dropped");
    const auto batch = std::make_shared<const Batch>(Batch{request, countOf(request)});
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(batch);
    m_spans += batch->spans;
    while (m_spans > kMostWaiting && m_waiting.size() > 1) {
        dropped.Increment(static_cast<double>(m_waiting.front()->spans));
        m_spans -= m_waiting.front()->spans;
        m_waiting.pop_front();
    }
}

void Onward::send()
{
    static auto& sent = counter("sent");
    while (!m_ticker.isStopping()) {
        std::shared_ptr<const Batch> next;
        {
            const std::lock_guard lock(m_mutex);
            if (m_waiting.empty())
                return;
            next = m_waiting.front();
        }
        if (!deliver(next->request))
            return; // It stays the first.
        sent.Increment(static_cast<double>(next->spans));
        const std::lock_guard lock(m_mutex);
        // It may have been the oldest of too many meanwhile.
        if (!m_waiting.empty() && m_waiting.front() == next) {
            m_spans -= next->spans;
            m_waiting.pop_front();
        }
    }
}

/// Also true for what is refused there for ever: the next one may be taken.
bool Onward::deliver(const otlp::ExportTraceServiceRequest& request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    otlp::ExportTraceServiceResponse response;
    const auto status = m_stub->Export(&context, request, &response);
    const bool refused = status.error_code() == grpc::StatusCode::INVALID_ARGUMENT
        || status.error_code() == grpc::StatusCode::UNIMPLEMENTED
        || status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
    if (refused)
        spdlog::warn("spans are refused where they were to be handed on: {} {}",
            runtime::codeName(status.error_code()), status.error_message());
    return status.ok() || refused;
}

} // namespace shopfleet::traces
