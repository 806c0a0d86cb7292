// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/controlclient.h"

#include "app/api/call.h"
#include "app/api/channels.h"
#include "app/api/subscription.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <grpcpp/channel.h>

namespace api {
namespace {

using namespace shopfleet::control::v1;
using Stub = shopfleet::control::v1::Control::Stub;
using Async = shopfleet::control::v1::Control::StubInterface::async_interface;

class GrpcControlClient final : public ControlClient {
public:
    explicit GrpcControlClient(const Channels& channels)
        : m_stub(shopfleet::control::v1::Control::NewStub(channels.control()))
    {
    }

    Reply<Fleet> getFleet(GetFleetRequest request) override
    {
        return call(async(), &Async::GetFleet, std::move(request));
    }
    Reply<Service> scaleService(ScaleServiceRequest request) override
    {
        return call(async(), &Async::ScaleService, std::move(request));
    }
    Reply<Service> restartService(RestartServiceRequest request) override
    {
        return call(async(), &Async::RestartService, std::move(request));
    }
    Reply<Service> restartReplica(RestartReplicaRequest request) override
    {
        return call(async(), &Async::RestartReplica, std::move(request));
    }
    Reply<Service> drainReplica(DrainReplicaRequest request) override
    {
        return call(async(), &Async::DrainReplica, std::move(request));
    }
    Reply<Service> updateScalingPolicy(UpdateScalingPolicyRequest request) override
    {
        return call(async(), &Async::UpdateScalingPolicy, std::move(request));
    }
    Reply<GetMetricsResponse> getMetrics(GetMetricsRequest request) override
    {
        return call(async(), &Async::GetMetrics, std::move(request));
    }
    Reply<ListEventsResponse> listEvents(ListEventsRequest request) override
    {
        return call(async(), &Async::ListEvents, std::move(request));
    }
    Reply<GetLogsResponse> getLogs(GetLogsRequest request) override
    {
        return call(async(), &Async::GetLogs, std::move(request));
    }
    Reply<ListIncidentsResponse> listIncidents(ListIncidentsRequest request) override
    {
        return call(async(), &Async::ListIncidents, std::move(request));
    }
    Reply<Incident> getIncident(GetIncidentRequest request) override
    {
        return call(async(), &Async::GetIncident, std::move(request));
    }
    Reply<Alert> acknowledgeAlert(AcknowledgeAlertRequest request) override
    {
        return call(async(), &Async::AcknowledgeAlert, std::move(request));
    }
    Reply<ListReleasesResponse> listReleases(ListReleasesRequest request) override
    {
        return call(async(), &Async::ListReleases, std::move(request));
    }
    Reply<ListRolloutsResponse> listRollouts(ListRolloutsRequest request) override
    {
        return call(async(), &Async::ListRollouts, std::move(request));
    }
    Reply<Rollout> getRollout(GetRolloutRequest request) override
    {
        return call(async(), &Async::GetRollout, std::move(request));
    }
    Reply<Rollout> startRollout(StartRolloutRequest request) override
    {
        return call(async(), &Async::StartRollout, std::move(request));
    }
    Reply<Rollout> pauseRollout(PauseRolloutRequest request) override
    {
        return call(async(), &Async::PauseRollout, std::move(request));
    }
    Reply<Rollout> resumeRollout(ResumeRolloutRequest request) override
    {
        return call(async(), &Async::ResumeRollout, std::move(request));
    }
    Reply<Rollout> promoteRollout(PromoteRolloutRequest request) override
    {
        return call(async(), &Async::PromoteRollout, std::move(request));
    }
    Reply<Rollout> abortRollout(AbortRolloutRequest request) override
    {
        return call(async(), &Async::AbortRollout, std::move(request));
    }
    Reply<Rollout> rollBackService(RollbackServiceRequest request) override
    {
        return call(async(), &Async::RollbackService, std::move(request));
    }

    std::unique_ptr<Feed> watchFleet(std::function<void(const WatchFleetResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchFleetRequest, WatchFleetResponse>>(
            async(), &Async::WatchFleet, WatchFleetRequest(), std::move(use), nullptr);
    }
    std::unique_ptr<Feed> watchEvents(std::function<void(const WatchEventsResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchEventsRequest, WatchEventsResponse>>(
            async(), &Async::WatchEvents, WatchEventsRequest(), std::move(use), nullptr);
    }
    std::unique_ptr<Feed> tailLogs(GetLogsRequest request, std::function<void()> begins,
        std::function<void(const GetLogsResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, GetLogsRequest, GetLogsResponse>>(async(),
            &Async::TailLogs, std::move(request), std::move(use), nullptr, std::move(begins));
    }
    std::unique_ptr<Feed> watchRollouts(
        std::function<void(const WatchRolloutsResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchRolloutsRequest, WatchRolloutsResponse>>(
            async(), &Async::WatchRollouts, WatchRolloutsRequest(), std::move(use), nullptr);
    }

private:
    Async* async() { return m_stub->async(); }

    std::unique_ptr<Stub> m_stub;
};

} // namespace

std::unique_ptr<ControlClient> makeControlClient(const Channels& channels)
{
    return std::make_unique<GrpcControlClient>(channels);
}

} // namespace api
