// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace shopfleet::control {

/// To one replica; nobody else's connection, and no proxy's.
inline std::shared_ptr<grpc::Channel> channelTo(const std::string& address)
{
    grpc::ChannelArguments arguments;
    // Without a pool of its own a channel would share the connection of the one before.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    return grpc::CreateCustomChannel(
        "ipv4:" + address, grpc::InsecureChannelCredentials(), arguments);
}

/// Calls whose end is to come on a thread of gRPC's: nobody they would tell goes away before.
/// Shared by whoever calls and by what the calls post, which asks areOver() on the loop's thread.
class PendingCalls {
public:
    void began(grpc::ClientContext& context)
    {
        const std::lock_guard lock(m_mutex);
        m_contexts.insert(&context);
    }

    /// The last thing that a call does.
    void ended(grpc::ClientContext& context)
    {
        const std::lock_guard lock(m_mutex);
        m_contexts.erase(&context);
        m_none.notify_all();
    }

    void cancelAndWait()
    {
        std::unique_lock lock(m_mutex);
        m_over = true;
        for (auto* context : m_contexts)
            context->TryCancel();
        m_none.wait(lock, [this] { return m_contexts.empty(); });
    }

    /// Nobody is there any more whom they could tell.
    bool areOver()
    {
        const std::lock_guard lock(m_mutex);
        return m_over;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_none;
    bool m_over = false;
    std::set<grpc::ClientContext*> m_contexts;
};

} // namespace shopfleet::control
