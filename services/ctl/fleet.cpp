// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/fleet.h"

#include "services/runtime/channels.h"

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

std::shared_ptr<grpc::Channel> Fleet::channel(const std::string& service)
{
    const std::lock_guard lock(m_mutex);
    auto& channel = m_channels[service];
    if (!channel)
        channel = service == "control" ? runtime::makeChannel(m_controlAddress, service)
                                       : runtime::makeChannel(m_targetTemplate, service);
    return channel;
}

} // namespace shopfleet::ctl
