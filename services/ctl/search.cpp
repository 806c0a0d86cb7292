// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/searchtext.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <fmt/format.h>
#include <future>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;

constexpr std::string_view kDetails = "Asks five services at once; one that does not answer costs "
                                      "its own part only, and the exit code then\n"
                                      "is 3. JSON: orders[], customers[], products[], shipments[], "
                                      "payments[], total_sizes.{orders, …},\n"
                                      "errors[].{service, code, message}.\n";

void describe(po::options_description& flags)
{
    flags.add_options()(
        "limit", po::value<int>()->default_value(10), "how many of each kind at most, 1 to 1000");
}

/// One service's part. The answer's list is its first field in each of the contracts.
template <class Api, class Request, class Response>
auto ask(const Invocation& invocation, const char* service, const std::string& filter,
    grpc::Status (Api::Stub::*method)(grpc::ClientContext*, const Request&, Response*))
{
    Request request;
    request.set_filter(filter);
    request.set_page_size(invocation.value<int>("limit"));
    return std::async(std::launch::async, [&invocation, service, method, request] {
        const auto stub = Api::NewStub(invocation.fleet.channel(service));
        return call(invocation.fleet, service, *stub, method, request);
    });
}

class Answer {
public:
    explicit Answer(const Invocation& invocation)
        : m_invocation(invocation)
    {
    }

    /// `list` gives the answer's items.
    template <class Response, class List>
    void add(
        const char* service, const char* kind, const absl::StatusOr<Response>& found, List list)
    {
        m_json[kind] = Json::array();
        if (!found.ok()) {
            const std::string code = absl::StatusCodeToString(found.status().code());
            const std::string message(found.status().message());
            m_errors.push_back({{"service", service}, {"code", code}, {"message", message}});
            m_invocation.err << fmt::format("shopfleetctl: {}: {}\n", code, message);
            m_code = absl::IsUnavailable(found.status()) || absl::IsDeadlineExceeded(found.status())
                ? kUnreachable
                : kFailed;
            return;
        }
        m_sizes[kind] = found->total_size();
        const auto& items = list(*found);
        for (const auto& item : items)
            m_json[kind].push_back(toJson(item));
        if (m_invocation.json || items.empty())
            return;
        m_invocation.out << fmt::format("{} ({} of {})\n", kind, items.size(), found->total_size());
        writeFound(*found, m_invocation.out);
        m_invocation.out << '\n';
    }

    ExitCode finish()
    {
        if (m_invocation.json) {
            m_json["total_sizes"] = m_sizes;
            m_json["errors"] = m_errors;
            m_invocation.out << toText(m_json) << '\n';
        }
        return m_code;
    }

private:
    const Invocation& m_invocation;
    Json m_json = Json::object();
    Json m_sizes = Json::object();
    Json m_errors = Json::array();
    ExitCode m_code = kDone;
};

ExitCode run(const Invocation& invocation)
{
    const int limit = invocation.value<int>("limit");
    if (limit < 1 || limit > 1000)
        return invocation.refuse("search: --limit is not between 1 and 1000");
    const std::string filter = searchFilter(invocation.value<std::vector<std::string>>("TEXT"));
    if (filter.empty())
        return invocation.refuse("search: TEXT is empty");

    using namespace accounts::v1;
    using namespace deliveries::v1;
    using namespace inventory::v1;
    using namespace payments::v1;
    auto orders = ask<orders::v1::Orders>(
        invocation, "orders", filter, &orders::v1::Orders::Stub::ListOrders);
    auto customers = ask<Accounts>(invocation, "accounts", filter, &Accounts::Stub::ListCustomers);
    auto products = ask<Inventory>(invocation, "inventory", filter, &Inventory::Stub::ListProducts);
    auto shipments
        = ask<Deliveries>(invocation, "deliveries", filter, &Deliveries::Stub::ListShipments);
    auto payments = ask<Payments>(invocation, "payments", filter, &Payments::Stub::ListPayments);

    Answer answer(invocation);
    answer.add(
        "orders", "orders", orders.get(),
        [](const auto& found) -> const auto& { return found.orders(); });
    answer.add(
        "accounts", "customers", customers.get(),
        [](const auto& found) -> const auto& { return found.customers(); });
    answer.add(
        "inventory", "products", products.get(),
        [](const auto& found) -> const auto& { return found.products(); });
    answer.add(
        "deliveries", "shipments", shipments.get(),
        [](const auto& found) -> const auto& { return found.shipments(); });
    answer.add(
        "payments", "payments", payments.get(),
        [](const auto& found) -> const auto& { return found.payments(); });
    return answer.finish();
}

} // namespace

const Command kSearchCommand = {.name = "search",
    .usage = "TEXT",
    .summary = "Searches orders, customers, products, shipments and payments at once",
    .details = kDetails,
    .arguments = {{"TEXT", true}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
