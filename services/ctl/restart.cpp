// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/fleettext.h"
#include "services/ctl/requestid.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kDetails
    = "A whole service restarts one replica after the other, each drained first and replaced "
      "before the\n"
      "next goes. JSON: service.{name, state, desired_replicas, replicas[]}.\n"
      "Examples: restart orders; restart orders/orders-2\n";

void describe(po::options_description& flags)
{
    flags.add_options()(
        "reason", po::value<std::string>()->default_value(""), "kept with the event");
}

absl::StatusOr<control::v1::Service> restart(
    const Invocation& invocation, const std::string& service, const std::string& replica)
{
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto ask = [&](auto request, auto method) {
        request.set_request_id(newRequestId());
        request.set_service(service);
        request.set_reason(invocation.value<std::string>("reason"));
        if constexpr (requires { request.set_replica(replica); })
            request.set_replica(replica);
        return call(invocation.fleet, "control", *stub, method, request);
    };
    if (replica.empty())
        return ask(control::v1::RestartServiceRequest(), &Control::Stub::RestartService);
    return ask(control::v1::RestartReplicaRequest(), &Control::Stub::RestartReplica);
}

ExitCode run(const Invocation& invocation)
{
    const auto what = invocation.value<std::string>("SERVICE[/REPLICA]");
    const size_t slash = what.find('/');
    const std::string service = what.substr(0, slash);
    const std::string replica = slash == std::string::npos ? "" : what.substr(slash + 1);
    if (service.empty() || (slash != std::string::npos && replica.empty()))
        return invocation.refuse("restart: \"" + what + "\" is not SERVICE or SERVICE/REPLICA");
    const auto answer = restart(invocation, service, replica);
    if (!answer.ok())
        return invocation.fail(answer.status());
    writeService(*answer, invocation.json, invocation.out);
    return kDone;
}

} // namespace

const Command kRestartCommand = {.name = "restart",
    .usage = "SERVICE[/REPLICA]",
    .summary = "Restarts a service without losing a request, or one replica of it",
    .details = kDetails,
    .arguments = {{"SERVICE[/REPLICA]"}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
