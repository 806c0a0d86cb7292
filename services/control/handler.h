// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/controlplane.h"
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

} // namespace shopfleet::control
