// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/interrupt.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/timetext.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kDetails
    = "The newest lines of a service's replicas, or of all, oldest of them first. JSON: "
      "lines[].{at, service, "
      "replica,\n"
      "level, message, trace_id, order_id, fields, raw}; with --follow one such object per line.\n";

void describe(po::options_description& flags)
{
    flags.add_options()("follow,f", "go on with what is written from now on")(
        "lines,n", po::value<int>()->default_value(200), "how many, at most 10000")("level",
        po::value<std::string>()->default_value(""),
        "this level and above: debug, info, warning, error")("grep",
        po::value<std::string>()->default_value(""),
        "only lines that contain this, whatever the case")(
        "regex", po::value<std::string>()->default_value(""), "only lines in which this is found")(
        "trace", po::value<std::string>()->default_value(""), "only what this trace wrote")(
        "order", po::value<std::string>()->default_value(""), "only what was done for this order")(
        "replica", po::value<std::string>()->default_value(""), "only this replica's");
}

void write(const control::v1::LogLine& line, const Invocation& invocation)
{
    if (invocation.json)
        invocation.out << toText(toJson(line), true) << '\n';
    else if (line.message().empty())
        invocation.out << line.raw() << '\n'; // Not one of our JSON lines: as it was written.
    else
        invocation.out << fmt::format("{} {:<7} {:<14} {}\n",
            formatTime(line.at().seconds(), line.at().nanos() / 1'000'000), line.level(),
            line.replica(), line.message());
}

ExitCode follow(const Invocation& invocation, const control::v1::GetLogsRequest& request)
{
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    grpc::ClientContext context; // No deadline: until somebody interrupts it.
    const InterruptWatch watch([&context] { context.TryCancel(); });
    const auto stream = stub->TailLogs(&context, request);
    control::v1::GetLogsResponse answer;
    while (stream->Read(&answer)) {
        for (const auto& line : answer.lines())
            write(line, invocation);
        invocation.out.flush();
        if (!invocation.out)
            context.TryCancel();
    }
    const grpc::Status status = stream->Finish();
    if (interrupted() || status.ok())
        return kDone;
    return invocation.fail(fromWire("control", status));
}

ExitCode run(const Invocation& invocation)
{
    const int lines = invocation.value<int>("lines");
    if (lines < 1 || lines > 10'000)
        return invocation.refuse("logs: --lines is not between 1 and 10000");
    control::v1::GetLogsRequest request;
    if (invocation.has("SERVICE"))
        request.set_service(invocation.value<std::string>("SERVICE"));
    request.set_limit(lines);
    request.set_min_level(invocation.value<std::string>("level"));
    request.set_text(invocation.value<std::string>("grep"));
    request.set_regex(invocation.value<std::string>("regex"));
    request.set_trace_id(invocation.value<std::string>("trace"));
    request.set_order_id(invocation.value<std::string>("order"));
    request.set_replica(invocation.value<std::string>("replica"));
    if (invocation.has("follow"))
        return follow(invocation, request);

    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto answer = call(invocation.fleet, "control", *stub, &Control::Stub::GetLogs, request);
    if (!answer.ok())
        return invocation.fail(answer.status());
    if (invocation.json) {
        invocation.out << toText(toJson(*answer)) << '\n';
        return kDone;
    }
    for (const auto& line : answer->lines())
        write(line, invocation);
    return kDone;
}

} // namespace

const Command kLogsCommand = {.name = "logs",
    .usage = "[SERVICE] [--follow] [--lines N]",
    .summary = "Shows what services wrote",
    .details = kDetails,
    .arguments = {{"SERVICE", false, true}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
