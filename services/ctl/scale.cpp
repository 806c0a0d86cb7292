// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/decimal.h"
#include "services/ctl/fleettext.h"
#include "services/ctl/requestid.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <limits>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kDetails = "Answers as soon as the wish is noted; `shopfleetctl status` "
                                      "shows how it goes. Replicas that go are\n"
                                      "drained first: no request is lost. JSON: service.{name, "
                                      "state, desired_replicas, replicas[]}.\n";

void describe(po::options_description& flags)
{
    flags.add_options()("reason", po::value<std::string>()->default_value(""),
        "kept with the event")("for", po::value<int>(),
        "seconds that the service's policy waits; until it is changed if not given");
}

ExitCode run(const Invocation& invocation)
{
    const auto count = parseWhole(invocation.value<std::string>("N"));
    if (!count.ok() || *count < 0 || *count > std::numeric_limits<int32_t>::max())
        return invocation.refuse("scale: N is not a number of replicas");
    control::v1::ScaleServiceRequest request;
    request.set_request_id(newRequestId());
    request.set_service(invocation.value<std::string>("SERVICE"));
    request.set_replicas(static_cast<int32_t>(*count));
    request.set_reason(invocation.value<std::string>("reason"));
    if (invocation.has("for"))
        request.mutable_override_for()->set_seconds(invocation.value<int>("for"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto service
        = call(invocation.fleet, "control", *stub, &Control::Stub::ScaleService, request);
    if (!service.ok())
        return invocation.fail(service.status());
    writeService(*service, invocation.json, invocation.out);
    return kDone;
}

} // namespace

const Command kScaleCommand = {.name = "scale",
    .usage = "SERVICE N",
    .summary = "Sets how many replicas a service should have",
    .details = kDetails,
    .arguments = {{"SERVICE"}, {"N"}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
