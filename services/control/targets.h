// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string>

class CivetServer;

namespace shopfleet::control {

/// Where the metrics of all replicas are, and the control plane's own, in the form of Prometheus'
/// HTTP service discovery. Those that do not run are not among them.
std::string scrapeTargets(const v1::Fleet& fleet, const std::string& ownMetrics);

/// Answers GET /targets: what `http_sd_configs` of a Prometheus asks, every minute as a rule.
class TargetServer {
public:
    /// `targets` is called on a thread of this server's; an empty text says that it is not known.
    static absl::StatusOr<std::unique_ptr<TargetServer>> start(
        const std::string& listen, std::function<std::string()> targets);
    ~TargetServer();

    const std::string& address() const { return m_address; }

private:
    class Handler;
    TargetServer();

    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<CivetServer> m_server;
    std::string m_address;
};

} // namespace shopfleet::control
