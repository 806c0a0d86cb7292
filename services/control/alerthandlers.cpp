// SPDX-License-Identifier: GPL-3.0-or-later
// What the control API says of alerts, incidents and who calls whom.
#include "services/control/handler.h"
#include "services/control/listing.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

namespace shopfleet::control {

namespace {

v1::Topology topologyOf(const traces::v1::CallGraph& graph)
{
    v1::Topology topology;
    for (const auto& node : graph.nodes())
        topology.add_services(node.service());
    for (const auto& edge : graph.edges()) {
        auto& added = *topology.add_edges();
        added.set_from(edge.from());
        added.set_to(edge.to());
        added.set_calls(edge.calls());
        added.set_failed(edge.failed());
        const auto us = google::protobuf::util::TimeUtil::DurationToMicroseconds(edge.duration());
        added.set_mean_ms(static_cast<double>(us / std::max<std::int64_t>(1, edge.calls())) / 1e3);
    }
    *topology.mutable_from() = graph.from();
    *topology.mutable_to() = graph.to();
    return topology;
}

} // namespace

// Traces knows it; whoever asks here need not know where that is.
Handler::Reply* Handler::GetTopology(
    Context* context, const v1::GetTopologyRequest* request, v1::Topology* response)
{
    auto* reply = context->DefaultReactor();
    traces::v1::GetCallGraphRequest asked;
    if (request->has_from())
        *asked.mutable_from() = request->from();
    if (request->has_to())
        *asked.mutable_to() = request->to();
    m_plane.loop().post([this, reply, response, asked] {
        m_plane.inquirer().callGraph(asked, [reply, response](const auto& graph) {
            if (graph.ok())
                *response = topologyOf(*graph);
            reply->Finish(runtime::toWire(graph.status()));
        });
    });
    return reply;
}

Handler::Reply* Handler::ListAlertRules(Context* context, const v1::ListAlertRulesRequest* request,
    v1::ListAlertRulesResponse* response)
{
    return onLoop(context, [this, request, response] {
        return listAlertRules(*request, m_plane.alerts().rules(), response);
    });
}

Handler::Reply* Handler::SaveAlertRule(
    Context* context, const v1::SaveAlertRuleRequest* request, v1::AlertRule* response)
{
    return once(context, request, response,
        [this, request](const Fleet::Cause& cause) -> absl::StatusOr<v1::AlertRule> {
            const auto& service = request->rule().service();
            if (!service.empty() && !m_plane.fleet().service(service))
                return runtime::invalidField("rule.service", "there is no such service");
            return m_plane.alerts().save(request->rule(), cause.actor);
        });
}

Handler::Reply* Handler::DeleteAlertRule(Context* context,
    const v1::DeleteAlertRuleRequest* request, v1::DeleteAlertRuleResponse* response)
{
    return once(context, request, response,
        [this, request](const Fleet::Cause& cause) -> absl::StatusOr<v1::DeleteAlertRuleResponse> {
            if (auto status = m_plane.alerts().remove(request->id(), request->etag(), cause.actor);
                !status.ok())
                return status;
            return v1::DeleteAlertRuleResponse();
        });
}

Handler::Reply* Handler::ListAlerts(
    Context* context, const v1::ListAlertsRequest* request, v1::ListAlertsResponse* response)
{
    return onLoop(context, [this, request, response] {
        return listAlerts(*request, m_plane.alerts().all(), response);
    });
}

Handler::Reply* Handler::AcknowledgeAlert(
    Context* context, const v1::AcknowledgeAlertRequest* request, v1::Alert* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.alerts().acknowledge(request->id(), request->note(), cause.actor);
    });
}

Handler::Reply* Handler::MuteAlert(
    Context* context, const v1::MuteAlertRequest* request, v1::Alert* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.alerts().mute(request->id(), request->mute_for(), cause.actor);
    });
}

Handler::Reply* Handler::ListIncidents(
    Context* context, const v1::ListIncidentsRequest* request, v1::ListIncidentsResponse* response)
{
    return onLoop(context, [this, request, response] {
        return listIncidents(*request, m_plane.incidents().all(), response);
    });
}

Handler::Reply* Handler::GetIncident(
    Context* context, const v1::GetIncidentRequest* request, v1::Incident* response)
{
    return onLoop(context, [this, request, response]() -> absl::Status {
        const auto* incident = m_plane.incidents().find(request->id());
        if (incident == nullptr)
            return runtime::notFound("incident", request->id());
        *response = m_plane.withDetails(*incident);
        return absl::OkStatus();
    });
}

} // namespace shopfleet::control
