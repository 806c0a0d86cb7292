// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/channels.h"
#include "services/runtime/clock.h"
#include "services/runtime/locks.h"
#include "services/runtime/log.h"
#include "services/runtime/requests.h"
#include "services/runtime/server.h"
#include "services/runtime/spans.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/ticker.h"

#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <prometheus/exposer.h>
#include <unistd.h>

namespace shopfleet::runtime {
namespace {

constexpr auto kNotice = std::chrono::milliseconds(200);
constexpr auto kDrain = std::chrono::milliseconds(5'000);
constexpr auto kTidy = std::chrono::seconds(1);

/// Says so once when somebody has set the machine's clock.
class ClockWatch {
public:
    void look()
    {
        const std::int64_t off = machineUs() - nowUs();
        if (std::abs(off - m_said) < kStepUs)
            return;
        m_said = off;
        spdlog::warn("the machine's clock was set: it is {:+.1f} s off from this process's, which "
                     "goes on by its own until it is started anew",
            static_cast<double>(off) / 1e6);
    }

private:
    static constexpr std::int64_t kStepUs = 1'000'000;
    std::int64_t m_said = 0;
};

/// Keeps the runtime's own tables small, a few rows at a time.
class Tidier {
public:
    explicit Tidier(Database& database)
        : m_ticker(kTidy, [this, &database] {
            m_clock.look();
            database.write(
                [](Connection& connection) {
                    const auto status = forgetOldRequests(connection);
                    return status.ok() ? trimChanges(connection) : status;
                },
                [](const absl::Status&) {}); // A replica that does not write has nothing to tidy.
        })
    {
    }

private:
    ClockWatch m_clock;
    Ticker m_ticker;
};

int failed(const Configuration& configuration, const absl::Status& status)
{
    spdlog::critical("{} cannot start: {}", configuration.service, std::string(status.message()));
    return EXIT_FAILURE;
}

} // namespace

Host::Host(Configuration configuration, std::unique_ptr<Database> database)
    : m_configuration(std::move(configuration))
    , m_database(std::move(database))
    , m_feed(m_database ? std::make_unique<ChangeFeed>(*m_database) : nullptr)
{
}

Host::~Host() = default;

std::shared_ptr<grpc::Channel> Host::channel(const std::string& service)
{
    const std::lock_guard lock(m_mutex);
    auto& channel = m_channels[service];
    if (!channel)
        channel = makeChannel(targetOf(m_configuration, service), service);
    return channel;
}

void blockSignals()
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, nullptr); // Inherited by every thread.
    std::signal(SIGPIPE, SIG_IGN);
}

int waitForSignal()
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    int signal = 0;
    sigwait(&stops, &signal);
    return signal;
}

absl::Status announce(const Configuration& configuration, const std::string& address,
    const std::string& metricsAddress, const std::map<std::string, std::string>& more)
{
    if (configuration.announce.empty())
        return absl::OkStatus();
    nlohmann::json facts(more);
    facts["pid"] = ::getpid();
    facts["address"] = address;
    facts["metrics"] = metricsAddress;
    facts["service"] = configuration.service;
    facts["replica"] = configuration.replica;
    facts["version"] = SHOPFLEET_VERSION;
    facts["started"] = std::time(nullptr);
    const std::string beside = configuration.announce + ".new";
    {
        std::ofstream file(beside);
        file << facts.dump(2) << '\n';
        if (!file.flush())
            return absl::FailedPreconditionError(
                "--announce " + configuration.announce + " cannot be written");
    }
    std::error_code error;
    std::filesystem::rename(beside, configuration.announce, error);
    if (error)
        return absl::FailedPreconditionError(
            "--announce " + configuration.announce + ": " + error.message());
    return absl::OkStatus();
}

absl::StatusOr<std::string> serveMetrics(const std::string& listen, const Database* database)
{
    try {
        // For the life of the process: the registry is the process's as well.
        static prometheus::Exposer exposer(listen, 1);
        static const std::shared_ptr<prometheus::Collectable> calls(&metrics(), [](auto*) {});
        static const auto process = processMetrics(database);
        exposer.RegisterCollectable(calls);
        exposer.RegisterCollectable(process);
        return listen.substr(0, listen.rfind(':')) + ":"
            + std::to_string(exposer.GetListeningPorts().at(0));
    } catch (const std::exception&) {
        return absl::UnavailableError(
            "--metrics " + listen + ": the address cannot be used; is it taken?");
    }
}

int serviceMain(int argc, char** argv, const ServiceInfo& info,
    const std::function<std::unique_ptr<grpc::Service>(Host&)>& makeHandler)
{
    stopLockTracking();
    blockSignals();
    const Configuration configuration = configure(argc, argv, info.name, info.options);
    startLog(configuration.service, configuration.replica, configuration.logLevel);

    std::unique_ptr<Database> database;
    if (info.schema) {
        auto opened = Database::open({configuration.data, info.name, info.schema});
        if (!opened.ok())
            return failed(configuration, opened.status());
        database = *std::move(opened);
    }
    Host host(configuration, std::move(database));
    const auto handler = makeHandler(host);
    std::unique_ptr<Tidier> tidier;
    if (info.schema)
        tidier = std::make_unique<Tidier>(host.database());

    std::vector<grpc::Service*> services{handler.get()};
    services.insert(services.end(), host.more().begin(), host.more().end());
    auto server = Server::start({configuration.listen, std::move(services),
        info.schema ? &host.database() : nullptr, configuration.alsoListen});
    if (!server.ok())
        return failed(configuration, server.status());
    const auto metricsAddress
        = serveMetrics(configuration.metrics, info.schema ? &host.database() : nullptr);
    if (!metricsAddress.ok())
        return failed(configuration, metricsAddress.status());
    if (auto status = announce(configuration, (*server)->address(), *metricsAddress); !status.ok())
        return failed(configuration, status);
    startTracing(info.name, configuration.replica,
        makeChannel(targetOf(configuration, "traces"), "traces", false));
    spdlog::info("{} {} listens on {}", info.name, SHOPFLEET_VERSION, (*server)->address());

    waitForSignal();
    spdlog::info("{} drains", info.name);
    tidier.reset();
    (*server)->drain(kNotice, kDrain, [&] {
        if (info.schema)
            host.feed().stop(); // Watch streams end, and begin again elsewhere.
    });
    if (info.schema)
        host.database().stop();
    stopTracing();
    return EXIT_SUCCESS;
}

} // namespace shopfleet::runtime
