// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace grpc {
class Channel;
}

namespace shopfleet::ctl {

/// Whom the program talks to. Channels are made when they are asked for first: a command that needs
/// one service is not held up by the others. May be used from several threads.
class Fleet {
public:
    Fleet(std::string controlAddress, std::string targetTemplate, std::chrono::seconds timeout);
    ~Fleet();

    /// "orders", or "control" for the control plane itself.
    std::shared_ptr<grpc::Channel> channel(const std::string& service);

    const std::string& controlAddress() const { return m_controlAddress; }
    std::chrono::seconds timeout() const { return m_timeout; }

private:
    std::string m_controlAddress;
    std::string m_targetTemplate;
    std::chrono::seconds m_timeout;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<grpc::Channel>> m_channels;
};

} // namespace shopfleet::ctl
