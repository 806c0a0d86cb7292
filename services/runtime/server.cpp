// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/server.h"

#include "services/runtime/health.h"
#include "services/runtime/malformed.h"
#include "services/runtime/telemetry.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>

#include <random>

namespace shopfleet::runtime {
namespace {

constexpr int kMaxMessage = 4 << 20;
constexpr int kMaxMetadata = 8 << 10;
constexpr int kMaxStreams = 1'024;
constexpr auto kFollow = std::chrono::milliseconds(5);

/// Hears from gRPC which services a server has: grpc::Service keeps its name to itself.
class Names final : public grpc::ServerBuilderPlugin {
public:
    std::string name() override { return "names"; }
    void InitServer(grpc::ServerInitializer*) override { }
    void Finish(grpc::ServerInitializer* server) override { last() = *server->GetServiceList(); }
    void ChangeArguments(const std::string&, void*) override { }

    /// Of the server that this thread has built last.
    static std::vector<std::string>& last()
    {
        thread_local std::vector<std::string> names;
        return names;
    }
};

void setLimits(grpc::ServerBuilder& builder, bool sharePort)
{
    builder.SetMaxReceiveMessageSize(kMaxMessage);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadata);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, sharePort ? 1 : 0);
    // Clients ping each second to notice a frozen peer; gRPC's default would end their connections
    // for it.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 500);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    // Connections end now and then, each at another time, so that new replicas get their share.
    std::random_device random;
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
        static_cast<int>(std::uniform_int_distribution(600'000, 1'200'000)(random)));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30'000);
    grpc::ResourceQuota quota("server");
    quota.Resize(std::size_t{256} << 20U);
    builder.SetResourceQuota(quota);
}

} // namespace

Server::Server()
    : m_health(std::make_unique<Health>())
{
}

absl::StatusOr<std::unique_ptr<Server>> Server::start(const Options& options)
{
    listenToParser();
    static std::once_flag once;
    std::call_once(once, [] {
        grpc::EnableDefaultHealthCheckService(false);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
        grpc::ServerBuilder::InternalAddPluginFactory(
            []() -> std::unique_ptr<grpc::ServerBuilderPlugin> {
                return std::make_unique<Names>();
            });
    });
    std::unique_ptr<Server> server(new Server);
    server->m_host = options.listen.substr(0, options.listen.rfind(':'));
    server->m_database = options.database;

    grpc::ServerBuilder builder;
    builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &server->m_port);
    int sharedPort = 0;
    if (!options.alsoListen.empty())
        builder.AddListeningPort(
            options.alsoListen, grpc::InsecureServerCredentials(), &sharedPort);
    setLimits(builder, !options.alsoListen.empty());
    for (grpc::Service* service : options.services)
        builder.RegisterService(service);
    builder.RegisterService(server->m_health.get());
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
        interceptors;
    interceptors.push_back(makeTelemetry());
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    server->m_health->set("", true);
    server->m_health->set("shopfleet.writer", options.database && options.database->isWriter());
    server->m_server = builder.BuildAndStart();
    if (!server->m_server || server->m_port == 0)
        return absl::UnavailableError((server->m_port == 0 ? "--listen " + options.listen
                                                           : "--also-listen " + options.alsoListen)
            + ": the address cannot be used; is it taken?");
    for (const std::string& name : Names::last())
        server->m_health->set(name, true);
    if (options.database)
        server->m_follower = std::thread([raw = server.get()] { raw->followWriter(); });
    return server;
}

Server::~Server()
{
    drain(std::chrono::milliseconds(0), std::chrono::milliseconds(1'000));
}

std::string Server::address() const
{
    return m_host + ":" + std::to_string(m_port);
}

void Server::followWriter()
{
    while (!m_stopping) {
        m_health->set("shopfleet.writer", m_database->isWriter());
        std::this_thread::sleep_for(kFollow);
    }
}

void Server::drain(std::chrono::milliseconds notice, std::chrono::milliseconds deadline,
    const std::function<void()>& endStreams)
{
    if (m_stopping.exchange(true))
        return;
    if (m_follower.joinable())
        m_follower.join();
    m_health->stop();
    std::this_thread::sleep_for(notice);
    m_health->endStreams();
    if (endStreams)
        endStreams();
    if (m_server)
        m_server->Shutdown(std::chrono::system_clock::now() + deadline);
}

} // namespace shopfleet::runtime
