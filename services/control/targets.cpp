// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/targets.h"

#include <absl/strings/str_cat.h>

#include <CivetServer.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace shopfleet::control {

std::string scrapeTargets(const v1::Fleet& fleet, const std::string& ownMetrics)
{
    auto groups = nlohmann::json::array();
    const auto add = [&](const std::string& address, const std::string& service,
                         const std::string& replica, const std::string& version) {
        groups.push_back({{"targets", {address}},
            {"labels",
                {{"job", "shopfleet"}, {"environment", fleet.environment()}, {"service", service},
                    {"instance", replica}, {"version", version}}}});
    };
    add(ownMetrics, "control", "control", fleet.version());
    for (const auto& service : fleet.services()) {
        for (const auto& replica : service.replicas()) {
            if (!replica.metrics_address().empty())
                add(replica.metrics_address(), service.name(), replica.id(), replica.version());
        }
    }
    return groups.dump();
}

class TargetServer::Handler final : public CivetHandler {
public:
    explicit Handler(std::function<std::string()> targets)
        : m_targets(std::move(targets))
    {
    }

    bool handleGet(CivetServer*, mg_connection* connection) override
    {
        const auto text = m_targets();
        const bool known = !text.empty();
        const auto answer = absl::StrCat("HTTP/1.1 ", known ? "200 OK" : "503 Service Unavailable",
            "\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nContent-Length: ",
            text.size(), "\r\nConnection: close\r\n\r\n", text);
        mg_write(connection, answer.data(), answer.size());
        return true;
    }

private:
    std::function<std::string()> m_targets;
};

TargetServer::TargetServer() = default;

TargetServer::~TargetServer()
{
    m_server.reset(); // Before what it calls.
}

absl::StatusOr<std::unique_ptr<TargetServer>> TargetServer::start(
    const std::string& listen, std::function<std::string()> targets)
{
    std::unique_ptr<TargetServer> server(new TargetServer);
    server->m_handler = std::make_unique<Handler>(std::move(targets));
    try {
        const std::vector<std::string> options{"listening_ports", listen, "num_threads", "2"};
        server->m_server = std::make_unique<CivetServer>(options);
    } catch (const CivetException&) {
        return absl::UnavailableError(
            absl::StrCat("--targets ", listen, ": the address cannot be used; is it taken?"));
    }
    server->m_server->addHandler("/targets", *server->m_handler);
    server->m_address = absl::StrCat(
        listen.substr(0, listen.rfind(':')), ":", server->m_server->getListeningPorts().at(0));
    return server;
}

} // namespace shopfleet::control
