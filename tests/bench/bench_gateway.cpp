// SPDX-License-Identifier: GPL-3.0-or-later
// What a product costs through the gateway (HTTP, JSON) beside the same gRPC call made directly.
//
// bench_gateway [--list] [NAME…]. Starts the inventoryd and the gatewayd beside it on folders and
// ports of their own.
#include "services/runtime/testing.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "tests/services/inventory/products.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <latch>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace shopfleet;
using Clock = std::chrono::steady_clock;
using Inventory = inventory::v1::Inventory;

namespace {

constexpr char kName[] = "gateway_get_product";
constexpr int kInFlight = 64;
constexpr int kRounds = 5;
constexpr auto kRound = std::chrono::milliseconds(1'000);
constexpr int kProducts = 1'000;

double seconds(Clock::time_point since)
{
    return std::chrono::duration<double>(Clock::now() - since).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// A program beside this one, until the end of the scope.
class Process {
public:
    Process(const std::string& program, std::vector<std::string> words)
    {
        const std::string announce = m_folder.file("announce.json");
        words.insert(words.begin(), program);
        for (const auto& word :
            {std::string("--data"), m_folder.path(), std::string("--announce"), announce})
            words.push_back(word);
        std::vector<char*> arguments;
        for (auto& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        // The log is written as always, the access log included, but this program's output is for
        // figures.
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        const int failed
            = posix_spawn(&m_pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        if (failed != 0)
            return;
        for (int i = 0; i < 1'000 && !std::filesystem::exists(announce); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::ifstream file(announce);
        m_facts = nlohmann::json::parse(file, nullptr, false);
    }
    ~Process()
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, SIGTERM);
        ::waitpid(m_pid, nullptr, 0);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    std::string fact(const char* name) const
    {
        return m_facts.is_object() ? m_facts.value(name, "") : std::string();
    }

private:
    runtime::TestFolder m_folder;
    pid_t m_pid = -1;
    nlohmann::json m_facts;
};

bool importProducts(Inventory::Stub& stub)
{
    inventory::v1::ImportProductsRequest request;
    request.set_request_id("import");
    for (int i = 0; i < kProducts; ++i)
        *request.add_products()
            = inventory::goodProduct("product-" + std::to_string(i), "SKU-" + std::to_string(i));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    inventory::v1::ImportProductsResponse response;
    const auto status = stub.ImportProducts(&context, request, &response);
    if (!status.ok())
        std::fprintf(stderr, "ImportProducts: %s\n", status.error_message().c_str());
    return status.ok();
}

/// gRPC calls that are always `kInFlight`. Answers per second; each failure counts in `failed`.
class Direct {
public:
    explicit Direct(Inventory::Stub& stub)
        : m_stub(stub)
    {
    }

    double run()
    {
        const auto start = Clock::now();
        m_end = start + kRound;
        m_answered = 0;
        std::latch over(kInFlight);
        m_over = &over;
        for (Slot& slot : m_slots)
            next(slot);
        over.wait();
        return m_answered / seconds(start);
    }
    int failed() const { return m_failed; }

private:
    struct Slot {
        std::unique_ptr<grpc::ClientContext> context;
        inventory::v1::GetProductRequest request;
        inventory::v1::Product product;
    };

    void next(Slot& slot)
    {
        slot.context = std::make_unique<grpc::ClientContext>();
        slot.context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
        slot.request.set_id("product-" + std::to_string(m_number++ % kProducts));
        m_stub.async()->GetProduct(slot.context.get(), &slot.request, &slot.product,
            [this, &slot](const grpc::Status& status) {
                status.ok() ? ++m_answered : ++m_failed;
                if (Clock::now() < m_end)
                    next(slot);
                else
                    m_over->count_down();
            });
    }

    Inventory::Stub& m_stub;
    std::vector<Slot> m_slots = std::vector<Slot>(kInFlight);
    std::atomic<int> m_number = 0;
    std::atomic<int> m_answered = 0;
    std::atomic<int> m_failed = 0;
    Clock::time_point m_end;
    std::latch* m_over = nullptr;
};

/// As many HTTP connections, each with one request under way, on one thread.
class Web {
public:
    explicit Web(const std::string& address)
        : m_epoll(::epoll_create1(0))
    {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port
            = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (Client& client : m_clients) {
            client.socket = ::socket(AF_INET, SOCK_STREAM, 0);
            if (::connect(client.socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
                std::perror("connect");
            epoll_event wanted{};
            wanted.events = EPOLLIN;
            wanted.data.ptr = &client;
            ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, client.socket, &wanted);
        }
    }
    ~Web()
    {
        for (const Client& client : m_clients)
            ::close(client.socket);
        ::close(m_epoll);
    }
    Web(const Web&) = delete;
    Web& operator=(const Web&) = delete;

    double run()
    {
        const auto start = Clock::now();
        int answered = 0;
        int open = kInFlight;
        for (Client& client : m_clients)
            ask(client);
        std::array<epoll_event, kInFlight> events;
        while (open > 0) {
            const int ready = ::epoll_wait(m_epoll, events.data(), kInFlight, 10'000);
            if (ready <= 0)
                break;
            for (int i = 0; i < ready; ++i) {
                auto& client = *static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
                if (!receive(client))
                    continue;
                ++answered;
                if (Clock::now() - start < kRound)
                    ask(client);
                else
                    --open;
            }
        }
        return answered / seconds(start);
    }
    int failed() const { return m_failed; }

private:
    struct Client {
        int socket = -1;
        std::string buffer;
    };

    void ask(Client& client)
    {
        const std::string text = "GET /v1/products/product-"
            + std::to_string(m_number++ % kProducts) + " HTTP/1.1\r\nHost: shop\r\n\r\n";
        if (::send(client.socket, text.data(), text.size(), MSG_NOSIGNAL)
            != static_cast<ssize_t>(text.size()))
            ++m_failed;
    }

    /// True once the whole answer is there.
    bool receive(Client& client)
    {
        std::array<char, 16'384> chunk;
        const auto size = ::recv(client.socket, chunk.data(), chunk.size(), 0);
        if (size <= 0) {
            ++m_failed;
            ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, client.socket, nullptr);
            return true;
        }
        client.buffer.append(chunk.data(), static_cast<std::size_t>(size));
        const std::size_t head = client.buffer.find("\r\n\r\n");
        const std::size_t length = client.buffer.find("Content-Length: ");
        if (head == std::string::npos || length == std::string::npos)
            return false;
        if (client.buffer.size() < head + 4 + std::stoul(client.buffer.substr(length + 16, 8)))
            return false;
        m_failed += client.buffer.compare(0, 12, "HTTP/1.1 200") != 0;
        client.buffer.clear();
        return true;
    }

    int m_epoll;
    std::array<Client, kInFlight> m_clients;
    int m_number = 0;
    int m_failed = 0;
};

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (std::ranges::find(words, "--list") != words.end()) {
        std::puts(kName);
        return 0;
    }
    if (!words.empty() && std::ranges::find(words, kName) == words.end())
        return 0;

    const std::string folder = std::filesystem::path(argv[0]).parent_path().string();
    const Process inventoryd(
        folder + "/inventoryd", {"--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0"});
    // Every name leads to the one service there is; a resolver ignores the query.
    const Process gatewayd(folder + "/gatewayd",
        {"--http", "127.0.0.1:0", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--target",
            "dns:///" + inventoryd.fact("address") + "?service=%s"});
    if (inventoryd.fact("address").empty() || gatewayd.fact("http").empty()) {
        std::fputs("bench_gateway: inventoryd or gatewayd does not start\n", stderr);
        return 1;
    }
    const auto stub = Inventory::NewStub(
        grpc::CreateChannel(inventoryd.fact("address"), grpc::InsecureChannelCredentials()));
    if (!importProducts(*stub))
        return 1;

    Direct direct(*stub);
    Web web(gatewayd.fact("http"));
    std::vector<double> ceilings;
    std::vector<double> values;
    direct.run();
    web.run();
    for (int i = 0; i < kRounds; ++i) { // In turn, so that a busy machine is busy for both.
        ceilings.push_back(direct.run());
        values.push_back(web.run());
    }
    if (direct.failed() + web.failed() > 0) {
        std::fprintf(stderr, "bench_gateway: %d calls and %d requests failed\n", direct.failed(),
            web.failed());
        return 1;
    }
    std::printf("%s\t%.0f\trequests/s\t%.0f\t%.2f\n", kName, median(values), median(ceilings),
        median(values) / median(ceilings));
    return 0;
}
