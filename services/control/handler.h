// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/controlplane.h"
#include "services/runtime/status.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

namespace shopfleet::control {

/// The control API: check, ask the control plane on its loop, reply. What is not overridden here
/// answers UNIMPLEMENTED.
class Handler final : public v1::Control::CallbackService {
public:
    explicit Handler(ControlPlane& plane);

    using Context = grpc::CallbackServerContext;
    using Reply = grpc::ServerUnaryReactor;

    Reply* GetFleet(
        Context* context, const v1::GetFleetRequest* request, v1::Fleet* response) override;
    Reply* ListServices(Context* context, const v1::ListServicesRequest* request,
        v1::ListServicesResponse* response) override;
    Reply* GetService(
        Context* context, const v1::GetServiceRequest* request, v1::Service* response) override;
    Reply* ScaleService(
        Context* context, const v1::ScaleServiceRequest* request, v1::Service* response) override;
    Reply* UpdateScalingPolicy(Context* context, const v1::UpdateScalingPolicyRequest* request,
        v1::Service* response) override;
    Reply* RestartService(
        Context* context, const v1::RestartServiceRequest* request, v1::Service* response) override;
    Reply* RestartReplica(
        Context* context, const v1::RestartReplicaRequest* request, v1::Service* response) override;
    Reply* DrainReplica(
        Context* context, const v1::DrainReplicaRequest* request, v1::Service* response) override;
    Reply* GetMetrics(Context* context, const v1::GetMetricsRequest* request,
        v1::GetMetricsResponse* response) override;
    Reply* GetLogs(Context* context, const v1::GetLogsRequest* request,
        v1::GetLogsResponse* response) override;
    Reply* ListReleases(Context* context, const v1::ListReleasesRequest* request,
        v1::ListReleasesResponse* response) override;
    Reply* AddRelease(
        Context* context, const v1::AddReleaseRequest* request, v1::Release* response) override;
    Reply* ListRollouts(Context* context, const v1::ListRolloutsRequest* request,
        v1::ListRolloutsResponse* response) override;
    Reply* GetRollout(
        Context* context, const v1::GetRolloutRequest* request, v1::Rollout* response) override;
    Reply* StartRollout(
        Context* context, const v1::StartRolloutRequest* request, v1::Rollout* response) override;
    Reply* PauseRollout(
        Context* context, const v1::PauseRolloutRequest* request, v1::Rollout* response) override;
    Reply* ResumeRollout(
        Context* context, const v1::ResumeRolloutRequest* request, v1::Rollout* response) override;
    Reply* PromoteRollout(
        Context* context, const v1::PromoteRolloutRequest* request, v1::Rollout* response) override;
    Reply* AbortRollout(
        Context* context, const v1::AbortRolloutRequest* request, v1::Rollout* response) override;
    Reply* RollbackService(Context* context, const v1::RollbackServiceRequest* request,
        v1::Rollout* response) override;
    Reply* GetTopology(
        Context* context, const v1::GetTopologyRequest* request, v1::Topology* response) override;
    Reply* ListAlertRules(Context* context, const v1::ListAlertRulesRequest* request,
        v1::ListAlertRulesResponse* response) override;
    Reply* SaveAlertRule(Context* context, const v1::SaveAlertRuleRequest* request,
        v1::AlertRule* response) override;
    Reply* DeleteAlertRule(Context* context, const v1::DeleteAlertRuleRequest* request,
        v1::DeleteAlertRuleResponse* response) override;
    Reply* ListAlerts(Context* context, const v1::ListAlertsRequest* request,
        v1::ListAlertsResponse* response) override;
    Reply* AcknowledgeAlert(
        Context* context, const v1::AcknowledgeAlertRequest* request, v1::Alert* response) override;
    Reply* MuteAlert(
        Context* context, const v1::MuteAlertRequest* request, v1::Alert* response) override;
    Reply* ListIncidents(Context* context, const v1::ListIncidentsRequest* request,
        v1::ListIncidentsResponse* response) override;
    Reply* GetIncident(
        Context* context, const v1::GetIncidentRequest* request, v1::Incident* response) override;
    Reply* ListEvents(Context* context, const v1::ListEventsRequest* request,
        v1::ListEventsResponse* response) override;

    grpc::ServerWriteReactor<v1::WatchFleetResponse>* WatchFleet(
        Context*, const v1::WatchFleetRequest* request) override;
    grpc::ServerWriteReactor<v1::WatchEventsResponse>* WatchEvents(
        Context*, const v1::WatchEventsRequest* request) override;
    grpc::ServerWriteReactor<v1::GetLogsResponse>* TailLogs(
        Context*, const v1::GetLogsRequest* request) override;
    grpc::ServerWriteReactor<v1::WatchRolloutsResponse>* WatchRollouts(
        Context*, const v1::WatchRolloutsRequest* request) override;

private:
    Reply* onLoop(Context* context, std::function<absl::Status()> answer);
    template <typename Request, typename Response, typename Act>
    Reply* once(Context* context, const Request* request, Response* response, Act act);
    template <typename Request, typename Act>
    Reply* change(Context* context, const Request* request, v1::Service* response, Act act);

    ControlPlane& m_plane;
};

// A request_id that was answered before gets that answer again; a new one acts, and its answer is
// kept.
template <typename Request, typename Response, typename Act>
Handler::Reply* Handler::once(Context* context, const Request* request, Response* response, Act act)
{
    return onLoop(context, [this, request, response, act]() -> absl::Status {
        auto& answers = m_plane.answers();
        const auto before = answers.find(request->request_id(), *request);
        if (!before.ok())
            return before.status();
        if (*before)
            return response->ParseFromString(**before)
                ? absl::OkStatus()
                : absl::DataLossError("the kept answer cannot be read");
        Fleet::Cause cause{"staff:local", {}};
        if constexpr (requires { request->reason(); })
            cause.reason = request->reason();
        auto answer = act(cause);
        if (!answer.ok())
            return answer.status();
        *response = *std::move(answer);
        return answers.keep(request->request_id(), *request, response->SerializeAsString());
    });
}

template <typename Request, typename Act>
Handler::Reply* Handler::change(
    Context* context, const Request* request, v1::Service* response, Act act)
{
    return once(context, request, response,
        [this, request, act](const Fleet::Cause& cause) -> absl::StatusOr<v1::Service> {
            if (auto status = act(cause); !status.ok())
                return status;
            return *m_plane.fleet().service(request->service());
        });
}

} // namespace shopfleet::control
