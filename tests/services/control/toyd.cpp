// SPDX-License-Identifier: GPL-3.0-or-later
// A service as small as can be, for the control plane's tests. It keeps the contract of every
// service (flags, announcement, health, the writer's lock, metrics) and answers two methods of the
// control contract: GetFleet, a read, and ScaleService, a write.
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <sys/file.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace v1 = shopfleet::control::v1;

namespace {

std::atomic<bool> writes = false;
std::atomic<long> handled = 0;
std::atomic<long> failed = 0;
long failing = 0; // Each so many-th read; 0: none.

class Toy final : public v1::Control::Service {
public:
    grpc::Status GetFleet(
        grpc::ServerContext*, const v1::GetFleetRequest*, v1::Fleet* response) override
    {
        const long number = ++handled + failed;
        response->set_pid(getpid());
        if (failing == 0 || number % failing != 0)
            return grpc::Status::OK;
        --handled;
        ++failed;
        return {grpc::StatusCode::INTERNAL, "as it was told"};
    }

    grpc::Status ScaleService(grpc::ServerContext*, const v1::ScaleServiceRequest* request,
        v1::Service* response) override
    {
        ++handled;
        if (!writes)
            return {grpc::StatusCode::UNAVAILABLE, "not the writer"};
        response->set_name(request->service());
        response->set_etag(std::to_string(getpid()));
        return grpc::Status::OK;
    }
};

int listenOnLoopback(sockaddr_in* address)
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof *address;
    bind(descriptor, reinterpret_cast<sockaddr*>(address), size);
    listen(descriptor, 16);
    getsockname(descriptor, reinterpret_cast<sockaddr*>(address), &size);
    return descriptor;
}

void serveMetrics(int listener)
{
    for (;;) {
        const int client = accept(listener, nullptr, nullptr);
        char request[1024];
        if (client < 0 || read(client, request, sizeof request) <= 0)
            continue;
        const auto count = std::to_string(handled.load());
        const std::string labels
            = R"({grpc_service="shopfleet.control.v1.Control",grpc_method="GetFleet")";
        std::string body
            = "grpc_server_handled_total" + labels + R"(,grpc_code="OK"} )" + count + "\n";
        body += "grpc_server_handled_total" + labels + R"(,grpc_code="INTERNAL"} )"
            + std::to_string(failed.load()) + "\n";
        for (const auto* bound : {"0.001", "0.01", "+Inf"})
            body += "grpc_server_handling_seconds_bucket" + labels + ",le=\"" + bound + "\"} "
                + count + "\n";
        body += "grpc_server_in_flight 2\n";
        const auto answer = "HTTP/1.0 200 OK\r\nContent-Length: " + std::to_string(body.size())
            + "\r\n\r\n" + body;
        [[maybe_unused]] const auto sent = write(client, answer.data(), answer.size());
        close(client);
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::map<std::string, std::string> flags; // "--name value" and "--name=value".
    for (int i = 1; i < argc; ++i) {
        const std::string flag = argv[i];
        const auto equals = flag.find('=');
        flags[flag.substr(0, equals)] = equals != std::string::npos ? flag.substr(equals + 1)
            : i + 1 < argc                                          ? argv[++i]
                                                                    : "";
    }
    std::printf(
        "{\"level\":\"info\",\"msg\":\"begins\",\"replica\":\"%s\"}\n", flags["--replica"].c_str());
    std::fflush(stdout);
    if (flags.contains("--exit") && !flags.contains("--after-ms"))
        return std::atoi(flags["--exit"].c_str());
    failing = std::atol(flags["--fail-each"].c_str());

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);

    grpc::EnableDefaultHealthCheckService(true);
    Toy toy;
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(flags["--listen"], grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&toy);
    const auto server = builder.BuildAndStart();
    auto* health = server->GetHealthCheckService();
    health->SetServingStatus("shopfleet.writer", false);
    if (flags.contains("--never-ready"))
        health->SetServingStatus("", false);
    sockaddr_in metrics{};
    std::thread(serveMetrics, listenOnLoopback(&metrics)).detach();
    std::thread([&] {
        const int lock
            = open((flags["--data"] + "/toy.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        flock(lock, LOCK_EX);
        writes = true;
        health->SetServingStatus("shopfleet.writer", true);
    }).detach();

    const auto file = flags["--announce"];
    std::ofstream(file + ".new") << "{\"pid\":" << getpid() << ",\"address\":\"127.0.0.1:" << port
                                 << "\",\"metrics\":\"127.0.0.1:" << ntohs(metrics.sin_port)
                                 << "\"}" << std::flush;
    std::rename((file + ".new").c_str(), file.c_str());
    if (flags.contains("--after-ms"))
        std::thread([&] {
            std::this_thread::sleep_for(
                std::chrono::milliseconds(std::atoi(flags["--after-ms"].c_str())));
            std::_Exit(std::atoi(flags["--exit"].c_str()));
        }).detach();
    int signal = 0;
    sigwait(&set, &signal);
    health->SetServingStatus(false);
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(2));
    std::_Exit(0); // The lock's thread may still wait.
}
