// SPDX-License-Identifier: GPL-3.0-or-later
// What a point read costs beside a call that does nothing, and how fast a catalogue comes in.
//
// bench_inventory [--list] [--target TARGET] [NAME…]. Without a target it starts the inventoryd
// beside it on a folder of its own. With one (xds:///inventory, with GRPC_XDS_BOOTSTRAP_CONFIG) it
// reads the products that are there, or brings some in where there are none.
#include "services/runtime/testing.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "tests/services/inventory/products.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <grpc/health/v1/health.grpc.pb.h>
#include <latch>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <vector>

using namespace shopfleet;
using Clock = std::chrono::steady_clock;
using Health = grpc::health::v1::Health;
using Inventory = inventory::v1::Inventory;

namespace {

constexpr int kInFlight = 64;
constexpr int kRounds = 5;
constexpr auto kRound = std::chrono::milliseconds(1'000);
constexpr int kProducts = 3'600; // As many as the real store's year has.

/// A figure of tests/bench/run: name, value, unit, ceiling, ratio.
void print(const char* name, double value, const char* unit, double ceiling, double ratio)
{
    if (ceiling > 0)
        std::printf("%s\t%.0f\t%s\t%.0f\t%.2f\n", name, value, unit, ceiling, ratio);
    else
        std::printf("%s\t%.0f\t%s\t-\t-\n", name, value, unit);
    std::fflush(stdout);
}

double seconds(Clock::time_point since)
{
    return std::chrono::duration<double>(Clock::now() - since).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// The inventoryd beside this program, until the end of the scope.
class Service {
public:
    explicit Service(const std::string& program)
    {
        const std::string announce = m_folder.file("announce.json");
        const std::string data = m_folder.path();
        std::vector<std::string> words{program, "--listen", "127.0.0.1:0", "--metrics",
            "127.0.0.1:0", "--data", data, "--announce", announce, "--log-level", "error"};
        std::vector<char*> arguments;
        for (auto& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        if (posix_spawn(&m_pid, program.c_str(), nullptr, nullptr, arguments.data(), environ) != 0)
            return;
        for (int i = 0; i < 1'000 && !std::filesystem::exists(announce); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::ifstream file(announce);
        if (const auto facts = nlohmann::json::parse(file, nullptr, false); facts.is_object())
            m_address = facts.value("address", "");
    }
    ~Service()
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, SIGTERM);
        ::waitpid(m_pid, nullptr, 0);
    }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    const std::string& address() const { return m_address; }

private:
    runtime::TestFolder m_folder;
    pid_t m_pid = -1;
    std::string m_address;
};

/// Calls that are always `kInFlight`: each that ends begins the next. Answers per second.
template <class Response>
class Load {
public:
    using Begin = std::function<void(
        grpc::ClientContext*, int number, Response*, std::function<void(grpc::Status)>)>;

    explicit Load(Begin begin)
        : m_begin(std::move(begin))
    {
    }

    double run()
    {
        const auto start = Clock::now();
        m_end = start + kRound;
        std::latch over(kInFlight);
        m_over = &over;
        m_answered = 0;
        for (Slot& slot : m_slots)
            next(slot);
        over.wait();
        return static_cast<double>(m_answered) / seconds(start);
    }
    int failed() const { return m_failed; }

private:
    struct Slot {
        std::unique_ptr<grpc::ClientContext> context;
        Response response;
    };

    void next(Slot& slot)
    {
        slot.context = std::make_unique<grpc::ClientContext>();
        slot.context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
        m_begin(slot.context.get(), m_number++, &slot.response,
            [this, &slot](const grpc::Status& status) {
                status.ok() ? ++m_answered : ++m_failed;
                if (Clock::now() < m_end)
                    next(slot);
                else
                    m_over->count_down();
            });
    }

    Begin m_begin;
    std::vector<Slot> m_slots = std::vector<Slot>(kInFlight);
    std::atomic<int> m_number = 0;
    std::atomic<int> m_answered = 0;
    std::atomic<int> m_failed = 0;
    Clock::time_point m_end;
    std::latch* m_over = nullptr;
};

bool importCatalogue(Inventory::Stub& stub, bool wanted)
{
    const auto start = Clock::now();
    for (int first = 0; first < kProducts; first += 1'000) {
        inventory::v1::ImportProductsRequest request;
        request.set_request_id("import-" + std::to_string(first));
        for (int i = first; i < std::min(first + 1'000, kProducts); ++i)
            *request.add_products() = inventory::goodProduct(
                "product-" + std::to_string(i), "SKU-" + std::to_string(i));
        grpc::ClientContext context;
        inventory::v1::ImportProductsResponse response;
        if (const auto status = stub.ImportProducts(&context, request, &response); !status.ok()) {
            std::fprintf(stderr, "ImportProducts: %s\n", status.error_message().c_str());
            return false;
        }
    }
    if (wanted)
        print("import_products", kProducts / seconds(start), "products/s", 0, 0);
    return true;
}

std::vector<std::string> productIds(Inventory::Stub& stub)
{
    inventory::v1::ListProductsRequest request;
    request.set_page_size(1'000);
    inventory::v1::ListProductsResponse response;
    grpc::ClientContext context;
    std::vector<std::string> ids;
    if (const auto status = stub.ListProducts(&context, request, &response); !status.ok())
        std::fprintf(stderr, "ListProducts: %s\n", status.error_message().c_str());
    for (const auto& product : response.products())
        ids.push_back(product.id());
    return ids;
}

bool measureReads(const std::shared_ptr<grpc::Channel>& channel, const char* name)
{
    const auto stub = Inventory::NewStub(channel);
    const auto health = Health::NewStub(channel);
    const auto ids = productIds(*stub);
    if (ids.empty())
        return false;
    std::vector<inventory::v1::GetProductRequest> requests(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
        requests[i].set_id(ids[i]);
    const grpc::health::v1::HealthCheckRequest check;

    Load<grpc::health::v1::HealthCheckResponse> empty(
        [&](auto* context, int, auto* response, auto done) {
            health->async()->Check(context, &check, response, std::move(done));
        });
    Load<inventory::v1::Product> reads([&](auto* context, int number, auto* response, auto done) {
        stub->async()->GetProduct(context,
            &requests[static_cast<std::size_t>(number) % requests.size()], response,
            std::move(done));
    });
    std::vector<double> emptyRates;
    std::vector<double> readRates;
    std::vector<double> ratios;
    empty.run(); // Connections and caches warm up.
    reads.run();
    for (int round = 0; round < kRounds; ++round) {
        emptyRates.push_back(empty.run());
        readRates.push_back(reads.run());
        ratios.push_back(readRates.back() / emptyRates.back());
    }
    if (empty.failed() + reads.failed() > 0) {
        std::fprintf(
            stderr, "%d empty calls and %d reads failed\n", empty.failed(), reads.failed());
        return false;
    }
    print(name, median(readRates), "calls/s", median(emptyRates), median(ratios));
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    std::string target;
    std::vector<std::string> names;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--list") {
            std::puts("import_products\nget_product");
            return EXIT_SUCCESS;
        }
        if (word == "--target" && i + 1 < argc)
            target = argv[++i];
        else
            names.push_back(word);
    }
    const auto wanted = [&](const char* name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!target.empty()) {
        const auto channel = grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
        const auto stub = Inventory::NewStub(channel);
        const bool ready = !productIds(*stub).empty() || importCatalogue(*stub, false);
        return ready && measureReads(channel, "get_product") ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const Service service(beside / "inventoryd");
    if (service.address().empty()) {
        std::fprintf(stderr, "inventoryd did not start\n");
        return EXIT_FAILURE;
    }
    const auto channel = grpc::CreateChannel(service.address(), grpc::InsecureChannelCredentials());
    const auto stub = Inventory::NewStub(channel);
    if (!importCatalogue(*stub, wanted("import_products")))
        return EXIT_FAILURE;
    return !wanted("get_product") || measureReads(channel, "get_product") ? EXIT_SUCCESS
                                                                          : EXIT_FAILURE;
}
