// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/requestid.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kDetails
    = "Targets are per replica; the number that any of them asks for is taken, within --min and "
      "--max. A need has to\nlast for its window. What is not given stays as it is; without any "
      "option it says how things are. A number\nset by `scale` holds until the policy is changed, "
      "or for as long as `scale --for` says.\n"
      "Examples: autoscale cart --rps 200 --max 6; autoscale cart --off\n"
      "JSON: service, policy (fields of shopfleet.control.v1.ScalingPolicy), min_replicas, "
      "max_replicas, desired_replicas, override_until.\n";

void describe(po::options_description& flags)
{
    flags.add_options()(
        "rps", po::value<double>(), "requests per second that a replica is to take")(
        "p95", po::value<double>(), "milliseconds within which 95 % are to be answered")(
        "cpu", po::value<double>(), "share of a CPU that a replica is to use: 0.7")(
        "min", po::value<int>(), "replicas at least")("max", po::value<int>(), "replicas at most")(
        "up", po::value<int>(), "seconds that a need for more has to last; 15 at first")(
        "down", po::value<int>(), "seconds that a need for less has to last; 120 at first")("step",
        po::value<int>(), "replicas per decision; 0: no limit")("off", "the number stays as it is")(
        "reason", po::value<std::string>()->default_value(""), "kept with the event");
}

control::v1::UpdateScalingPolicyRequest requestOf(const Invocation& invocation)
{
    control::v1::UpdateScalingPolicyRequest request;
    auto& policy = *request.mutable_policy();
    const auto change = [&](const char* option, const char* path, auto set) {
        if (!invocation.has(option))
            return;
        request.mutable_update_mask()->add_paths(path);
        set();
    };
    change("rps", "policy.requests_per_second",
        [&] { policy.set_requests_per_second(invocation.value<double>("rps")); });
    change("p95", "policy.p95_ms", [&] { policy.set_p95_ms(invocation.value<double>("p95")); });
    change(
        "cpu", "policy.cpu_share", [&] { policy.set_cpu_share(invocation.value<double>("cpu")); });
    change("up", "policy.up_window",
        [&] { policy.mutable_up_window()->set_seconds(invocation.value<int>("up")); });
    change("down", "policy.down_window",
        [&] { policy.mutable_down_window()->set_seconds(invocation.value<int>("down")); });
    change("step", "policy.max_step", [&] { policy.set_max_step(invocation.value<int>("step")); });
    change("min", "min_replicas", [&] { request.set_min_replicas(invocation.value<int>("min")); });
    change("max", "max_replicas", [&] { request.set_max_replicas(invocation.value<int>("max")); });
    if (invocation.has("off"))
        request.mutable_update_mask()->add_paths("policy.enabled");
    else if (request.update_mask().paths_size() > 0) {
        request.mutable_update_mask()->add_paths("policy.enabled");
        policy.set_enabled(true);
    }
    return request;
}

void write(const control::v1::Service& service, const Invocation& invocation)
{
    if (invocation.json) {
        Json json = {{"service", service.name()}, {"policy", toJson(service.policy())},
            {"min_replicas", service.min_replicas()}, {"max_replicas", service.max_replicas()},
            {"desired_replicas", service.desired_replicas()}};
        if (service.has_override_until())
            json["override_until"] = service.override_until().seconds();
        invocation.out << toText(json) << '\n';
        return;
    }
    const auto& policy = service.policy();
    invocation.out << fmt::format("{}: {} replicas, from {} to {}, {}\n", service.name(),
        service.desired_replicas(), service.min_replicas(), service.max_replicas(),
        !policy.enabled()                  ? "by hand"
            : service.has_override_until() ? "by hand for now, then by policy"
                                           : "by policy");
    if (!policy.enabled())
        return;
    if (policy.requests_per_second() > 0)
        invocation.out << fmt::format(
            "  {:g} requests/s a replica\n", policy.requests_per_second());
    if (policy.p95_ms() > 0)
        invocation.out << fmt::format("  95 % within {:g} ms\n", policy.p95_ms());
    if (policy.cpu_share() > 0)
        invocation.out << fmt::format("  {:.0f}% of a CPU a replica\n", policy.cpu_share() * 100);
    invocation.out << fmt::format("  up after {} s, down after {} s{}\n",
        policy.up_window().seconds(), policy.down_window().seconds(),
        policy.max_step() > 0 ? fmt::format(", at most {} at once", policy.max_step()) : "");
    if (!policy.last_decision().empty())
        invocation.out << "  " << policy.last_decision() << '\n';
}

ExitCode run(const Invocation& invocation)
{
    const auto name = invocation.value<std::string>("SERVICE");
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    auto request = requestOf(invocation);
    absl::StatusOr<control::v1::Service> service;
    if (request.update_mask().paths().empty()) {
        control::v1::GetServiceRequest get;
        get.set_name(name);
        service = call(invocation.fleet, "control", *stub, &Control::Stub::GetService, get);
    } else {
        request.set_request_id(newRequestId());
        request.set_service(name);
        request.set_reason(invocation.value<std::string>("reason"));
        service = call(
            invocation.fleet, "control", *stub, &Control::Stub::UpdateScalingPolicy, request);
    }
    if (!service.ok())
        return invocation.fail(service.status());
    write(*service, invocation);
    return kDone;
}

} // namespace

const Command kAutoscaleCommand = {.name = "autoscale",
    .usage = "SERVICE [--rps N] [--max N]",
    .summary = "Lets a service be scaled by its load",
    .details = kDetails,
    .arguments = {{"SERVICE"}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
