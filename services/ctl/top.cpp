// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/call.h"
#include "services/ctl/command.h"
#include "services/ctl/fleettext.h"
#include "services/ctl/interrupt.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/table.h"
#include "services/ctl/timetext.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fmt/format.h>
#include <map>
#include <ostream>
#include <unistd.h>
#include <vector>

namespace shopfleet::ctl {
namespace {

namespace po = boost::program_options;
using control::v1::Control;

constexpr std::string_view kDetails
    = "Each second anew, until it is interrupted or --times are over; the busiest first. Of one "
      "service: each of its methods\nin the last minute, and for those that lead others through a "
      "saga (orders), its steps: how many\nare done, and how long it takes from when one comes to "
      "it until it goes on, tries and pauses\nincluded.\n\nJSON: one object a second, at and "
      "services[].{name, state, healthy, desired, figures}; of one service at and\n"
      "methods[].{method, requests_per_second, error_ratio, p50_ms, p95_ms, p99_ms}, null where it "
      "is not known.\n";

constexpr std::string_view kClear = "\033[H\033[J"; // Home, and all below it is empty.

constexpr int kMethodSeconds = 60;
constexpr std::array kMethodMetrics{
    "requests_per_second", "error_ratio", "p50_ms", "p95_ms", "p99_ms"};
/// By method, in the order of kMethodMetrics; NaN where it is not known.
using Methods = std::map<std::string, std::array<double, kMethodMetrics.size()>>;

void describe(po::options_description& flags)
{
    flags.add_options()("times,n", po::value<int>()->default_value(0),
        "so many seconds; 0: until it is interrupted");
}

int healthy(const control::v1::Service& service)
{
    return static_cast<int>(
        std::ranges::count_if(service.replicas(), [](const control::v1::Replica& replica) {
            return replica.state() == control::v1::STATE_HEALTHY;
        }));
}

/// What is not known stays empty: it is not 0.
void writeTable(std::vector<const control::v1::Service*> services, std::ostream& out)
{
    std::ranges::stable_sort(services, std::ranges::greater(),
        [](const control::v1::Service* service) { return service->figures().cpu_share(); });
    Table table({"SERVICE", "STATE", ">REPLICAS", ">REQ/S", ">FAILED", ">P50 MS", ">P95 MS",
        ">P99 MS", ">CPU", ">MEMORY", ">CALLS", ">QUEUE"});
    for (const auto* service : services) {
        const auto& figures = service->figures();
        const bool known = service->has_figures();
        const auto asked = [&](const char* format, double value) {
            return figures.has_requests() ? fmt::format(fmt::runtime(format), value)
                                          : std::string();
        };
        const auto always
            = [&](std::string text) { return known ? std::move(text) : std::string(); };
        table.add({service->name(), stateText(service->state()),
            fmt::format("{}/{}", healthy(*service), service->desired_replicas()),
            always(fmt::format("{:.1f}", figures.requests_per_second())),
            asked("{:.1f} %", figures.error_ratio() * 100), asked("{:.1f}", figures.p50_ms()),
            asked("{:.1f}", figures.p95_ms()), asked("{:.1f}", figures.p99_ms()),
            always(fmt::format("{:.0f} %", figures.cpu_share() * 100)),
            always(fmt::format("{} MiB", figures.resident_bytes() >> 20)),
            always(fmt::format("{}", figures.in_flight())),
            always(fmt::format("{}", figures.queue_depth()))});
    }
    table.write(out);
}

void write(const std::vector<control::v1::Service>& services, const google::protobuf::Timestamp& at,
    const Invocation& invocation)
{
    if (invocation.json) {
        Json json = {{"at", at.seconds()}, {"services", Json::array()}};
        for (const auto& service : services)
            json["services"].push_back({{"name", service.name()},
                {"state", stateText(service.state())}, {"healthy", healthy(service)},
                {"desired", service.desired_replicas()}, {"figures", toJson(service.figures())}});
        invocation.out << toText(json, true) << '\n';
    } else {
        if (isatty(STDOUT_FILENO) == 1)
            invocation.out << kClear;
        std::vector<const control::v1::Service*> all;
        all.reserve(services.size());
        for (const auto& service : services)
            all.push_back(&service);
        invocation.out << formatTime(at.seconds(), 0) << '\n';
        writeTable(std::move(all), invocation.out);
    }
    invocation.out.flush();
}

absl::StatusOr<Methods> methodsOf(
    const Invocation& invocation, Control::Stub& stub, const std::string& service)
{
    control::v1::GetMetricsRequest request;
    request.set_service(service);
    request.set_method("*");
    for (const char* metric : kMethodMetrics)
        request.add_metrics(metric);
    request.set_step_seconds(kMethodSeconds);
    const auto now = std::time(nullptr);
    request.mutable_from()->set_seconds(now - kMethodSeconds);
    request.mutable_to()->set_seconds(now);
    const auto answer
        = call(invocation.fleet, "control", stub, &Control::Stub::GetMetrics, request);
    if (!answer.ok())
        return answer.status();
    Methods methods;
    for (const auto& series : answer->series()) {
        const auto* const at = std::ranges::find(kMethodMetrics, series.metric());
        if (at == kMethodMetrics.end() || series.values().empty())
            continue;
        methods[series.method()].at(static_cast<std::size_t>(at - kMethodMetrics.begin()))
            = series.values(series.values_size() - 1);
    }
    return methods;
}

void write(
    const Methods& methods, const google::protobuf::Timestamp& at, const Invocation& invocation)
{
    if (invocation.json) {
        Json json = {{"at", at.seconds()}, {"methods", Json::array()}};
        for (const auto& [method, figures] : methods) {
            Json one = {{"method", method}};
            for (std::size_t i = 0; i < figures.size(); ++i)
                one[kMethodMetrics.at(i)]
                    = std::isnan(figures.at(i)) ? Json() : Json(figures.at(i));
            json["methods"].push_back(std::move(one));
        }
        invocation.out << toText(json, true) << '\n';
    } else {
        if (isatty(STDOUT_FILENO) == 1)
            invocation.out << kClear;
        Table table({"METHOD", ">REQ/S", ">FAILED", ">P50 MS", ">P95 MS", ">P99 MS"});
        for (const auto& [method, figures] : methods) {
            std::vector<std::string> row{method};
            for (std::size_t i = 0; i < figures.size(); ++i) {
                const bool isShare = i == 1;
                row.push_back(std::isnan(figures.at(i)) ? std::string()
                        : isShare ? fmt::format("{:.1f} %", figures.at(i) * 100)
                                  : fmt::format("{:.1f}", figures.at(i)));
            }
            table.add(std::move(row));
        }
        invocation.out << formatTime(at.seconds(), 0) << '\n';
        table.write(invocation.out);
    }
    invocation.out.flush();
}

ExitCode run(const Invocation& invocation)
{
    const auto wanted
        = invocation.has("SERVICE") ? invocation.value<std::string>("SERVICE") : std::string();
    const int times = invocation.value<int>("times");
    if (times < 0)
        return invocation.refuse("top: --times is negative");
    const auto stub = Control::NewStub(invocation.fleet.channel("control"));
    grpc::ClientContext context; // No deadline: until somebody interrupts it.
    const InterruptWatch watch([&context] { context.TryCancel(); });
    const auto stream = stub->WatchFleet(&context, {});
    control::v1::WatchFleetResponse response;
    std::vector<control::v1::Service> services;
    std::int64_t second = 0;
    int shown = 0;
    while (stream->Read(&response)) {
        if (response.has_fleet())
            services.assign(response.fleet().services().begin(), response.fleet().services().end());
        for (const auto& service : response.services()) {
            const auto known
                = std::ranges::find(services, service.name(), &control::v1::Service::name);
            if (known != services.end())
                *known = service;
        }
        if (response.at().seconds() == second)
            continue; // Something changed in between: it is in the next.
        second = response.at().seconds();
        if (wanted.empty()) {
            write(services, response.at(), invocation);
        } else if (std::ranges::find(services, wanted, &control::v1::Service::name)
            == services.end()) {
            context.TryCancel();
            return invocation.fail(absl::NotFoundError("there is no service \"" + wanted + '"'));
        } else if (const auto methods = methodsOf(invocation, *stub, wanted); methods.ok()) {
            write(*methods, response.at(), invocation);
        } else {
            context.TryCancel();
            return invocation.fail(methods.status());
        }
        if (++shown == times || !invocation.out) {
            context.TryCancel();
            break;
        }
    }
    const grpc::Status status = stream->Finish();
    if (interrupted() || status.ok() || (times > 0 && shown == times) || !invocation.out)
        return kDone;
    return invocation.fail(fromWire("control", status));
}

} // namespace

const Command kTopCommand = {.name = "top",
    .usage = "[SERVICE] [--times N]",
    .summary = "Shows each service's load, second by second; or each method's of one",
    .details = kDetails,
    .arguments = {{"SERVICE", false, true}},
    .describe = describe,
    .run = run};

} // namespace shopfleet::ctl
