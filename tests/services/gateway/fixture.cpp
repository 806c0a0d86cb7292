// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/gateway/fixture.h"

#include "services/gateway/signingkeys.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <cstdlib>
#include <prometheus/text_serializer.h>

namespace shopfleet::gateway::testing {

Fixture::Fixture(HttpLimits limits, Gateway::Settings settings)
    : m_registry(std::make_shared<prometheus::Registry>())
{
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    auto channel = grpc::CreateCustomChannel(
        m_store.address(), grpc::InsecureChannelCredentials(), arguments);
    m_caller = std::make_unique<Caller>([channel](const std::string&) { return channel; });
    m_keys = std::make_unique<KeyRing>(fetchSigningKeys(*m_caller));
    m_observer = std::make_unique<Observer>(*m_registry, [this](const Access& access) {
        const std::lock_guard lock(m_mutex);
        m_log.push_back(access);
    });
    auto routes = readRoutes(storeContracts());
    auto gateway = Gateway::create(*std::move(routes), *m_caller, *m_keys, *m_observer, settings);
    m_gateway = *std::move(gateway);
    auto server = HttpServer::listen(
        "127.0.0.1:0",
        [this](HttpRequest request, Respond respond) {
            m_gateway->handle(std::move(request), std::move(respond));
        },
        limits);
    if (!server.ok())
        std::abort();
    m_server = *std::move(server);
}

Fixture::~Fixture()
{
    m_server.reset();
}

std::vector<Access> Fixture::log()
{
    const std::lock_guard lock(m_mutex);
    return m_log;
}

std::string Fixture::metrics() const
{
    return prometheus::TextSerializer().Serialize(m_registry->Collect());
}

} // namespace shopfleet::gateway::testing
