// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/table.h"
#include "services/ctl/timetext.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <ostream>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using traces::v1::Traces;

constexpr std::string_view kListDetails
    = "Newest first. A filter is written as in the desktop: service = payments AND error = true,\n"
      "duration_ms > 500, order_id = 536365, method = CapturePayment, attributes.KEY = VALUE, or "
      "words to\nsearch for. JSON: traces[] (fields of shopfleet.traces.v1.Trace), total_size.\n";
constexpr std::string_view kOneDetails
    = "ID is a trace's, or an order's: of that the newest trace that failed, or else the newest.\n"
      "A star says what was waited for, \"!\" what failed. JSON: trace (with its spans).\n";
constexpr int kBarWidth = 32;
constexpr std::size_t kIdDigits = 32;

double milliseconds(const google::protobuf::Duration& duration)
{
    return static_cast<double>(duration.seconds()) * 1e3 + duration.nanos() / 1e6;
}

std::string lengthText(double ms)
{
    return ms < 10 ? fmt::format("{:.2f} ms", ms)
        : ms < 1e4 ? fmt::format("{:.0f} ms", ms)
                   : fmt::format("{:.1f} s", ms / 1e3);
}

std::string timeText(const google::protobuf::Timestamp& at)
{
    return formatTime(at.seconds(), at.nanos() / 1'000'000);
}

absl::StatusOr<traces::v1::SearchTracesResponse> search(
    const Invocation& invocation, const std::string& filter, int lines)
{
    traces::v1::SearchTracesRequest request;
    request.set_filter(filter);
    request.set_page_size(lines);
    const auto stub = Traces::NewStub(invocation.fleet.channel("traces"));
    return call(invocation.fleet, "traces", *stub, &Traces::Stub::SearchTraces, request);
}

void describeList(po::options_description& flags)
{
    flags.add_options()("lines,n", po::value<int>()->default_value(20), "how many, at most 1000");
}

ExitCode runList(const Invocation& invocation)
{
    const int lines = invocation.value<int>("lines");
    if (lines < 1 || lines > 1'000)
        return invocation.refuse("traces: --lines is not between 1 and 1000");
    const auto found = search(
        invocation, invocation.has("FILTER") ? invocation.value<std::string>("FILTER") : "", lines);
    if (!found.ok())
        return invocation.fail(found.status());
    if (invocation.json) {
        invocation.out << toText(toJson(*found)) << '\n';
        return kDone;
    }
    Table table({"STARTED", "TRACE", "BEGAN WITH", "ORDER", ">SPANS", ">FAILED", ">DURATION"});
    for (const auto& trace : found->traces())
        table.add({timeText(trace.started_at()), trace.id(), shortened(trace.root(), 40),
            trace.order_id().empty() ? "-" : trace.order_id(), std::to_string(trace.span_count()),
            std::to_string(trace.error_count()), lengthText(milliseconds(trace.duration()))});
    table.write(invocation.out);
    return kDone;
}

/// "   ####  ": where in the whole it lies.
std::string barOf(const traces::v1::Trace& trace, const traces::v1::Span& span)
{
    const double whole = std::max(milliseconds(trace.duration()), 1e-3);
    const double from
        = static_cast<double>(span.start().seconds() - trace.started_at().seconds()) * 1e3
        + (span.start().nanos() - trace.started_at().nanos()) / 1e6;
    const int left = std::clamp(static_cast<int>(from / whole * kBarWidth), 0, kBarWidth - 1);
    const int length = std::clamp(
        static_cast<int>(std::lround(milliseconds(span.duration()) / whole * kBarWidth)), 1,
        kBarWidth - left);
    return std::string(static_cast<std::size_t>(left), ' ')
        + std::string(static_cast<std::size_t>(length), span.waited_for().empty() ? '-' : '*');
}

void write(const traces::v1::Trace& trace, std::ostream& out)
{
    out << fmt::format("trace {}\n{}, {}, {} spans, {} failed{}\n\n", trace.id(),
        timeText(trace.started_at()), lengthText(milliseconds(trace.duration())),
        trace.span_count(), trace.error_count(),
        trace.order_id().empty() ? "" : ", order " + trace.order_id());
    Table table({"OPERATION", "REPLICA", ">DURATION", "WHEN", "STATUS"});
    std::map<std::string, std::size_t> depths;
    for (const auto& span : trace.spans()) {
        const auto parent = depths.find(span.parent_span_id());
        const std::size_t depth = parent == depths.end() ? 0 : parent->second + 1;
        depths[span.span_id()] = depth;
        const std::string mark = span.kind() == "client" ? "> " : "";
        table.add(
            {shortened(
                 std::string(2 * std::min<std::size_t>(depth, 12), ' ') + mark + span.name(), 44),
                span.replica().empty() ? span.service() : span.replica(),
                lengthText(milliseconds(span.duration())), barOf(trace, span),
                (span.error() ? "! " : "") + shortened(span.status(), 60)});
    }
    table.write(out);
}

void describeOne(po::options_description&) { }

ExitCode runOne(const Invocation& invocation)
{
    auto id = invocation.value<std::string>("ID");
    const bool isTrace
        = id.size() == kIdDigits && id.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!isTrace) {
        const std::string ofOrder = "order_id = \"" + id + "\"";
        auto found = search(invocation, ofOrder + " AND error = true", 1);
        if (found.ok() && found->traces().empty())
            found = search(invocation, ofOrder, 1);
        if (!found.ok())
            return invocation.fail(found.status());
        if (found->traces().empty())
            return invocation.fail(absl::NotFoundError("no trace is kept of order " + id));
        id = found->traces(0).id();
    }
    traces::v1::GetTraceRequest request;
    request.set_id(id);
    const auto stub = Traces::NewStub(invocation.fleet.channel("traces"));
    const auto trace = call(invocation.fleet, "traces", *stub, &Traces::Stub::GetTrace, request);
    if (!trace.ok())
        return invocation.fail(trace.status());
    if (invocation.json)
        invocation.out << toText(Json{{"trace", toJson(*trace)}}) << '\n';
    else
        write(*trace, invocation.out);
    return kDone;
}

} // namespace

const Command kTracesCommand = {.name = "traces",
    .usage = "[FILTER] [--lines N]",
    .summary = "Lists what the services did, request by request",
    .details = kListDetails,
    .arguments = {{.option = "FILTER", .mayBeMissing = true}},
    .describe = describeList,
    .run = runList};

const Command kTraceCommand = {.name = "trace",
    .usage = "ID",
    .summary = "Shows one request span by span, by its trace's id or its order's",
    .details = kOneDetails,
    .arguments = {{"ID"}},
    .describe = describeOne,
    .run = runOne};

} // namespace shopfleet::ctl
