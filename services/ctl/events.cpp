// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/interrupt.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/table.h"
#include "services/ctl/timetext.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kDetails
    = "The newest last. A filter: service = cart AND severity = FAILURE; fields service, replica, "
      "kind, severity,\nactor; bare words search the reason and the facts. With --follow it goes "
      "on with what happens, of all\nservices or of --service. JSON: one event a line (fields of "
      "shopfleet.control.v1.Event).\n";

void describe(po::options_description& flags)
{
    flags.add_options()("lines,n", po::value<int>()->default_value(20), "how many, at most 1000")(
        "follow,f", "goes on with what happens from now on")(
        "service", po::value<std::string>()->default_value(""), "of --follow: this one alone");
}

void write(const control::v1::Event& event, const Invocation& invocation)
{
    if (invocation.json) {
        invocation.out << toJson(event).dump() << '\n';
        return;
    }
    std::string facts;
    for (const auto& [name, value] : event.facts())
        facts += fmt::format(" {}={}", name, value);
    invocation.out << fmt::format("{}  {:<26} {:<14}{}{}{}\n",
        formatTime(event.at().seconds(), event.at().nanos() / 1'000'000), event.kind(),
        event.replica().empty() ? event.service() : event.replica(), event.reason(),
        facts.empty() ? "" : fmt::format(" ({})", facts.substr(1)),
        event.actor().id() == "control" ? "" : "  by " + event.actor().id());
}

ExitCode follow(const Invocation& invocation, Control::Stub& stub)
{
    grpc::ClientContext context; // No deadline: until somebody interrupts it.
    const InterruptWatch watch([&context] { context.TryCancel(); });
    control::v1::WatchEventsRequest request;
    request.set_service(invocation.value<std::string>("service"));
    const auto stream = stub.WatchEvents(&context, request);
    control::v1::WatchEventsResponse response;
    while (stream->Read(&response)) {
        for (const auto& event : response.events())
            write(event, invocation);
        invocation.out.flush();
    }
    const grpc::Status status = stream->Finish();
    if (interrupted() || status.ok())
        return kDone;
    return invocation.fail(fromWire("control", status));
}

ExitCode run(const Invocation& invocation)
{
    const int lines = invocation.value<int>("lines");
    if (lines < 0 || lines > 1'000)
        return invocation.refuse("events: --lines is not between 0 and 1000");
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    if (lines > 0) {
        control::v1::ListEventsRequest request;
        request.set_page_size(lines);
        if (invocation.has("FILTER"))
            request.set_filter(invocation.value<std::string>("FILTER"));
        const auto found
            = call(invocation.fleet, "control", *stub, &Control::Stub::ListEvents, request);
        if (!found.ok())
            return invocation.fail(found.status());
        for (auto event = found->events().rbegin(); event != found->events().rend(); ++event)
            write(*event, invocation);
    }
    return invocation.has("follow") ? follow(invocation, *stub) : kDone;
}

} // namespace

const Command kEventsCommand = {.name = "events",
    .usage = "[FILTER] [--follow]",
    .summary = "Shows what happened to the fleet, and who did it",
    .details = kDetails,
    .arguments = {{"FILTER", false, true}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
