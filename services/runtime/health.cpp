// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/health.h"

namespace shopfleet::runtime {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

/// One watcher: sends the first state and each that differs from the last one sent. All under the
/// service's mutex.
class Health::Stream final : public grpc::ServerWriteReactor<HealthCheckResponse> {
public:
    Stream(Health& health, std::string name)
        : m_health(health)
        , m_name(std::move(name))
    {
    }

    void update()
    {
        const int state = m_health.stateOf(m_name);
        if (m_writing || m_finished || state == m_sent)
            return;
        m_sent = state;
        m_writing = true;
        m_message.set_status(static_cast<HealthCheckResponse::ServingStatus>(state));
        StartWrite(&m_message);
    }

    void end()
    {
        if (!m_finished) {
            m_finished = true;
            Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server stops"));
        }
    }

private:
    void OnWriteDone(bool ok) override
    {
        const std::lock_guard lock(m_health.m_mutex);
        m_writing = false;
        ok ? update() : end();
    }

    void OnCancel() override
    {
        const std::lock_guard lock(m_health.m_mutex);
        end();
    }

    void OnDone() override
    {
        {
            const std::lock_guard lock(m_health.m_mutex);
            m_health.m_streams.erase(this);
        }
        delete this;
    }

    Health& m_health;
    std::string m_name;
    HealthCheckResponse m_message;
    int m_sent = -1;
    bool m_writing = false, m_finished = false;
};

int Health::stateOf(const std::string& name) const
{
    const auto found = m_serving.find(name);
    if (found == m_serving.end())
        return HealthCheckResponse::SERVICE_UNKNOWN;
    return found->second ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

void Health::set(const std::string& name, bool serving)
{
    const std::lock_guard lock(m_mutex);
    const auto [at, fresh] = m_serving.try_emplace(name, serving);
    if (!fresh && at->second == serving)
        return;
    at->second = serving;
    for (Stream* stream : m_streams)
        stream->update();
}

void Health::stop()
{
    const std::lock_guard lock(m_mutex);
    for (auto& [name, serving] : m_serving)
        serving = false;
    for (Stream* stream : m_streams)
        stream->update();
}

void Health::endStreams()
{
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    for (Stream* stream : m_streams)
        stream->end();
}

grpc::ServerUnaryReactor* Health::Check(grpc::CallbackServerContext* context,
    const HealthCheckRequest* request, HealthCheckResponse* response)
{
    auto* reactor = context->DefaultReactor();
    const std::lock_guard lock(m_mutex);
    const int state = stateOf(request->service());
    if (state == HealthCheckResponse::SERVICE_UNKNOWN) {
        reactor->Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, "no service of this name"));
        return reactor;
    }
    response->set_status(static_cast<HealthCheckResponse::ServingStatus>(state));
    reactor->Finish(grpc::Status::OK);
    return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* Health::Watch(
    grpc::CallbackServerContext*, const HealthCheckRequest* request)
{
    auto* stream = new Stream(*this, request->service());
    const std::lock_guard lock(m_mutex);
    m_streams.insert(stream);
    stream->update();
    if (m_ended)
        stream->end();
    return stream;
}

} // namespace shopfleet::runtime
