// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/ordertext.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"

#include <ostream>

namespace shopfleet::ctl {
namespace {

using orders::v1::Orders;

void describe(boost::program_options::options_description&) { }

ExitCode run(const Invocation& invocation)
{
    orders::v1::GetOrderRequest request;
    request.set_id(invocation.value<std::string>("ID"));
    const auto stub = Orders::NewStub(invocation.fleet.channel("orders"));
    const auto order = call(invocation.fleet, "orders", *stub, &Orders::Stub::GetOrder, request);
    if (!order.ok())
        return invocation.fail(order.status());
    if (invocation.json)
        invocation.out << toText(Json{{"order", toJson(*order)}}) << '\n';
    else
        writeOrder(*order, invocation.out);
    return kDone;
}

} // namespace

const Command kOrderCommand = {.name = "order",
    .usage = "ID",
    .summary = "Shows one order: its lines, sums and history",
    .details = "JSON: order (fields of shopfleet.orders.v1.Order).\n",
    .arguments = {{"ID"}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
