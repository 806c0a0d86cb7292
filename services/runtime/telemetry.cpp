// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/telemetry.h"

#include "services/runtime/clock.h"
#include "services/runtime/fault.h"
#include "services/runtime/log.h"
#include "services/runtime/malformed.h"
#include "services/runtime/spans.h"

#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <spdlog/spdlog.h>
#include <string_view>
#include <unordered_map>

namespace shopfleet::runtime {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kSlow = std::chrono::milliseconds(500);
constexpr int kLinesPerSecond = 10;
constexpr int kCodes = 17;
/// What is counted of one method. Looked up once a method, then a pointer.
struct Method {
    std::string path, service, name;
    Purpose purpose = Purpose::Change;
    std::array<std::atomic<prometheus::Counter*>, kCodes> handled = {};
    prometheus::Histogram* seconds = nullptr;
    prometheus::Gauge* inFlight = nullptr;
};

/// As its contract says.
Purpose purposeOf(const std::string& method)
{
    using google::protobuf::MethodOptions;
    const auto* known
        = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
    return known && known->options().idempotency_level() == MethodOptions::NO_SIDE_EFFECTS
        ? Purpose::Read
        : Purpose::Change;
}

class Methods {
public:
    static Methods& all()
    {
        static Methods methods;
        return methods;
    }

    /// "/shopfleet.orders.v1.Orders/GetOrder".
    Method& find(const char* path)
    {
        // A method's path is one text of the server's: mostly the address alone tells.
        thread_local std::unordered_map<const char*, Method*> known;
        const auto seen = known.find(path);
        if (seen != known.end() && seen->second->path == path)
            return *seen->second;
        Method& method = findByText(path);
        known[path] = &method;
        return method;
    }

    Method& findByText(const char* path)
    {
        const std::lock_guard lock(m_mutex);
        Method& method = m_methods[path];
        if (method.seconds)
            return method;
        method.path = path;
        const std::string_view whole(path);
        const auto slash = whole.rfind('/');
        method.service = whole.substr(1, slash - 1);
        method.name = whole.substr(slash + 1);
        method.purpose = purposeOf(method.service + "." + method.name);
        const prometheus::Labels labels{
            {"grpc_service", method.service}, {"grpc_method", method.name}};
        method.seconds = &m_seconds.Add(labels,
            prometheus::Histogram::BucketBoundaries{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
        method.inFlight = &m_inFlight.Add(labels);
        return method;
    }

    void count(Method& method, int code)
    {
        auto& slot
            = method.handled[static_cast<std::size_t>(code >= 0 && code < kCodes ? code : 2)];
        prometheus::Counter* counter = slot.load(std::memory_order_acquire);
        if (!counter) {
            counter
                = &m_handled.Add({{"grpc_service", method.service}, {"grpc_method", method.name},
                    {"grpc_code", codeName(static_cast<int>(&slot - method.handled.data()))}});
            slot.store(counter, std::memory_order_release);
        }
        counter->Increment();
    }

private:
    std::mutex m_mutex;
    std::map<std::string, Method, std::less<>> m_methods;
    prometheus::Family<prometheus::Counter>& m_handled = prometheus::BuildCounter()
                                                             .Name("grpc_server_handled_total")
                                                             .Help("Calls that ended, by code.")
                                                             .Register(metrics());
    prometheus::Family<prometheus::Histogram>& m_seconds = prometheus::BuildHistogram()
                                                               .Name("grpc_server_handling_seconds")
                                                               .Help("Duration of unary calls.")
                                                               .Register(metrics());
    prometheus::Family<prometheus::Gauge>& m_inFlight = prometheus::BuildGauge()
                                                            .Name("grpc_server_in_flight")
                                                            .Help("Calls that are being worked on.")
                                                            .Register(metrics());
};

/// One call, from its headers to its status.
class Telemetry final : public grpc::experimental::Interceptor {
public:
    explicit Telemetry(grpc::experimental::ServerRpcInfo* info)
        : m_context(info->server_context())
        , m_method(Methods::all().find(info->method()))
        , m_unary(info->type() == grpc::experimental::ServerRpcInfo::Type::UNARY)
        , m_oneRequest(
              m_unary || info->type() == grpc::experimental::ServerRpcInfo::Type::SERVER_STREAMING)
        , m_start(Clock::now())
    {
        m_method.inFlight->Increment();
    }

    ~Telemetry() override { m_method.inFlight->Decrement(); }

    void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override
    {
        using Point = grpc::experimental::InterceptionHookPoints;
        if (methods->QueryInterceptionHookPoint(Point::POST_RECV_INITIAL_METADATA))
            begin();
        if (methods->QueryInterceptionHookPoint(Point::POST_RECV_MESSAGE) && m_oneRequest)
            checkParsed(methods->GetRecvMessage() != nullptr);
        if (methods->QueryInterceptionHookPoint(Point::PRE_SEND_STATUS)) {
            const auto delay = delayOnPurpose(m_method.name);
            if (delay.count() > 0 && m_unary && isOurs())
                return endLater(methods, delay);
            end(methods);
        }
        methods->Proceed();
    }

private:
    /// gRPC parsed the request on this thread just before. What an earlier message broke on is
    /// forgotten with each good one.
    void checkParsed(bool parsed)
    {
        if (parsed)
            forgetBrokenField();
        else
            m_malformed = malformedRequest();
    }

    void begin()
    {
        if (const auto header = find("traceparent"); !header.empty())
            m_span.trace = parseTrace(header);
        if (m_span.trace.traceId.empty())
            m_span.trace = newTrace({}, m_method.purpose);
        else
            *m_span.trace.order = orderOf(find("baggage"));
        m_span.parentId = m_span.trace.parentId();
        m_span.trace.spanId = newSpanId();
        setCurrentTrace(m_span.trace); // gRPC runs the handler on this thread, right after this.
    }

    std::string_view find(const char* name) const
    {
        const auto header = m_context->client_metadata().find(name);
        return header == m_context->client_metadata().end()
            ? std::string_view()
            : std::string_view(header->second.data(), header->second.size());
    }

    void endLater(
        grpc::experimental::InterceptorBatchMethods* methods, std::chrono::microseconds delay)
    {
        m_delay.emplace().Set(std::chrono::system_clock::now() + delay, [this, methods](bool) {
            end(methods);
            methods->Proceed(); // Last: this may be gone afterwards.
        });
    }

    void end(grpc::experimental::InterceptorBatchMethods* methods)
    {
        grpc::Status status = methods->GetSendStatus();
        if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED
            && status.error_message().empty()) {
            // gRPC 1.51 says this of a request that could not be parsed and of a method that nobody
            // wrote.
            status = m_malformed.ok()
                ? grpc::Status(grpc::StatusCode::UNIMPLEMENTED, m_method.name + " is not there yet")
                : m_malformed;
            methods->ModifySendStatus(status);
        }
        if (status.ok() && m_unary && isOurs() && failsOnPurpose(m_method.name)) {
            status = {grpc::StatusCode::INTERNAL, "fails on purpose, as --fail says"};
            methods->ModifySendStatus(status);
        }
        const auto took = Clock::now() - m_start;
        Methods::all().count(m_method, status.error_code());
        if (m_unary)
            m_method.seconds->Observe(std::chrono::duration<double>(took).count());
        if (m_unary && (took > kSlow || isOurFault(status.error_code())) && mayLog())
            logCall(status, took);
        if (m_unary && isTracing() && isOurs())
            recordSpan(status, took); // Last: it takes the span away.
    }

    /// Those by which others ask how we are, and what we did, would be most of all spans.
    bool isOurs() const
    {
        return !m_method.service.starts_with("grpc.")
            && !m_method.service.starts_with("opentelemetry.");
    }

    void recordSpan(const grpc::Status& status, Clock::duration took)
    {
        m_span.name = m_method.path.substr(1);
        m_span.kind = Span::Kind::Server;
        m_span.endUs
            = m_startUs + std::chrono::duration_cast<std::chrono::microseconds>(took).count();
        m_span.startUs = m_startUs;
        m_span.code = status.error_code();
        m_span.message = status.error_message();
        record(std::move(m_span));
    }

    static bool isOurFault(grpc::StatusCode code)
    {
        return code == grpc::StatusCode::INTERNAL || code == grpc::StatusCode::UNKNOWN
            || code == grpc::StatusCode::DATA_LOSS;
    }

    /// A service in trouble says so ten times a second, not ten thousand times.
    static bool mayLog()
    {
        static std::atomic<std::int64_t> second = 0;
        static std::atomic<int> lines = 0;
        const std::int64_t now
            = std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch())
                  .count();
        if (second.exchange(now) != now)
            lines = 0;
        return ++lines <= kLinesPerSecond;
    }

    void logCall(const grpc::Status& status, Clock::duration took)
    {
        const auto milliseconds
            = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
        logLine(spdlog::level::warn,
            fmt::format("{} took {} ms and ended with {}", m_method.name, milliseconds,
                status.error_code() == 0 ? "OK" : status.error_message()),
            m_span.trace.traceId, m_span.trace.orderId());
    }

    grpc::ServerContextBase* m_context;
    Method& m_method;
    bool m_unary;
    bool m_oneRequest;
    Clock::time_point m_start;
    std::int64_t m_startUs = nowUs();
    Span m_span;
    grpc::Status m_malformed;
    std::optional<grpc::Alarm> m_delay;
};

class TelemetryFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
public:
    grpc::experimental::Interceptor* CreateServerInterceptor(
        grpc::experimental::ServerRpcInfo* info) override
    {
        return new Telemetry(info);
    }
};

} // namespace

prometheus::Registry& metrics()
{
    static const auto registry = std::make_shared<prometheus::Registry>();
    return *registry;
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> makeTelemetry()
{
    return std::make_unique<TelemetryFactory>();
}

} // namespace shopfleet::runtime
