// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/catalogue.h"
#include "services/ctl/command.h"
#include "services/ctl/interrupt.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/progress.h"
#include "services/ctl/requestid.h"
#include "services/ctl/sendbatches.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using Clock = std::chrono::steady_clock;
using accounts::v1::Accounts;
using orders::v1::Orders;

constexpr int kParallel = 4;
constexpr size_t kMostArticles = 5000;
constexpr int64_t kOrdersPerCustomer = 3; // 3.3 in the real data.

constexpr std::string_view kDetails
    = "Made-up orders of past days, shaped by the real ones (lines, units, hours, countries, "
      "bestsellers) and\n"
      "of articles that the catalogue has. Every one is marked: id and customer begin with LOAD-, "
      "the e-mail\n"
      "ends in @load.invalid, the origin is \"load\". No stock is taken, nobody is charged, "
      "nothing is shipped.\n"
      "The same seed, number and day give the same orders: running it again changes nothing.\n"
      "JSON: orders, customers: {wanted, created, updated, unchanged}; seconds, "
      "orders_per_second,\n"
      "retries.\n";

void describe(po::options_description& flags)
{
    flags.add_options()("orders", po::value<int64_t>()->required(), "how many, 1 to 100000000")(
        "lines-max", po::value<int64_t>()->default_value(6), "lines of an order at most, 1 to 100")(
        "seed", po::value<uint64_t>()->default_value(1), "another one makes others")("days",
        po::value<int64_t>()->default_value(365), "how far back they go, 1 to 3650")("patience",
        po::value<int>()->default_value(60), "seconds to go on when a service does not answer");
}

/// As many numbers as there are things to make.
struct Numbers {
    int64_t count;
    size_t size() const { return static_cast<size_t>(count); }
    size_t operator[](size_t index) const { return index; }
};

absl::Status send(
    Fleet& fleet, const Patience& patience, const MadeUpOrders& made, StoreCounts* counts)
{
    const std::string run = newRequestId();
    BatchSender sender{.fleet = fleet,
        .patience = patience,
        .service = "accounts",
        .requestPrefix = run + "-customers",
        .parallel = kParallel,
        .counts = &counts->customers};
    // Customers first: whoever opens a made-up order finds its customer.
    absl::Status status = sender.send<Accounts>(&Accounts::Stub::ImportCustomers,
        cutBatches(Numbers{made.plan().customers}, [](size_t) { return size_t(1); }),
        [&made](const Batch& batch, auto* request) {
            for (size_t i = batch.begin; i < batch.end; ++i)
                *request->add_customers() = made.customer(static_cast<int64_t>(i));
        });
    if (!status.ok())
        return status;
    sender.service = "orders";
    sender.requestPrefix = run + "-orders";
    sender.counts = &counts->orders;
    const auto lines = [&made](size_t) { return static_cast<size_t>(made.plan().mostLines); };
    return sender.send<Orders>(&Orders::Stub::ImportOrders,
        cutBatches(Numbers{made.plan().orders}, lines), [&made](const Batch& batch, auto* request) {
            for (size_t i = batch.begin; i < batch.end; ++i)
                *request->add_orders() = made.order(static_cast<int64_t>(i));
        });
}

Json countsJson(const ImportCounts& counts)
{
    return {{"wanted", counts.wanted.load()}, {"created", counts.created.load()},
        {"updated", counts.updated.load()}, {"unchanged", counts.unchanged.load()}};
}

ExitCode report(const Invocation& invocation, const StoreCounts& counts, double seconds)
{
    const double rate = static_cast<double>(counts.orders.sent()) / seconds;
    if (invocation.json) {
        const Json json = {{"orders", countsJson(counts.orders)},
            {"customers", countsJson(counts.customers)}, {"seconds", seconds},
            {"orders_per_second", rate}, {"retries", counts.retries.load()}};
        invocation.out << toText(json) << '\n';
    } else {
        invocation.out << fmt::format(
            "{} orders ({} created, {} updated, {} unchanged), {} customers in {:.1f} s: "
            "{:.0f} orders/s, {} retries\n",
            counts.orders.sent(), counts.orders.created.load(), counts.orders.updated.load(),
            counts.orders.unchanged.load(), counts.customers.sent(), seconds, rate,
            counts.retries.load());
    }
    return kDone;
}

/// Empty when the options are as they should be.
std::string checkOptions(const MadeUpPlan& plan, int patience)
{
    if (plan.orders < 1 || plan.orders > 100'000'000)
        return "load: --orders is not between 1 and 100000000";
    if (plan.mostLines < 1 || plan.mostLines > 100)
        return "load: --lines-max is not between 1 and 100";
    if (plan.days < 1 || plan.days > 3650)
        return "load: --days is not between 1 and 3650";
    if (patience < 0 || patience > 86'400)
        return "load: --patience is not between 0 and 86400";
    return {};
}

std::vector<Article> findArticles(const Invocation& invocation)
{
    auto articles = readCatalogue(invocation.fleet, kMostArticles);
    if (articles.ok() && !articles->empty())
        return *std::move(articles);
    const std::string why = articles.ok()
        ? "is empty"
        : fmt::format("cannot be read ({})", std::string(articles.status().message()));
    invocation.err << fmt::format(
        "shopfleetctl: the catalogue {}: the articles are made up, too\n", why);
    return madeUpArticles();
}

ExitCode run(const Invocation& invocation)
{
    MadeUpPlan plan{.seed = invocation.value<uint64_t>("seed"),
        .orders = invocation.value<int64_t>("orders"),
        .mostLines = invocation.value<int64_t>("lines-max"),
        .days = invocation.value<int64_t>("days")};
    const int patienceSeconds = invocation.value<int>("patience");
    if (const std::string why = checkOptions(plan, patienceSeconds); !why.empty())
        return invocation.refuse(why);
    plan.articles = findArticles(invocation);
    // Whole days, so that the same command on the same day makes the same orders.
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    plan.end = std::chrono::duration_cast<std::chrono::seconds>(today.time_since_epoch()).count();
    plan.customers = (plan.orders + kOrdersPerCustomer - 1) / kOrdersPerCustomer;

    const MadeUpOrders made(std::move(plan));
    StoreCounts counts;
    counts.customers.wanted = made.plan().customers;
    counts.orders.wanted = made.plan().orders;
    const auto begin = Clock::now();
    absl::Status status;
    {
        const InterruptWatch watch;
        const Progress progress(invocation.err, [&counts] {
            return fmt::format("{} of {} orders, {} of {} customers sent", counts.orders.sent(),
                counts.orders.wanted.load(), counts.customers.sent(),
                counts.customers.wanted.load());
        });
        const Patience patience{.total = std::chrono::seconds(patienceSeconds),
            .callTimeout = invocation.fleet.timeout(),
            .stop = &interrupted(),
            .onRetry = [&counts](const std::string& why) { counts.addRetry(why); }};
        status = send(invocation.fleet, patience, made, &counts);
    }
    if (absl::IsCancelled(status))
        status = absl::CancelledError("interrupted; run it again and it goes on where it was");
    if (!status.ok())
        return invocation.fail(status);
    return report(invocation, counts, std::chrono::duration<double>(Clock::now() - begin).count());
}

} // namespace

const Command kLoadCommand = {.name = "load",
    .usage = "--orders N [--lines-max K] [--seed S]",
    .summary = "Makes up many orders, marked as such, for load and scale work",
    .details = kDetails,
    .arguments = {},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
