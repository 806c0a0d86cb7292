// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/handler.h"
#include "services/control/options.h"
#include "services/control/targets.h"
#include "services/runtime/locks.h"
#include "services/runtime/log.h"
#include "services/runtime/server.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

namespace control = shopfleet::control;
namespace runtime = shopfleet::runtime;

namespace {

constexpr auto kStreamsEnd = std::chrono::milliseconds(500);
constexpr auto kTargetsWithin = std::chrono::seconds(1);
constexpr auto kLockPatience = std::chrono::seconds(1);

// Held for as long as we live: two control planes on one folder would start everything twice.
bool lockFolder(const std::string& folder)
{
    const int lock = open((folder + "/control.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return false;
    // One that was killed as it started a replica leaves the lock for a moment to that process,
    // which gives it up as it becomes the replica's program.
    const auto until = std::chrono::steady_clock::now() + kLockPatience;
    while (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

// gRPC's listener dies for ever when descriptors run out, here and in what we start.
void raiseLimits()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int signals()
{
    runtime::blockSignals();
    signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

std::string portFile(const control::Options& options)
{
    return options.data + "/run/port";
}

// With port 0 the port of the last run is taken again if it is free: what runs already knows us by
// it.
int lastPort(const std::string& file)
{
    int port = 0;
    std::ifstream(file) >> port;
    return port;
}

void writeWhole(const std::string& file, const std::string& text)
{
    std::ofstream(file + ".new") << text << std::flush;
    std::rename((file + ".new").c_str(), file.c_str());
}

int refuse(int code, const std::string& why)
{
    std::cerr << "controld: " << why << std::endl;
    return code;
}

/// On `listen`; with port 0 first on that of the last run.
absl::StatusOr<std::unique_ptr<runtime::Server>> startServer(
    const control::Options& options, const std::vector<grpc::Service*>& services)
{
    const auto on = [&](int port) {
        return runtime::Server::start(
            {.listen = options.host + ":" + std::to_string(port), .services = services});
    };
    if (options.port != 0)
        return on(options.port);
    auto server = on(lastPort(portFile(options)));
    return server.ok() ? std::move(server) : on(0);
}

void announce(const control::Options& options, const runtime::Server& server,
    const std::string& metrics, const std::string& targets)
{
    writeWhole(portFile(options), std::to_string(server.port()));
    const auto text = nlohmann::json{{"pid", getpid()}, {"address", server.address()},
        {"metrics", metrics}, {"targets", targets}, {"version", SHOPFLEET_VERSION}}
                          .dump();
    writeWhole(options.data + "/run/control.json", text);
    if (!options.announce.empty())
        writeWhole(options.announce, text);
}

/// On any thread: what the loop says, or nothing if it does not say so in time.
std::string askForTargets(
    control::ControlPlane& plane, control::EventLoop& loop, const std::string& ownMetrics)
{
    const auto answer = std::make_shared<std::promise<std::string>>();
    loop.post([&plane, answer, ownMetrics] {
        answer->set_value(control::scrapeTargets(plane.view(), ownMetrics));
    });
    auto text = answer->get_future();
    return text.wait_for(kTargetsWithin) == std::future_status::ready ? text.get() : std::string();
}

/// Serves until a signal ends it.
int serve(const control::Options& options, control::FleetFile fleet)
{
    runtime::stopLockTracking();
    const int signal = signals();
    runtime::startLog("control", "control", options.logLevel);
    raiseLimits();
    control::EventLoop loop;
    control::ControlPlane plane(loop,
        {std::move(fleet), options.data, options.programs, options.gateway,
            std::chrono::seconds(options.auditEverySeconds)});
    control::Handler handler(plane);
    auto server = startServer(options, {&handler, &plane.discovery()});
    if (!server.ok())
        return refuse(1, std::string(server.status().message()));
    const auto metrics = runtime::serveMetrics(options.metrics);
    if (!metrics.ok())
        return refuse(1, std::string(metrics.status().message()));

    const auto targets = control::TargetServer::start(options.targets,
        [&plane, &loop, own = *metrics] { return askForTargets(plane, loop, own); });
    if (!targets.ok())
        return refuse(1, std::string(targets.status().message()));

    std::thread ending;
    bool stopping = false;
    loop.watch(signal, EPOLLIN, [&](std::uint32_t) {
        signalfd_siginfo info{};
        while (read(signal, &info, sizeof info) > 0) { }
        if (std::exchange(stopping, true))
            return;
        spdlog::info("{}", options.detach ? "stops; what runs stays" : "stops everything");
        plane.end(options.detach, [&] {
            // Calls still need the loop while the server waits for them.
            ending = std::thread([&] {
                (*server)->drain({}, kStreamsEnd);
                loop.stop();
            });
        });
    });
    plane.begin((*server)->address());
    announce(options, **server, *metrics, (*targets)->address());
    spdlog::info("serves on {}", (*server)->address());
    loop.run();
    ending.join();
    return 0;
}

int run(int argc, char** argv)
{
    const auto options = control::readOptions(argc, argv);
    if (!options.ok())
        return refuse(2, std::string(options.status().message()));
    if (options->help)
        return 0;
    auto fleet = control::readFleetFile(options->fleet);
    if (!fleet.ok())
        return refuse(2, std::string(fleet.status().message()));
    std::error_code error;
    std::filesystem::create_directories(options->data + "/run", error);
    if (error)
        return refuse(1, options->data + " cannot be made: " + error.message());
    if (!lockFolder(options->data))
        return refuse(1, "another control plane works on " + options->data);
    return serve(*options, *std::move(fleet));
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        return refuse(1, error.what());
    }
}
