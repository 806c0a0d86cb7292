// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/requestid.h"
#include "services/ctl/table.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using payments::v1::Payments;

constexpr std::string_view kDetails
    = "Payments lays the provider's statement beside its own books, both ways; what was open is "
      "settled first.\nOne line a difference; the exit code is 1 when there is one. It changes "
      "nothing else.\n"
      "JSON: compared, differences[].{payment_id, provider_reference, what, ours, theirs, key}.\n";

void describe(po::options_description&) { }

std::string money(const common::v1::Money& amount)
{
    return amount.currency().empty() ? "-" : moneyText(amount.currency(), amount.minor());
}

ExitCode run(const Invocation& invocation)
{
    payments::v1::ReconcileRequest request;
    request.set_request_id(newRequestId());
    const auto stub = Payments::NewStub(invocation.fleet.channel("payments"));
    const auto found
        = call(invocation.fleet, "payments", *stub, &Payments::Stub::Reconcile, request);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json) {
        invocation.out << toText(toJson(*found)) << '\n';
    } else {
        Table table({"PAYMENT", "WHAT", ">OURS", ">THEIRS", "KEY"});
        for (const auto& difference : found->differences())
            table.add({difference.payment_id(), difference.what(), money(difference.ours()),
                money(difference.theirs()), difference.key()});
        if (!table.empty())
            table.write(invocation.out);
        invocation.out << found->compared() << " requests compared, " << found->differences_size()
                       << " differences\n";
    }
    return found->differences().empty() ? kDone : kFailed;
}

} // namespace

const Command kReconcileCommand = {.name = "reconcile",
    .usage = "",
    .summary = "Compares the payment provider's statement with our books",
    .details = kDetails,
    .arguments = {},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
