// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
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

constexpr std::string_view kListDetails
    = "The newest first: when services were not as they usually are, and who was likeliest to be "
      "the cause. A\nfilter: state = open; service = payments. JSON: incidents[] (fields of "
      "shopfleet.control.v1.Incident), total_size.\n";
constexpr std::string_view kOneDetails
    = "Without an ID the newest one: its likely causes with what speaks for each, the alerts\n"
      "and the events of its time, and the orders that wait. JSON: incident.\n";
constexpr std::string_view kTopologyDetails
    = "Learnt from the traces of the last five minutes, or of --minutes. Those are a sample with\n"
      "all that failed or was slow: the numbers say how things relate, not how many there were.\n"
      "JSON: services[], edges[].\n";

std::string lengthText(const control::v1::Incident& incident)
{
    return incident.has_ended_at()
        ? fmt::format("{} s", incident.ended_at().seconds() - incident.since().seconds())
        : "open";
}

void describeList(po::options_description& flags)
{
    flags.add_options()("lines,n", po::value<int>()->default_value(20), "how many, at most 1000");
}

void describeNothing(po::options_description&) { }

absl::StatusOr<control::v1::ListIncidentsResponse> find(
    const Invocation& invocation, Control::Stub& stub, const std::string& filter, int lines)
{
    control::v1::ListIncidentsRequest request;
    request.set_page_size(lines);
    request.set_filter(filter);
    return call(invocation.fleet, "control", stub, &Control::Stub::ListIncidents, request);
}

ExitCode list(const Invocation& invocation)
{
    const int lines = invocation.value<int>("lines");
    if (lines < 1 || lines > 1'000)
        return invocation.refuse("incidents: --lines is not between 1 and 1000");
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto found = find(invocation, *stub,
        invocation.has("FILTER") ? invocation.value<std::string>("FILTER") : std::string(), lines);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json) {
        invocation.out << toText(toJson(*found)) << '\n';
        return kDone;
    }
    Table table({"INCIDENT", "SINCE", ">FOR", "LIKELIEST CAUSE", ">SCORE", "WHY"});
    for (const auto& incident : found->incidents()) {
        const bool known = !incident.suspects().empty();
        table.add({incident.id(), formatTime(incident.since().seconds()), lengthText(incident),
            known ? incident.suspects(0).service() : "not known",
            known ? fmt::format("{:.2f}", incident.suspects(0).score()) : "", incident.title()});
    }
    if (table.empty())
        invocation.out << "no incident\n";
    else
        table.write(invocation.out);
    return kDone;
}

void write(const control::v1::Incident& incident, std::ostream& out)
{
    out << fmt::format("{}  {}  {}  {}\n", incident.id(), formatTime(incident.since().seconds()),
        lengthText(incident), incident.title());
    if (incident.has_waiting_at())
        out << fmt::format("{} orders wait, {}\n", incident.waiting_orders(),
            moneyText(incident.waiting_money().currency(), incident.waiting_money().minor()));
    else
        out << "how many orders wait is not known\n";
    out << (incident.has_traces_at() ? "\nlikely causes\n"
                                     : "\nlikely causes (without traces: nobody keeps them now)\n");
    for (const auto& suspect : incident.suspects()) {
        out << fmt::format("  {:.2f}  {:<14} {}\n", suspect.score(),
            suspect.replica().empty() ? suspect.service() : suspect.replica(), suspect.version());
        for (const auto& evidence : suspect.evidence())
            out << "        " << evidence << '\n';
    }
    if (!incident.alerts().empty())
        out << "\nalerts\n";
    for (const auto& alert : incident.alerts())
        out << fmt::format("  {}  {:<14} {}\n", alert.id(), alert.service(), alert.title());
    if (!incident.events().empty())
        out << "\nevents\n";
    for (const auto& event : incident.events())
        out << fmt::format("  {}  {:<22} {:<14} {}\n",
            formatTime(event.at().seconds(), event.at().nanos() / 1'000'000), event.kind(),
            event.replica().empty() ? event.service() : event.replica(), event.reason());
}

ExitCode show(const Invocation& invocation)
{
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    control::v1::GetIncidentRequest request;
    if (invocation.has("ID")) {
        request.set_id(invocation.value<std::string>("ID"));
    } else {
        const auto newest = find(invocation, *stub, {}, 1);
        if (!newest.ok())
            return invocation.fail(newest.status());
        if (newest->incidents().empty()) {
            invocation.out << (invocation.json ? "{}\n" : "no incident\n");
            return kDone;
        }
        request.set_id(newest->incidents(0).id());
    }
    const auto incident
        = call(invocation.fleet, "control", *stub, &Control::Stub::GetIncident, request);
    if (!incident.ok())
        return invocation.fail(incident.status());
    if (invocation.json)
        invocation.out << toText(Json{{"incident", toJson(*incident)}}) << '\n';
    else
        write(*incident, invocation.out);
    return kDone;
}

void describeTopology(po::options_description& flags)
{
    flags.add_options()(
        "minutes", po::value<int>()->default_value(5), "how far back, at most 1440");
}

ExitCode topology(const Invocation& invocation)
{
    const int minutes = invocation.value<int>("minutes");
    if (minutes < 1 || minutes > 1'440)
        return invocation.refuse("topology: --minutes is not between 1 and 1440");
    control::v1::GetTopologyRequest request;
    request.mutable_from()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch() - std::chrono::minutes(minutes))
                                            .count());
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    const auto found
        = call(invocation.fleet, "control", *stub, &Control::Stub::GetTopology, request);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json) {
        invocation.out << toText(toJson(*found)) << '\n';
        return kDone;
    }
    Table table({"CALLER", "CALLED", ">TRACED", ">FAILED", ">MEAN MS"});
    for (const auto& edge : found->edges())
        table.add({edge.from(), edge.to(), std::to_string(edge.calls()),
            std::to_string(edge.failed()), fmt::format("{:.1f}", edge.mean_ms())});
    table.write(invocation.out);
    return kDone;
}

} // namespace

const Command kIncidentsCommand = {.name = "incidents",
    .usage = "[FILTER]",
    .summary = "Shows when something was wrong, and the likeliest cause",
    .details = kListDetails,
    .arguments = {{"FILTER", false, true}},
    .describe = describeList,
    .run = list};

const Command kIncidentCommand = {.name = "incident",
    .usage = "[ID]",
    .summary = "Shows one incident: likely causes, evidence, alerts, events",
    .details = kOneDetails,
    .arguments = {{"ID", false, true}},
    .describe = describeNothing,
    .run = show};

const Command kTopologyCommand = {.name = "topology",
    .usage = "[--minutes N]",
    .summary = "Shows who calls whom",
    .details = kTopologyDetails,
    .arguments = {},
    .describe = describeTopology,
    .run = topology};

} // namespace shopfleet::ctl
