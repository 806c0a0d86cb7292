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
    = "The replica gets no new calls, finishes those it has, at most until the deadline, and ends; "
      "another one\ntakes its place. JSON: service.{name, state, desired_replicas, replicas[]}.\n"
      "Example: drain orders/orders-2 --deadline 30\n";

void describe(po::options_description& flags)
{
    flags.add_options()("deadline", po::value<int>()->default_value(10),
        "seconds for what it has begun, at most 600")(
        "reason", po::value<std::string>()->default_value(""), "kept with the event");
}

ExitCode run(const Invocation& invocation)
{
    const auto what = invocation.value<std::string>("SERVICE/REPLICA");
    const size_t slash = what.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == what.size())
        return invocation.refuse("drain: \"" + what + "\" is not SERVICE/REPLICA");
    control::v1::DrainReplicaRequest request;
    request.set_request_id(newRequestId());
    request.set_service(what.substr(0, slash));
    request.set_replica(what.substr(slash + 1));
    request.set_reason(invocation.value<std::string>("reason"));
    request.mutable_deadline()->set_seconds(invocation.value<int>("deadline"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto answer
        = call(invocation.fleet, "control", *stub, &Control::Stub::DrainReplica, request);
    if (!answer.ok())
        return invocation.fail(answer.status());
    writeService(*answer, invocation.json, invocation.out);
    return kDone;
}

} // namespace

const Command kDrainCommand = {.name = "drain",
    .usage = "SERVICE/REPLICA",
    .summary = "Takes one replica out once its calls are done; another takes its place",
    .details = kDetails,
    .arguments = {{"SERVICE/REPLICA"}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
