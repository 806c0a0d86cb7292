// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

namespace grpc {
class Channel;
}

namespace api {

/// Where the services are. The store's are found through the control plane (xDS), so that the
/// desktop follows a replica wherever it goes; the control plane itself has a fixed address. Make
/// one, before the first client, on the main thread.
class Channels {
public:
    /// `control`: "127.0.0.1:7400". `target`: how to reach a service by name; tests give
    /// "ipv4:127.0.0.1:PORT".
    explicit Channels(std::string control, std::string target = "xds:///%s");

    std::shared_ptr<grpc::Channel> service(const std::string& name) const;
    std::shared_ptr<grpc::Channel> control() const;
    const std::string& controlAddress() const { return m_control; }

private:
    std::string m_control;
    std::string m_target;
};

} // namespace api
