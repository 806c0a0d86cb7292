// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/healthprobes.h"

#include "grpc/health/v1/health.grpc.pb.h"
#include "services/control/pendingcalls.h"

#include <absl/strings/str_cat.h>
#include <grpcpp/grpcpp.h>

#include <utility>

namespace shopfleet::control {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

namespace {

constexpr auto kEvery = std::chrono::seconds(1);
// One that starts is waited for: often at first, and each time a little longer.
constexpr auto kAtFirst = std::chrono::milliseconds(10);
constexpr auto kUntilItServes = std::chrono::milliseconds(100);
constexpr auto kDeadline = std::chrono::milliseconds(800);
constexpr auto kWatchAgain = std::chrono::milliseconds(50);
constexpr const char* kWriterService = "shopfleet.writer";

struct Check {
    grpc::ClientContext context;
    HealthCheckRequest request;
    HealthCheckResponse response;
    std::unique_ptr<Health::Stub> stub;
};

} // namespace

/// Follows "shopfleet.writer" of one replica. Keeps itself alive until the stream is done.
class WriterWatch final : public grpc::ClientReadReactor<HealthCheckResponse>,
                          public std::enable_shared_from_this<WriterWatch> {
public:
    WriterWatch(EventLoop& loop, HealthProbes& probes, std::shared_ptr<PendingCalls> calls,
        std::string id, unsigned generation)
        : m_loop(loop)
        , m_probes(probes)
        , m_calls(std::move(calls))
        , m_id(std::move(id))
        , m_generation(generation)
    {
    }

    void begin(const std::string& address)
    {
        m_self = shared_from_this();
        m_calls->began(m_context);
        m_stub = Health::NewStub(channelTo(address));
        m_request.set_service(kWriterService);
        m_stub->async()->Watch(&m_context, &m_request, this);
        StartRead(&m_response);
        StartCall();
    }

    void cancel() { m_context.TryCancel(); }

    void OnReadDone(bool ok) override
    {
        if (!ok)
            return;
        const bool writer = m_response.status() == HealthCheckResponse::SERVING;
        m_loop.post([this, self = m_self, writer] {
            if (!m_calls->areOver())
                m_probes.writerChanged(m_id, m_generation, writer);
        });
        StartRead(&m_response);
    }

    void OnDone(const grpc::Status&) override
    {
        const auto self = std::move(m_self);
        m_loop.post([this, self] {
            if (!m_calls->areOver())
                m_probes.watchEnded(m_id, m_generation);
        });
        m_calls->ended(m_context);
    }

private:
    EventLoop& m_loop;
    HealthProbes& m_probes;
    const std::shared_ptr<PendingCalls> m_calls;
    const std::string m_id;
    const unsigned m_generation;
    grpc::ClientContext m_context;
    HealthCheckRequest m_request;
    HealthCheckResponse m_response;
    std::unique_ptr<Health::Stub> m_stub;
    std::shared_ptr<WriterWatch> m_self;
};

HealthProbes::HealthProbes(EventLoop& loop)
    : m_loop(loop)
    , m_calls(std::make_shared<PendingCalls>())
{
}

HealthProbes::~HealthProbes()
{
    while (!m_entries.empty())
        end(m_entries.begin()->first);
    // What they have posted finds them over, and tells nobody.
    m_calls->cancelAndWait();
}

void HealthProbes::begin(const std::string& id, const std::string& address, bool database)
{
    end(id);
    auto& entry = m_entries[id];
    entry.generation = ++m_generation;
    entry.address = address;
    probe(id);
    if (database)
        watch(id);
}

void HealthProbes::end(const std::string& id)
{
    const auto node = m_entries.extract(id);
    if (node.empty())
        return;
    m_loop.cancel(node.mapped().next);
    m_loop.cancel(node.mapped().rewatch);
    if (node.mapped().watch)
        node.mapped().watch->cancel();
}

void HealthProbes::probe(const std::string& id)
{
    auto& entry = m_entries.at(id);
    const auto check = std::make_shared<Check>();
    check->stub = Health::NewStub(channelTo(entry.address));
    check->context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    check->context.set_wait_for_ready(false);
    m_calls->began(check->context);
    check->stub->async()->Check(&check->context, &check->request, &check->response,
        [this, calls = m_calls, check, id, generation = entry.generation](
            const grpc::Status& status) {
            std::string why;
            if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED)
                why = "no answer to a new connection";
            else if (status.error_code() == grpc::StatusCode::UNAVAILABLE)
                why = "takes no connection"; // gRPC's own words name ports, and say no more.
            else if (!status.ok())
                why = absl::StrCat("health check: ", status.error_message());
            else if (check->response.status() != HealthCheckResponse::SERVING)
                why = "says that it does not serve";
            m_loop.post([this, calls, check, id, generation, why] {
                if (!calls->areOver())
                    probed(id, generation, why);
            });
            calls->ended(check->context);
        });
    ++entry.probes;
    const auto pause = entry.served ? std::chrono::milliseconds(kEvery)
                                    : std::min(kUntilItServes, kAtFirst * entry.probes);
    entry.next = m_loop.after(pause, [this, id] { probe(id); });
}

void HealthProbes::probed(const std::string& id, unsigned generation, const std::string& why)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || found->second.generation != generation || m_observer == nullptr)
        return;
    found->second.served = found->second.served || why.empty();
    m_observer->onProbed(id, why);
}

void HealthProbes::watch(const std::string& id)
{
    auto& entry = m_entries.at(id);
    entry.watch = std::make_shared<WriterWatch>(m_loop, *this, m_calls, id, entry.generation);
    entry.watch->begin(entry.address);
}

void HealthProbes::writerChanged(const std::string& id, unsigned generation, bool writer)
{
    const auto found = m_entries.find(id);
    if (found != m_entries.end() && found->second.generation == generation && m_observer != nullptr)
        m_observer->onWriter(id, writer);
}

void HealthProbes::watchEnded(const std::string& id, unsigned generation)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end() || found->second.generation != generation)
        return;
    // The replica is gone, or its connection broke: it says again who writes once there is a new
    // one.
    found->second.rewatch = m_loop.after(kWatchAgain, [this, id] { watch(id); });
}

} // namespace shopfleet::control
