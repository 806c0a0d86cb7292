// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/caller.h"
#include "services/gateway/gateway.h"
#include "services/gateway/httpserver.h"
#include "services/gateway/keyring.h"
#include "services/gateway/observer.h"
#include "services/gateway/signingkeys.h"
#include "services/runtime/channels.h"
#include "services/runtime/locks.h"
#include "services/runtime/log.h"
#include "services/runtime/server.h"
#include "services/runtime/spans.h"
#include "services/runtime/telemetry.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <sodium.h>
#include <sys/resource.h>

namespace {

using namespace shopfleet;

constexpr std::chrono::seconds kPatience{15}; // Longer than any call: SIGTERM loses no request.

std::string httpAddress()
{
    const char* wanted = std::getenv("SHOPFLEET_GATEWAY");
    return wanted && *wanted ? wanted : "127.0.0.1:8080";
}

/// Each client is a file descriptor, and the usual soft limit is 1,024.
void raiseFileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// One channel an area, for the life of the process. Accounts' serves the keys, whether or not it
/// has routes.
gateway::Caller::Channels openChannels(
    const std::vector<gateway::Route>& routes, const runtime::Configuration& configuration)
{
    std::map<std::string, std::shared_ptr<grpc::ChannelInterface>> channels;
    const auto open = [&](const std::string& area) {
        auto& channel = channels[area];
        if (!channel)
            channel = runtime::makeChannel(targetOf(configuration, area), area);
    };
    open("accounts");
    for (const auto& route : routes)
        open(route.area);
    return [channels](const std::string& area) { return channels.at(area); };
}

void logAccess(const gateway::Access& access)
{
    const auto level = access.status >= 500 ? spdlog::level::warn : spdlog::level::info;
    if (!spdlog::should_log(level))
        return;
    runtime::logLine(level,
        fmt::format("{} {} {} {} us {} bytes", access.method, access.route, access.status,
            access.duration.count(), access.bytes),
        access.traceId);
}

int fail(const absl::Status& status)
{
    std::cerr << "gatewayd: " << std::string(status.message()) << '\n';
    return absl::IsInvalidArgument(status) ? 2 : 1;
}

int run(const runtime::Configuration& configuration, const std::string& http)
{
    auto routes = gateway::readRoutes(gateway::storeContracts());
    if (!routes.ok())
        return fail(routes.status());
    gateway::Caller caller(openChannels(*routes, configuration));
    gateway::KeyRing keys(gateway::fetchSigningKeys(caller));
    gateway::Observer observer(runtime::metrics(), logAccess);
    auto entrance = gateway::Gateway::create(*std::move(routes), caller, keys, observer, {});
    if (!entrance.ok())
        return fail(entrance.status());

    const auto web = gateway::HttpServer::listen(
        http, [&entrance = **entrance](gateway::HttpRequest request, gateway::Respond respond) {
            entrance.handle(std::move(request), std::move(respond));
        });
    if (!web.ok())
        return fail(web.status());
    const auto metrics = runtime::serveMetrics(configuration.metrics);
    if (!metrics.ok())
        return fail(metrics.status());
    runtime::Server::Options options;
    options.listen = configuration.listen;
    options.alsoListen = configuration.alsoListen;
    const auto server = runtime::Server::start(options);
    if (!server.ok())
        return fail(server.status());
    if (auto status = runtime::announce(
            configuration, (*server)->address(), *metrics, {{"http", (*web)->address()}});
        !status.ok())
        return fail(status);
    runtime::startTracing("gateway", configuration.replica,
        runtime::makeChannel(targetOf(configuration, "traces"), "traces", false));
    spdlog::info("serving HTTP on {}", (*web)->address());

    runtime::waitForSignal();
    spdlog::info("stopping");
    (*entrance)->drain();
    (*web)->drain(kPatience);
    (*server)->drain(std::chrono::milliseconds(0), std::chrono::milliseconds(500));
    runtime::stopTracing();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    runtime::blockSignals();
    std::string http = httpAddress();
    const auto configuration = runtime::configure(argc, argv, "gateway", [&](auto& options) {
        options.add_options()("http", boost::program_options::value(&http)->default_value(http),
            "ADDRESS:PORT for HTTP; also SHOPFLEET_GATEWAY; port 0: the kernel chooses");
    });
    if (!runtime::isAddress(http)) {
        std::cerr << "gatewayd: --http: '" << http << "' is not ADDRESS:PORT\n";
        return 2;
    }
    if (sodium_init() < 0) {
        std::cerr << "gatewayd: the random generator does not start\n";
        return 1;
    }
    runtime::stopLockTracking();
    raiseFileLimit();
    runtime::startLog("gateway", configuration.replica, configuration.logLevel);
    return run(configuration, http);
}
