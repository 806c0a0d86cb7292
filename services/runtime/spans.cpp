// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/spans.h"

#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "services/runtime/clock.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/ticker.h"

#include <absl/strings/escaping.h>
#include <grpcpp/client_context.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <prometheus/counter.h>
#include <utility>

namespace shopfleet::runtime {
namespace {

namespace otlp = opentelemetry::proto::collector::trace::v1;

constexpr auto kEvery = std::chrono::milliseconds(500);
constexpr auto kPatience = std::chrono::milliseconds(1'000);
constexpr std::size_t kMostWaiting = 4'096;
constexpr std::size_t kBatch = 512;
constexpr std::int64_t kSlowUs = 500'000;
constexpr std::int64_t kNsPerUs = 1'000;

constexpr std::array<const char*, 17> kCodeNames = {"OK", "CANCELLED", "UNKNOWN",
    "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"};

template <class Holder>
void add(Holder& holder, const char* key, std::string value)
{
    auto& attribute = *holder.add_attributes();
    attribute.set_key(key);
    attribute.mutable_value()->set_string_value(std::move(value));
}

void write(const Span& span, otlp::Span& out)
{
    out.set_trace_id(absl::HexStringToBytes(span.trace.traceId));
    out.set_span_id(absl::HexStringToBytes(span.trace.spanId));
    out.set_parent_span_id(absl::HexStringToBytes(span.parentId));
    out.set_kind(static_cast<otlp::Span::SpanKind>(span.kind));
    out.set_start_time_unix_nano(static_cast<std::uint64_t>(span.startUs * kNsPerUs));
    out.set_end_time_unix_nano(static_cast<std::uint64_t>(span.endUs * kNsPerUs));
    out.set_name(span.name);
    const auto slash = span.name.rfind('/');
    const bool isRpc = slash != std::string::npos && span.name.find(' ') == std::string::npos;
    if (isRpc) {
        add(out, "rpc.system", "grpc");
        add(out, "rpc.service", span.name.substr(0, slash));
        add(out, "rpc.method", span.name.substr(slash + 1));
        auto& code = *out.add_attributes();
        code.set_key("rpc.grpc.status_code");
        code.mutable_value()->set_int_value(span.code);
    }
    if (const auto order = span.trace.orderId(); !order.empty())
        add(out, "order.id", order);
    if (!span.peer.empty())
        add(out, "network.peer.address", span.peer);
    if (span.code != 0)
        out.mutable_status()->set_message(span.message);
    if (isFailure(span.code))
        out.mutable_status()->set_code(otlp::Status::STATUS_CODE_ERROR);
}

/// The process's spans on their way out. A batch is sent until it is taken: a restart of whoever
/// keeps them loses none, as long as there is room.
class Outbox {
public:
    Outbox(const std::string& service, const std::string& replica,
        const std::shared_ptr<grpc::Channel>& channel)
        : m_stub(otlp::TraceService::NewStub(channel))
        , m_ticker(kEvery, [this] { send(); })
    {
        add(m_resource, "service.name", service);
        add(m_resource, "service.instance.id", replica.empty() ? service : replica);
        const char* revision = std::getenv("SHOPFLEET_REVISION"); // Where releases are rolled out.
        add(m_resource, "service.version", revision ? revision : SHOPFLEET_VERSION);
    }

    void put(Span span)
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(span));
        if (m_waiting.size() > kMostWaiting) {
            m_waiting.pop_front();
            ++m_forgotten; // What is being sent may be among them.
            m_dropped.Increment();
        }
    }

    void finish()
    {
        m_ticker.stop();
        send();
    }

private:
    void send()
    {
        while (true) {
            otlp::ExportTraceServiceRequest request;
            const std::size_t size = collect(request);
            if (size == 0 || !deliver(request))
                return;
            const std::lock_guard lock(m_mutex);
            const std::size_t gone = std::min(std::exchange(m_forgotten, 0), size);
            m_waiting.erase(
                m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(size - gone));
        }
    }

    std::size_t collect(otlp::ExportTraceServiceRequest& request)
    {
        std::vector<Span> spans;
        {
            const std::lock_guard lock(m_mutex);
            m_forgotten = 0;
            const auto size = std::min(m_waiting.size(), kBatch);
            spans.assign(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(size));
        }
        if (spans.empty())
            return 0;
        auto& group = *request.add_resource_spans();
        *group.mutable_resource() = m_resource;
        auto& scope = *group.add_scope_spans();
        for (const Span& span : spans)
            write(span, *scope.add_spans());
        return spans.size();
    }

    bool deliver(const otlp::ExportTraceServiceRequest& request)
    {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + kPatience);
        otlp::ExportTraceServiceResponse response;
        return m_stub->Export(&context, request, &response).ok();
    }

    std::unique_ptr<otlp::TraceService::Stub> m_stub;
    otlp::Resource m_resource;
    std::mutex m_mutex;
    std::deque<Span> m_waiting;
    std::size_t m_forgotten = 0;
    prometheus::Counter& m_dropped = prometheus::BuildCounter()
                                         .Name("shopfleet_spans_dropped_total")
                                         .Help("Spans that nobody took in time.")
                                         .Register(metrics())
                                         .Add({});
    Ticker m_ticker;
};

// Threads of gRPC's may record until the process has ended: it is never freed.
std::atomic<Outbox*> outbox = nullptr;

/// One call to another service, from its headers to its answer.
class CallTracing final : public grpc::experimental::Interceptor {
public:
    explicit CallTracing(grpc::experimental::ClientRpcInfo* info)
        : m_context(info->client_context())
        , m_traced(info->type() == grpc::experimental::ClientRpcInfo::Type::UNARY && isTracing())
    {
        if (m_traced)
            m_span.name = std::string(info->method() + 1); // Without the slash in front.
    }

    void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override
    {
        using Point = grpc::experimental::InterceptionHookPoints;
        if (m_traced && methods->QueryInterceptionHookPoint(Point::PRE_SEND_INITIAL_METADATA))
            begin(*methods->GetSendInitialMetadata());
        if (m_traced && methods->QueryInterceptionHookPoint(Point::POST_RECV_STATUS))
            end(*methods->GetRecvStatus());
        methods->Proceed();
    }

private:
    /// prepare() has put the caller's span there, and this one takes its place.
    void begin(std::multimap<std::string, std::string>& headers)
    {
        const auto header = headers.find("traceparent");
        m_span.trace = header == headers.end() ? Trace() : parseTrace(header->second);
        m_traced = !m_span.trace.traceId.empty();
        if (!m_traced)
            return;
        m_span.parentId = m_span.trace.parentId();
        m_span.trace.spanId = newSpanId();
        if (const auto baggage = headers.find("baggage"); baggage != headers.end())
            *m_span.trace.order = orderOf(baggage->second);
        header->second = m_span.trace.header();
        m_span.kind = Span::Kind::Client;
        m_span.startUs = nowUs();
    }

    void end(const grpc::Status& status)
    {
        m_span.endUs = nowUs();
        m_span.code = status.error_code();
        m_span.message = status.error_message();
        // Where nobody was reached it is the name that was looked for.
        if (auto peer = m_context->peer(); !peer.starts_with("xds:"))
            m_span.peer = std::move(peer);
        record(std::move(m_span));
        m_traced = false;
    }

    grpc::ClientContext* m_context;
    bool m_traced;
    Span m_span;
};

class CallTracingFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
public:
    grpc::experimental::Interceptor* CreateClientInterceptor(
        grpc::experimental::ClientRpcInfo* info) override
    {
        return new CallTracing(info);
    }
};

} // namespace

void startTracing(const std::string& service, const std::string& replica,
    const std::shared_ptr<grpc::Channel>& channel)
{
    if (!isTracing())
        outbox = new Outbox(service, replica, channel);
}

void stopTracing()
{
    if (auto* open = outbox.exchange(nullptr))
        open->finish();
}

bool isTracing()
{
    return outbox.load(std::memory_order_relaxed) != nullptr;
}

void record(Span span)
{
    auto* open = outbox.load(std::memory_order_acquire);
    const bool kept
        = span.trace.sampled || isFailure(span.code) || span.endUs - span.startUs >= kSlowUs;
    if (!open || !kept)
        return;
    // Its own copy: the call may yet learn which order it is for, on another thread.
    span.trace.order = std::make_shared<std::string>(span.trace.orderId());
    open->put(std::move(span));
}

bool isFailure(int code)
{
    switch (code) {
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DATA_LOSS:
        return true;
    default:
        return false;
    }
}

const char* codeName(int code)
{
    return kCodeNames[code >= 0 && code < int(kCodeNames.size()) ? std::size_t(code) : 2];
}

SpanTimer::SpanTimer(std::string name)
{
    if (!isTracing() || currentTrace().traceId.empty())
        return;
    m_span.trace = currentTrace();
    m_span.parentId = m_span.trace.parentId();
    m_span.trace.spanId = newSpanId();
    m_span.name = std::move(name);
    m_span.startUs = nowUs();
}

void SpanTimer::end(const absl::Status& status)
{
    if (m_span.startUs == 0)
        return;
    m_span.endUs = nowUs();
    m_span.code = static_cast<int>(status.code());
    m_span.message = std::string(status.message());
    record(std::move(m_span));
    m_span.startUs = 0;
}

std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> makeCallTracing()
{
    return std::make_unique<CallTracingFactory>();
}

} // namespace shopfleet::runtime
