// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/fleettext.h"

#include "services/ctl/table.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

Json replicaJson(const control::v1::Replica& replica)
{
    Json json = {{"id", replica.id()}, {"pid", replica.pid()}, {"port", replica.port()},
        {"address", replica.address()}, {"metrics", replica.metrics_address()},
        {"state", stateText(replica.state())}, {"reason", replica.reason()},
        {"version", replica.version()}, {"writer", replica.is_writer()},
        {"adopted", replica.adopted()}, {"restarts", replica.restarts()},
        {"last_exit", replica.last_exit()}};
    if (!replica.http_address().empty())
        json["http"] = replica.http_address();
    return json;
}

std::string rateText(const control::v1::Figures& figures)
{
    return figures.has_requests() ? fmt::format("{:.1f}", figures.requests_per_second()) : "";
}

std::string latencyText(const control::v1::Figures& figures)
{
    return figures.has_requests() ? fmt::format("{:.1f}", figures.p95_ms()) : "";
}

std::string memoryText(const control::v1::Figures& figures)
{
    return figures.resident_bytes() > 0 ? fmt::format("{} MiB", figures.resident_bytes() >> 20)
                                        : "";
}

} // namespace

std::string stateText(control::v1::State state)
{
    return enumText(control::v1::State_Name(state), "STATE_");
}

Json serviceJson(const control::v1::Service& service)
{
    Json json = {{"name", service.name()}, {"state", stateText(service.state())},
        {"reason", service.reason()}, {"desired_replicas", service.desired_replicas()},
        {"min_replicas", service.min_replicas()}, {"max_replicas", service.max_replicas()},
        {"version", service.version()}, {"replicas", Json::array()}};
    for (const auto& replica : service.replicas())
        json["replicas"].push_back(replicaJson(replica));
    return json;
}

void writeServices(
    const google::protobuf::RepeatedPtrField<control::v1::Service>& services, std::ostream& out)
{
    Table table({"SERVICE", "STATE", ">PID", ">PORT", "METRICS", "VERSION", ">REQ/S", ">P95 MS",
        ">MEMORY", "NOTE"});
    for (const auto& service : services) {
        const auto& figures = service.figures();
        table.add({service.name(), stateText(service.state()), "", "", "", service.version(),
            rateText(figures), latencyText(figures), memoryText(figures), service.reason()});
        for (const auto& replica : service.replicas()) {
            const auto& own = replica.figures();
            std::string note = replica.reason();
            if (replica.is_writer())
                note.insert(0, note.empty() ? "writer" : "writer; ");
            table.add({"  " + replica.id(), stateText(replica.state()),
                replica.pid() > 0 ? std::to_string(replica.pid()) : "",
                replica.port() > 0 ? std::to_string(replica.port()) : "", replica.metrics_address(),
                replica.version(), rateText(own), latencyText(own), memoryText(own), note});
        }
    }
    table.write(out);
}

void writeService(const control::v1::Service& service, bool json, std::ostream& out)
{
    if (json) {
        out << toText(Json{{"service", serviceJson(service)}}) << '\n';
        return;
    }
    google::protobuf::RepeatedPtrField<control::v1::Service> one;
    *one.Add() = service;
    writeServices(one, out);
}

} // namespace shopfleet::ctl
