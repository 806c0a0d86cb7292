// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/fleet.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <fmt/format.h>

namespace shopfleet::ctl {

Fleet::Fleet(std::string controlAddress, std::string targetTemplate, std::chrono::seconds timeout)
    : m_controlAddress(std::move(controlAddress))
    , m_targetTemplate(std::move(targetTemplate))
    , m_timeout(timeout)
{
    // gRPC reads its bootstrap once per process, from here. Somebody who set one knows better.
    const std::string bootstrap = fmt::format(
        R"({{"xds_servers":[{{"server_uri":"{}","channel_creds":[{{"type":"insecure"}}],)"
        R"("server_features":["xds_v3"]}}],"node":{{"id":"shopfleetctl","cluster":"store"}}}})",
        m_controlAddress);
    if (std::getenv("GRPC_XDS_BOOTSTRAP") == nullptr)
        setenv("GRPC_XDS_BOOTSTRAP_CONFIG", bootstrap.c_str(), 0);
}

Fleet::~Fleet() = default;

std::string Fleet::targetOf(const std::string& service) const
{
    if (service == "control")
        return m_controlAddress;
    std::string target = m_targetTemplate;
    if (const size_t place = target.find("%s"); place != std::string::npos)
        target.replace(place, 2, service);
    return target; // Without a place for the name everything is at one address, as in tests.
}

std::shared_ptr<grpc::Channel> Fleet::channel(const std::string& service)
{
    const std::lock_guard lock(m_mutex);
    auto& channel = m_channels[service];
    if (!channel) {
        grpc::ChannelArguments arguments;
        // Whoever waits for a service to come wants to know at once that it has.
        arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
        arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
        channel = grpc::CreateCustomChannel(
            targetOf(service), grpc::InsecureChannelCredentials(), arguments);
    }
    return channel;
}

} // namespace shopfleet::ctl
