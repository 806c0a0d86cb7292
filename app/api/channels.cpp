// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/channels.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <mutex>
#include <utility>
#include <vector>

namespace api {
namespace {

grpc::ChannelArguments arguments()
{
    grpc::ChannelArguments result;
    // A frozen peer is noticed within two seconds, and one that is back is found at once.
    result.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 1'000);
    result.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 1'000);
    result.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    result.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    result.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    // No pause: how long one attempt may take. A handshake on a busy machine needs its time.
    result.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2'000);
    result.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
    return result;
}

/// For the life of the process: where a call outlives its channel's last owner, gRPC 1.51 frees the
/// channel's queue on the very thread that serves it.
std::shared_ptr<grpc::Channel> keep(std::shared_ptr<grpc::Channel> channel)
{
    static std::mutex mutex;
    static auto* const kept = new std::vector<std::shared_ptr<grpc::Channel>>;
    const std::lock_guard lock(mutex);
    return kept->emplace_back(std::move(channel));
}

} // namespace

Channels::Channels(std::string control, std::string target)
    : m_control(std::move(control))
    , m_target(std::move(target))
{
    const std::string bootstrap = R"({"xds_servers":[{"server_uri":")" + m_control
        + R"(","channel_creds":[{"type":"insecure"}],"server_features":["xds_v3"]}],)"
          R"("node":{"id":"desktop","cluster":"store"}})";
    // gRPC reads it once a process, with the first xds channel. One that is set already is
    // somebody's choice.
    ::setenv("GRPC_XDS_BOOTSTRAP_CONFIG", bootstrap.c_str(), 0);
}

std::shared_ptr<grpc::Channel> Channels::service(const std::string& name) const
{
    std::string target = m_target;
    if (const auto at = target.find("%s"); at != std::string::npos)
        target.replace(at, 2, name);
    return keep(grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments()));
}

std::shared_ptr<grpc::Channel> Channels::control() const
{
    return keep(
        grpc::CreateCustomChannel(m_control, grpc::InsecureChannelCredentials(), arguments()));
}

} // namespace api
