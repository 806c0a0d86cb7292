// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/decimal.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/requestid.h"
#include "services/ctl/rollouttext.h"

#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;
using control::v1::Rollout;

constexpr std::string_view kDetails
    = "VERB is start, show, pause, resume, promote or abort; all but start take a rollout's ID.\n"
      "start takes SERVICE=VERSION, one or several, in that order; SERVICE alone keeps the version "
      "and changes\nflags. Without --step one replica after the other is replaced; with steps the "
      "new version first has\nthat share of the traffic beside the stable one. It is taken back by "
      "itself when a replica ends, when\none is never ready, or when it is worse than the stable "
      "one.\n"
      "Examples: rollout start orders=1.3.0 --step 10:60 --step 50:60 --wait\n"
      "          rollout start cart --set cart.log-level=debug\n"
      "          rollout promote 7 --all\n"
      "JSON: rollout (fields of shopfleet.control.v1.Rollout).\n";
constexpr std::string_view kListDetails
    = "Newest first. A filter: state = ROLLED_BACK AND service : orders; fields service, state, "
      "version, actor;\nbare words search the reason and the outcome. JSON: rollouts[], "
      "total_size.\n";
constexpr std::string_view kBackDetails
    = "Back to what the service ran before, or to VERSION, with the flags it had then; what is "
      "under way is\ncalled off. Nothing holds it up. JSON: rollout.\n";

void describeReason(po::options_description& flags)
{
    flags.add_options()("reason", po::value<std::string>()->default_value(""),
        "kept with the event")("wait", "follows it until it has ended; 1 unless it succeeded");
}

void describe(po::options_description& flags)
{
    describeReason(flags);
    const auto number = [] { return po::value<double>()->default_value(0); };
    flags.add_options()("set", po::value<std::vector<std::string>>(),
        "SERVICE.FLAG=VALUE: a flag of the service's programs; an empty value takes it away; "
        "may be given several times")("step", po::value<std::vector<std::string>>(),
        "PERCENT:SECONDS of a canary; PERCENT:pause waits for promote; may be given several times")(
        "surge", po::value<int>()->default_value(0), "replicas beyond the desired number; 0: 1")(
        "watch", po::value<int>(), "seconds it is watched once it runs alone; 90 if not given")(
        "max-errors", number(), "share of its requests that may fail; 0: 0.02")(
        "max-p95", number(), "times the stable version's p95; 0: 2")(
        "min-checkouts", number(), "share of checkouts that must end well; 0: 0.95")("min-requests",
        po::value<std::int64_t>()->default_value(0),
        "requests that each step needs")("all", "promote: all the steps");
}

/// "10:60" or "10:pause".
bool parseStep(const std::string& text, control::v1::RolloutStep* step)
{
    const auto colon = text.find(':');
    const auto weight = parseWhole(text.substr(0, colon));
    if (!weight.ok() || *weight < 1 || *weight > 100)
        return false;
    step->set_weight(static_cast<std::int32_t>(*weight));
    if (colon == std::string::npos)
        return true;
    if (text.substr(colon + 1) == "pause") {
        step->set_pause(true);
        return true;
    }
    const auto seconds = parseWhole(text.substr(colon + 1));
    if (!seconds.ok() || *seconds < 0)
        return false;
    step->mutable_hold()->set_seconds(*seconds);
    return true;
}

/// "cart.log-level=debug" goes to the target that it names.
bool applySetting(const std::string& text, control::v1::StartRolloutRequest* request)
{
    const auto dot = text.find('.');
    const auto equals = text.find('=', dot == std::string::npos ? 0 : dot);
    if (dot == std::string::npos || equals == std::string::npos)
        return false;
    for (auto& target : *request->mutable_targets()) {
        if (target.service() != text.substr(0, dot))
            continue;
        (*target.mutable_arguments())[text.substr(dot + 1, equals - dot - 1)]
            = text.substr(equals + 1);
        return true;
    }
    return false;
}

ExitCode finish(const Invocation& invocation, const absl::StatusOr<Rollout>& rollout)
{
    if (!rollout.ok())
        return invocation.fail(rollout.status());
    if (invocation.has("wait"))
        return followRollout(invocation, rollout->id());
    writeRollout(*rollout, invocation.json, invocation.out);
    return kDone;
}

ExitCode start(const Invocation& invocation, const std::vector<std::string>& targets)
{
    control::v1::StartRolloutRequest request;
    request.set_request_id(newRequestId());
    for (const auto& text : targets) {
        auto& target = *request.add_targets();
        const auto equals = text.find('=');
        target.set_service(text.substr(0, equals));
        if (equals != std::string::npos)
            target.set_version(text.substr(equals + 1));
    }
    if (invocation.has("set")) {
        for (const auto& text : invocation.value<std::vector<std::string>>("set")) {
            if (!applySetting(text, &request))
                return invocation.refuse("rollout: --set \"" + text
                    + "\" is not SERVICE.FLAG=VALUE of a service that is rolled out");
        }
    }
    if (invocation.has("step")) {
        for (const auto& text : invocation.value<std::vector<std::string>>("step")) {
            if (!parseStep(text, request.add_steps()))
                return invocation.refuse(
                    "rollout: --step \"" + text + "\" is not PERCENT:SECONDS or PERCENT:pause");
        }
    }
    request.set_surge(invocation.value<int>("surge"));
    if (invocation.has("watch"))
        request.mutable_watch_for()->set_seconds(invocation.value<int>("watch"));
    auto& gate = *request.mutable_gate();
    gate.set_max_error_ratio(invocation.value<double>("max-errors"));
    gate.set_max_p95_factor(invocation.value<double>("max-p95"));
    gate.set_min_checkout_success(invocation.value<double>("min-checkouts"));
    gate.set_min_requests(invocation.value<std::int64_t>("min-requests"));
    request.set_reason(invocation.value<std::string>("reason"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    return finish(invocation,
        call(invocation.fleet, "control", *stub, &Control::Stub::StartRollout, request));
}

template <class Request, class Method>
absl::StatusOr<Rollout> ask(const Invocation& invocation, const std::string& id, Method method)
{
    Request request;
    request.set_id(id);
    if constexpr (requires { request.set_request_id(id); })
        request.set_request_id(newRequestId());
    if constexpr (requires { request.set_reason(id); })
        request.set_reason(invocation.value<std::string>("reason"));
    if constexpr (requires { request.set_all(true); })
        request.set_all(invocation.has("all"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    return call(invocation.fleet, "control", *stub, method, request);
}

ExitCode run(const Invocation& invocation)
{
    const auto verb = invocation.value<std::string>("VERB");
    const auto rest = invocation.value<std::vector<std::string>>("WHAT");
    if (verb == "start")
        return start(invocation, rest);
    if (rest.size() != 1)
        return invocation.refuse("rollout: " + verb + " takes one ID");
    const auto& id = rest.front();
    using Stub = Control::Stub;
    if (verb == "show")
        return finish(
            invocation, ask<control::v1::GetRolloutRequest>(invocation, id, &Stub::GetRollout));
    if (verb == "pause")
        return finish(
            invocation, ask<control::v1::PauseRolloutRequest>(invocation, id, &Stub::PauseRollout));
    if (verb == "resume")
        return finish(invocation,
            ask<control::v1::ResumeRolloutRequest>(invocation, id, &Stub::ResumeRollout));
    if (verb == "promote")
        return finish(invocation,
            ask<control::v1::PromoteRolloutRequest>(invocation, id, &Stub::PromoteRollout));
    if (verb == "abort")
        return finish(
            invocation, ask<control::v1::AbortRolloutRequest>(invocation, id, &Stub::AbortRollout));
    return invocation.refuse(
        "rollout: \"" + verb + "\" is none of start, show, pause, resume, promote, abort");
}

void describeList(po::options_description& flags)
{
    flags.add_options()("lines,n", po::value<int>()->default_value(20), "how many, at most 1000");
}

ExitCode runList(const Invocation& invocation)
{
    const int lines = invocation.value<int>("lines");
    if (lines < 1 || lines > 1'000)
        return invocation.refuse("rollouts: --lines is not between 1 and 1000");
    control::v1::ListRolloutsRequest request;
    request.set_page_size(lines);
    if (invocation.has("FILTER"))
        request.set_filter(invocation.value<std::string>("FILTER"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto found
        = call(invocation.fleet, "control", *stub, &Control::Stub::ListRollouts, request);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json)
        invocation.out << toText(toJson(*found)) << '\n';
    else
        writeRollouts(found->rollouts(), invocation.out);
    return kDone;
}

ExitCode runBack(const Invocation& invocation)
{
    control::v1::RollbackServiceRequest request;
    request.set_request_id(newRequestId());
    request.set_service(invocation.value<std::string>("SERVICE"));
    if (invocation.has("VERSION"))
        request.set_version(invocation.value<std::string>("VERSION"));
    request.set_reason(invocation.value<std::string>("reason"));
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    return finish(invocation,
        call(invocation.fleet, "control", *stub, &Control::Stub::RollbackService, request));
}

} // namespace

const Command kRolloutCommand = {.name = "rollout",
    .usage = "VERB WHAT...",
    .summary = "Rolls new versions out, or says how that goes",
    .details = kDetails,
    .arguments = {{"VERB"}, {"WHAT", true}},
    .describe = describe,
    .run = run};

const Command kRolloutsCommand = {.name = "rollouts",
    .usage = "[FILTER] [--lines N]",
    .summary = "Lists what was rolled out, and how it ended",
    .details = kListDetails,
    .arguments = {{"FILTER", false, true}},
    .describe = describeList,
    .run = runList};

const Command kRollbackCommand = {.name = "rollback",
    .usage = "SERVICE [VERSION]",
    .summary = "Brings back the version that a service ran before",
    .details = kBackDetails,
    .arguments = {{"SERVICE"}, {"VERSION", false, true}},
    .describe = describeReason,
    .run = runBack};

} // namespace shopfleet::ctl
