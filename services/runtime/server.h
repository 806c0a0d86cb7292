// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/changes.h"
#include "services/runtime/configuration.h"
#include "services/runtime/database.h"

#include <grpcpp/channel.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server_builder.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shopfleet::runtime {

class Health;

/// A gRPC server with everything that each of ours has: telemetry, grpc.health.v1 ("", each
/// service's name, and "shopfleet.writer" while this replica writes), reflection, limits,
/// keepalive.
class Server {
public:
    struct Options {
        std::string listen = "127.0.0.1:0";
        std::vector<grpc::Service*> services;
        const Database* database = nullptr; ///< Null: nothing is written here.
        /// A second address that does not change; processes may share it. Empty: none.
        std::string alsoListen = {};
    };

    /// UNAVAILABLE names the address that is taken.
    static absl::StatusOr<std::unique_ptr<Server>> start(const Options& options);
    ~Server();

    int port() const { return m_port; }
    std::string address() const;
    /// Says NOT_SERVING, gives clients the time to hear of it, calls `endStreams`, lets the calls
    /// end, or ends them at the deadline.
    void drain(std::chrono::milliseconds notice, std::chrono::milliseconds deadline,
        const std::function<void()>& endStreams = {});

private:
    Server();
    void followWriter();

    std::string m_host;
    int m_port = 0;
    const Database* m_database = nullptr;
    std::unique_ptr<Health> m_health;
    std::unique_ptr<grpc::Server> m_server;
    std::atomic<bool> m_stopping = false;
    std::thread m_follower;
};

/// What a service's main hands to its handler.
class Host {
public:
    Host(Configuration configuration, std::unique_ptr<Database> database);
    ~Host();

    const Configuration& configuration() const { return m_configuration; }
    Database& database() { return *m_database; }
    ChangeFeed& feed() { return *m_feed; }
    /// One channel a service, made at the first call.
    std::shared_ptr<grpc::Channel> channel(const std::string& service);
    /// Beside the handler, which owns it: another's contract.
    void alsoServe(grpc::Service& service) { m_more.push_back(&service); }
    const std::vector<grpc::Service*>& more() const { return m_more; }

private:
    Configuration m_configuration;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<ChangeFeed> m_feed;
    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<grpc::Channel>> m_channels;
    std::vector<grpc::Service*> m_more;
};

struct ServiceInfo {
    std::string name; ///< "orders"; the database is DIRECTORY/orders.db.
    const char* schema; ///< Null: the service has no database.
    std::function<void(boost::program_options::options_description&)> options = {};
};

/// A service's whole main: configuration, database, handler, server, until SIGTERM or SIGINT. Gives
/// the exit code.
///
/// `int main(int argc, char** argv) { return serviceMain(argc, argv, {"cart", kSchema}, [](Host&
/// host) {
///     return std::make_unique<Handler>(host.database(), host.feed()); }); }`
int serviceMain(int argc, char** argv, const ServiceInfo& info,
    const std::function<std::unique_ptr<grpc::Service>(Host&)>& makeHandler);

/// Writes the announce file, whole or not at all. `more`: further keys, as "http".
absl::Status announce(const Configuration& configuration, const std::string& address,
    const std::string& metricsAddress, const std::map<std::string, std::string>& more = {});

/// Serves /metrics; gives the address with the port that the kernel chose. Lives until the process
/// ends.
absl::StatusOr<std::string> serveMetrics(
    const std::string& listen, const Database* database = nullptr);

/// Blocks SIGTERM and SIGINT for this thread and those that it starts. First thing in main.
void blockSignals();
int waitForSignal();

} // namespace shopfleet::runtime
