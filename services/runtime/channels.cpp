// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/channels.h"

#include "services/runtime/spans.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <mutex>
#include <vector>

namespace shopfleet::runtime {

std::shared_ptr<grpc::Channel> makeChannel(
    const std::string& targetTemplate, const std::string& service, bool traced)
{
    std::string target = targetTemplate;
    if (const auto at = target.find("%s"); at != std::string::npos)
        target.replace(at, 2, service);
    grpc::ChannelArguments arguments;
    arguments.SetLoadBalancingPolicyName("round_robin"); // xDS brings its own.
    // A frozen peer is noticed within two seconds.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 1'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 1'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    // This one is no pause: it is how long one attempt may take. On a busy machine a handshake
    // needs more than 50 ms, and attempts that are cut short never end.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2'000);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
    // Each channel its own connections: in the pool that channels share by default, a new one for
    // an address inherits the pause of an older one that once failed there, and fails without a
    // try.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // Kept for the life of the process: where a call outlives its channel's last owner, gRPC 1.51
    // frees the channel's queue on the very thread that serves it.
    static std::mutex mutex;
    static auto* const kept = new std::vector<std::shared_ptr<grpc::Channel>>;
    const std::lock_guard lock(mutex);
    std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> tracing;
    if (traced)
        tracing.push_back(makeCallTracing());
    return kept->emplace_back(grpc::experimental::CreateCustomChannelWithInterceptors(
        target, grpc::InsecureChannelCredentials(), arguments, std::move(tracing)));
}

} // namespace shopfleet::runtime
