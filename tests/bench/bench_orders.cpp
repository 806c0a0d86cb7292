// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, search and figures over 1,000,000 made-up orders. Fills a folder once (a few minutes) and
// uses it again. bench_orders [--list] [--data DIR] [--orders N] [NAME…]
#include "orders_schema.h"
#include "services/orders/liststore.h"
#include "services/orders/rules.h"
#include "services/orders/store.h"
#include "services/orders/tallystore.h"
#include "services/runtime/database.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace shopfleet;
using namespace shopfleet::orders;
using runtime::Connection;
using Clock = std::chrono::steady_clock;

namespace {

constexpr const char* kFirstNames[] = {"James", "Mary", "Robert", "Patricia", "John", "Jennifer",
    "Michael", "Linda", "David", "Elizabeth", "William", "Barbara", "Richard", "Susan", "Joseph",
    "Jessica", "Thomas", "Karen", "Zoë", "Oksana"};
constexpr const char* kLastStems[] = {"Smi", "Joh", "Wil", "Bro", "Jon", "Gar", "Mil", "Dav", "Rod",
    "Mar", "Her", "Lop", "Gon", "And", "Tho", "Tay", "Moo", "Jac", "Mül", "Iva"};
constexpr const char* kLastEnds[]
    = {"th", "nson", "liams", "wn", "es", "cia", "ler", "is", "riguez", "tinez", "ez", "ers"};
constexpr const char* kColours[] = {
    "RED", "BLUE", "WHITE", "PINK", "GREEN", "BLACK", "IVORY", "VINTAGE", "RETROSPOT", "ANTIQUE"};
constexpr const char* kThings[]
    = {"BAG", "LUNCH BOX", "T-LIGHT HOLDER", "MUG", "BUNTING", "TEAPOT", "CLOCK", "CUSHION",
        "DOORMAT", "NOTEBOOK", "LANTERN", "CAKE STAND", "HEART", "CANDLE", "BOWL", "FRAME"};
constexpr const char* kKinds[]
    = {"SMALL", "LARGE", "SET OF 6", "WOODEN", "METAL", "PAPER", "JUMBO", "HANGING", "CERAMIC"};

int failed(const absl::Status& status)
{
    std::fprintf(stderr, "bench_orders: %s\n", status.ToString().c_str());
    return EXIT_FAILURE;
}

/// One made-up order; the same number gives the same order.
v1::Order madeUp(int number)
{
    std::minstd_rand random(static_cast<unsigned>(number) * 7919U + 1U);
    v1::Order order;
    order.set_id("L" + std::to_string(number));
    order.set_kind(v1::ORDER_KIND_SALE);
    const int state = static_cast<int>(random() % 100);
    order.set_state(state < 3 ? v1::ORDER_STATE_CANCELLED
            : state < 5       ? v1::ORDER_STATE_REJECTED
            : state < 12      ? v1::ORDER_STATE_SHIPPED
                              : v1::ORDER_STATE_DELIVERED);
    std::minstd_rand person(static_cast<unsigned>(random() % 40'000) + 1U);
    const std::string customer = std::to_string(10'000 + person() % 90'000);
    const std::string first = kFirstNames[person() % std::size(kFirstNames)];
    const std::string last = std::string(kLastStems[person() % std::size(kLastStems)])
        + kLastEnds[person() % std::size(kLastEnds)];
    order.set_customer_id(customer);
    order.set_customer_name(first + " " + last);
    order.set_email(first + "." + last + customer + "@example.com");
    order.set_country(random() % 10 ? "United Kingdom" : "France");
    order.set_origin("load");
    order.set_channel("web");
    order.mutable_placed_at()->set_seconds(
        1'291'161'600 + std::int64_t{number} * 31 + static_cast<std::int64_t>(random() % 25));
    order.add_payment_ids("P-L" + std::to_string(number));
    order.add_shipment_ids("S-L" + std::to_string(number));
    std::int64_t total = 0;
    const auto lines = 1 + random() % 3 + (random() % 4 ? 0 : random() % 12);
    for (unsigned long i = 0; i < lines; ++i) {
        std::minstd_rand thing(static_cast<unsigned>(random() % 3'600) + 1U);
        v1::OrderLine& line = *order.add_lines();
        line.set_kind(v1::LINE_KIND_PRODUCT);
        line.set_sku(std::to_string(20'000 + thing() % 70'000) + (thing() % 3 ? "" : "A"));
        line.set_title(std::string(kKinds[thing() % std::size(kKinds)]) + " "
            + kColours[thing() % std::size(kColours)] + " "
            + kThings[thing() % std::size(kThings)]);
        line.set_quantity(1 + static_cast<std::int64_t>(random() % 12));
        line.mutable_unit_price()->set_currency("GBP");
        line.mutable_unit_price()->set_minor(static_cast<std::int64_t>(50 + thing() % 2'000));
        line.mutable_total()->set_currency("GBP");
        line.mutable_total()->set_minor(line.unit_price().minor() * line.quantity());
        total += line.total().minor();
    }
    order.mutable_total()->set_currency("GBP");
    order.mutable_total()->set_minor(total);
    return order;
}

absl::Status fill(runtime::Database& database, int orders)
{
    const auto reader = database.reader();
    if (!reader.ok())
        return reader.status();
    const auto there = countOrders(**reader, 0);
    if (!there.ok())
        return there.status();
    Writes writes;
    const auto began = Clock::now();
    for (auto from = static_cast<int>(*there); from < orders; from += 1000) {
        v1::ImportOrdersRequest request;
        for (int i = from; i < std::min(from + 1000, orders); ++i)
            *request.add_orders() = madeUp(i);
        if (auto status = checkImport(request); !status.ok())
            return status;
        auto status = database.writeAndWait(
            [&](Connection& db) { return writes.import(db, request, {}).status(); });
        if (!status.ok())
            return status;
    }
    const std::chrono::duration<double> took = Clock::now() - began;
    if (*there < orders)
        std::fprintf(stderr, "bench_orders: %d orders imported in %.1f s (%.0f/s)\n",
            orders - static_cast<int>(*there), took.count(),
            (orders - static_cast<double>(*there)) / took.count());
    return absl::OkStatus();
}

double msOf(const std::function<absl::Status()>& work)
{
    const auto began = Clock::now();
    if (auto status = work(); !status.ok())
        std::exit(failed(status));
    return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

double quantile(std::vector<double> values, double q)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

double medianMs(int times, const std::function<absl::Status()>& work)
{
    std::vector<double> values;
    for (int i = 0; i < times; ++i)
        values.push_back(msOf(work));
    return quantile(values, 0.5);
}

void print(const char* name, double value, const char* unit)
{
    std::printf("%s\t%.2f\t%s\t-\t-\n", name, value, unit);
    std::fflush(stdout);
}

/// What support people type: whole numbers, names, addresses, SKUs, words, and each of them half
/// typed.
std::vector<std::string> searches()
{
    std::vector<std::string> texts = {"bag", "ba", "re", "red", "retro", "retrospot", "vint",
        "vintage bunting", "red retrospot bag", "t-light", "heart", "hang", "lunch box", "john",
        "john smi", "mary", "müller", "muller", "ez", "jam", "william", "will", "set of 6",
        "jumbo bag red", "example", "united", "L70", "L7000", "L700001", "P-L700001", "S-L5",
        "zebra", "cake stand france", "state = SHIPPED bag", "state = CANCELLED",
        "mary state = DELIVERED", "country = France teapot", "total > 50000", "total > 50000 bag",
        "placed_at > 2011-06-01 clock"};
    for (int i = 0; i < 40; ++i) {
        const v1::Order order = madeUp(i * 24'001 % 1'000'000);
        texts.push_back(order.id());
        texts.push_back(order.customer_id());
        texts.push_back(order.customer_id().substr(0, 3));
        texts.push_back(order.customer_name());
        texts.push_back(order.customer_name().substr(0, 4));
        texts.push_back(order.email());
        texts.push_back("email = \"" + order.email() + "\"");
        texts.push_back(order.lines(0).sku());
        texts.push_back(order.lines(0).sku().substr(0, 4));
        texts.push_back(order.lines(0).title());
        texts.push_back(order.lines(0).title().substr(0, order.lines(0).title().size() / 2));
        texts.push_back(order.customer_name() + " " + order.lines(0).sku());
        texts.push_back("customer_id = " + order.customer_id() + " bag");
    }
    return texts;
}

absl::Status listed(Connection& db, const std::string& filter, std::int64_t skip)
{
    v1::ListOrdersRequest request;
    request.set_filter(filter);
    request.set_skip(skip);
    request.set_page_size(50);
    return listOrders(db, request).status();
}

void benchSearch(Connection& db)
{
    std::vector<std::pair<double, std::string>> taken;
    for (int round = 0; round < 2; ++round)
        for (const std::string& text : searches())
            taken.emplace_back(msOf([&] { return listed(db, text, 0); }), text);
    std::vector<double> values;
    for (const auto& [ms, text] : taken)
        values.push_back(ms);
    print("orders_search_p50", quantile(values, 0.5), "ms");
    print("orders_search_p95", quantile(values, 0.95), "ms");
    std::sort(taken.rbegin(), taken.rend());
    for (std::size_t i = 0; i < 8; ++i)
        std::fprintf(stderr, "bench_orders: slowest search %.1f ms: %s\n", taken[i].first,
            taken[i].second.c_str());
}

void benchPage(Connection& db, int orders)
{
    const std::int64_t skip = std::int64_t{orders} * 7 / 10;
    const double ours = medianMs(21, [&] { return listed(db, "", skip); });
    // What it would cost without positions: rows skipped one by one.
    const double plain = medianMs(5, [&] {
        return db
            .select(
                runtime::text("SELECT ", kRowColumns,
                    " FROM orders o ORDER BY o.placed_at DESC, o.key DESC LIMIT 50 OFFSET ", skip),
                &readRow)
            .status();
    });
    std::printf("orders_page_at_700000\t%.2f\tms\t%.2f\t%.3f\n", ours, plain, ours / plain);
    print("orders_page_at_700000_of_a_state",
        medianMs(11, [&] { return listed(db, "state = DELIVERED", skip); }), "ms");
}

} // namespace

int main(int argc, char** argv)
{
    std::string data = (std::filesystem::temp_directory_path() / "shopfleet-bench-orders").string();
    int orders = 1'000'000;
    std::vector<std::string> names;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--list") {
            std::puts("orders_page_at_700000\norders_first_page\norders_search\norders_stats");
            return EXIT_SUCCESS;
        }
        if (argument == "--data" && i + 1 < argc)
            data = argv[++i];
        else if (argument == "--orders" && i + 1 < argc)
            orders = std::atoi(argv[++i]);
        else
            names.push_back(argument);
    }
    const auto wanted = [&](const char* name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    auto database = runtime::Database::open({data, "orders", kSchema});
    if (!database.ok())
        return failed(database.status());
    if (auto status = fill(**database, orders); !status.ok())
        return failed(status);
    Connection& db = **(*database)->reader();
    if (wanted("orders_page_at_700000"))
        benchPage(db, orders);
    if (wanted("orders_first_page"))
        print("orders_first_page", medianMs(21, [&] { return listed(db, "", 0); }), "ms");
    if (wanted("orders_search"))
        benchSearch(db);
    if (wanted("orders_stats"))
        print("orders_stats", medianMs(21, [&] { return orderStats(db, {}).status(); }), "ms");
    return EXIT_SUCCESS;
}
