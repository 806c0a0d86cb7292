// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/ordertext.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using orders::v1::Orders;

constexpr int kMostPerPage = 1000;

constexpr std::string_view kDetails
    = "Filters: state = STUCK AND total > 1000; placed_at >= \"2011-01-01T00:00:00Z\"; customer_id "
      "= 17850;\n"
      "bare words search numbers, customers, SKUs and titles. An error says the column where it "
      "begins.\n"
      "JSON: orders[] (fields of shopfleet.orders.v1.Order), total_size.\n";

void describe(po::options_description& flags)
{
    flags.add_options()("filter", po::value<std::string>()->default_value(""), "which ones")(
        "limit", po::value<int>()->default_value(50), "how many at most, 1 to 1000000")("order-by",
        po::value<std::string>()->default_value(""),
        "\"field\" or \"field desc\"; the latest first if not given");
}

ExitCode run(const Invocation& invocation)
{
    const int limit = invocation.value<int>("limit");
    if (limit < 1 || limit > 1'000'000)
        return invocation.refuse("orders: --limit is not between 1 and 1000000");
    orders::v1::ListOrdersRequest request;
    request.set_filter(invocation.value<std::string>("filter"));
    request.set_order_by(invocation.value<std::string>("order-by"));
    const auto stub = Orders::NewStub(invocation.fleet.channel("orders"));

    orders::v1::ListOrdersResponse all;
    do {
        request.set_page_size(std::min(kMostPerPage, limit - all.orders_size()));
        request.set_page_token(all.next_page_token());
        const auto page
            = call(invocation.fleet, "orders", *stub, &Orders::Stub::ListOrders, request);
        if (!page.ok())
            return invocation.fail(page.status());
        all.MergeFrom(*page);
        all.set_next_page_token(page->next_page_token());
        if (page->orders().empty())
            break;
    } while (!all.next_page_token().empty() && all.orders_size() < limit);

    if (invocation.json) {
        Json json = {{"orders", Json::array()}, {"total_size", all.total_size()}};
        for (const auto& order : all.orders())
            json["orders"].push_back(toJson(order));
        invocation.out << toText(json) << '\n';
        return kDone;
    }
    writeOrders(all.orders(), invocation.out);
    invocation.err << fmt::format("{} of {} orders\n", all.orders_size(), all.total_size());
    return kDone;
}

} // namespace

const Command kOrdersCommand = {.name = "orders",
    .usage = "[--filter F] [--limit N]",
    .summary = "Lists orders, the latest first",
    .details = kDetails,
    .arguments = {},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
