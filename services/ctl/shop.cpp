// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/command.h"
#include "services/ctl/fleet.h"
#include "services/ctl/interrupt.h"
#include "services/ctl/requestid.h"
#include "services/ctl/shopper.h"
#include "services/ctl/shoptally.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <mutex>
#include <ostream>
#include <thread>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::string_view kDetails
    = "Shoppers browse, look at products, fill carts, sign up, check out and look at their orders, "
      "through\n"
      "the gateway over keep-alive connections: R requests a second, started by the clock whether "
      "or not the\n"
      "ones before are answered (an open loop), and latency counts from when a request was due.\n"
      "A read is asked once: if no good answer comes, it failed. A write carries an "
      "Idempotency-Key and is\n"
      "asked again under it while the gateway or a service is away. `refused` are answers such as "
      "a changed\n"
      "price; rejected orders (out of stock, declined: one card in fifty is) are answers, too.\n"
      "Ends after --duration or with Ctrl-C. The exit code is 1 when a request failed.\n"
      "JSON: requests, failed, refused, retries, orders_placed, orders_rejected, latency_ms.{p50, "
      "p95, p99,\n"
      "max}, seconds, rate, by_action{}, failures{}, per_second[]. The lines per second go to "
      "stderr then.\n";

void describe(po::options_description& flags)
{
    const char* gateway = std::getenv("SHOPFLEET_GATEWAY");
    flags.add_options()("rate", po::value<double>()->required(),
        "requests per second, up to 100000")("duration", po::value<double>()->default_value(0),
        "seconds; 0: until Ctrl-C")("shoppers", po::value<int>()->default_value(0),
        "connections, 1 to 2000; 0: as the rate needs")("gateway",
        po::value<std::string>()->default_value(gateway ? gateway : "127.0.0.1:8080"),
        "SHOPFLEET_GATEWAY")(
        "patience", po::value<double>()->default_value(10), "seconds that a write is asked again");
}

struct Plan {
    double rate = 1;
    std::chrono::microseconds duration{0}; ///< 0: no end.
    int shoppers = 1;
    std::string gateway = {};
    std::chrono::milliseconds timeout{10'000};
    std::chrono::milliseconds patience{10'000};
};

void writeCounts(const ShopCounts& counts, const std::string& when, std::ostream& to)
{
    to << fmt::format("{}  requests {}  failed {}  refused {}  retries {}  orders {}  p50 {:.1f} "
                      "ms  p95 {:.1f} ms  "
                      "p99 {:.1f} ms\n",
        when, counts.requests, counts.failed, counts.refused, counts.retries, counts.placed,
        counts.latencies.percentileMs(0.50), counts.latencies.percentileMs(0.95),
        counts.latencies.percentileMs(0.99));
    to.flush();
}

/// Sleeps in short pieces, so that Ctrl-C is heard.
bool sleepUntil(Clock::time_point at, const std::atomic<bool>& stop)
{
    while (!stop.load()) {
        const auto now = Clock::now();
        if (now >= at)
            return true;
        std::this_thread::sleep_for(std::min<Clock::duration>(at - now, 50ms));
    }
    return false;
}

/// Who is free: the one who asked last goes on first, so that carts are paid soon and not all at
/// once. The others wait for the moments when answers are slow.
class FreeShoppers {
public:
    explicit FreeShoppers(const Plan& plan)
    {
        const std::string run = newRequestId().substr(0, 8);
        for (int number = 0; number < plan.shoppers; ++number)
            m_free.push_back(
                std::make_unique<Shopper>(plan.gateway, run, number, plan.timeout, plan.patience));
    }

    std::unique_ptr<Shopper> take()
    {
        const std::lock_guard lock(m_mutex);
        auto shopper = std::move(m_free.back());
        m_free.pop_back();
        return shopper;
    }

    void giveBack(std::unique_ptr<Shopper> shopper)
    {
        const std::lock_guard lock(m_mutex);
        m_free.push_back(std::move(shopper));
    }

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Shopper>> m_free;
};

/// As many threads as shoppers, so that one is always free. They take the next due time from one
/// clock; when all are busy, the next request is late and its latency shows it.
void goShopping(
    const Plan& plan, Clock::time_point begin, const std::atomic<bool>& stop, ShopTally* tally)
{
    std::atomic<int64_t> next = 0;
    FreeShoppers shoppers(plan);
    const auto shop = [&] {
        for (;;) {
            const auto due = std::chrono::microseconds(
                static_cast<int64_t>(static_cast<double>(next.fetch_add(1)) * 1e6 / plan.rate));
            if (plan.duration > 0us && due >= plan.duration)
                return;
            if (!sleepUntil(begin + due, stop))
                return;
            auto shopper = shoppers.take();
            const ShopResult result = shopper->step(stop);
            shoppers.giveBack(std::move(shopper));
            const auto took = Clock::now() - (begin + due);
            tally->add(result, std::chrono::duration_cast<std::chrono::microseconds>(took).count());
        }
    };
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(plan.shoppers));
    for (int number = 0; number < plan.shoppers; ++number)
        threads.emplace_back(shop);
    for (std::thread& thread : threads)
        thread.join();
}

ExitCode finish(const Invocation& invocation, const Plan& plan, const ShopTally& tally,
    double seconds, Json perSecond)
{
    const ShopCounts total = tally.total();
    if (invocation.json) {
        Json json = total.json();
        json["seconds"] = seconds;
        json["rate"] = plan.rate;
        tally.addDetails(&json);
        json["per_second"] = std::move(perSecond);
        invocation.out << toText(json) << '\n';
    } else {
        writeCounts(total, fmt::format("in {:.1f} s", seconds), invocation.out);
        for (const auto& [why, count] : tally.failures())
            invocation.out << fmt::format("  {} × {}\n", count, why);
    }
    return total.failed > 0 ? kFailed : kDone;
}

/// Somebody has to be there at the start; later outages are what the figures are for.
absl::Status knock(const Plan& plan)
{
    HttpClient client(plan.gateway, plan.timeout);
    return client.ask({.path = "/v1/products?pageSize=1"}).status();
}

ExitCode run(const Invocation& invocation)
{
    Plan plan{.rate = invocation.value<double>("rate"),
        .gateway = invocation.value<std::string>("gateway"),
        .timeout = std::chrono::milliseconds(invocation.fleet.timeout())};
    const double duration = invocation.value<double>("duration");
    const double patience = invocation.value<double>("patience");
    plan.shoppers = invocation.value<int>("shoppers");
    if (!(plan.rate > 0 && plan.rate <= 100'000))
        return invocation.refuse("shop: --rate is not above 0 and up to 100000");
    if (!(duration >= 0 && duration <= 10'000'000))
        return invocation.refuse("shop: --duration is not between 0 and 10000000");
    if (!(patience >= 0 && patience <= 3600))
        return invocation.refuse("shop: --patience is not between 0 and 3600");
    if (plan.shoppers < 0 || plan.shoppers > 2000)
        return invocation.refuse("shop: --shoppers is not between 0 and 2000");
    if (plan.shoppers == 0)
        plan.shoppers = static_cast<int>(std::clamp(plan.rate, 8.0, 256.0));
    plan.duration = std::chrono::microseconds(static_cast<int64_t>(duration * 1e6));
    plan.patience = std::chrono::milliseconds(static_cast<int64_t>(patience * 1000));
    if (const absl::Status status = knock(plan); !status.ok())
        return invocation.fail(status);

    ShopTally tally;
    Json perSecond = Json::array();
    const InterruptWatch watch;
    const auto begin = Clock::now();
    std::atomic<bool> ended = false;
    std::thread reporter([&] {
        std::ostream& lines = invocation.json ? invocation.err : invocation.out;
        for (int second = 1; sleepUntil(begin + std::chrono::seconds(second), ended); ++second) {
            const ShopCounts counts = tally.takeSecond();
            writeCounts(counts, fmt::format("{:>5} s", second), lines);
            if (invocation.json)
                perSecond.push_back(counts.json());
        }
    });
    goShopping(plan, begin, interrupted(), &tally);
    ended.store(true);
    reporter.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return finish(invocation, plan, tally, seconds, std::move(perSecond));
}

} // namespace

const Command kShopCommand = {.name = "shop",
    .usage = "--rate R [--duration S]",
    .summary = "Lets made-up customers browse and buy through the gateway",
    .details = kDetails,
    .arguments = {},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
