// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/feed.h"
#include "app/api/reply.h"
#include "shopfleet/control/v1/control.pb.h"

#include <functional>
#include <memory>

namespace api {

class Channels;

/// The control plane as the app sees it.
class ControlClient {
public:
    virtual ~ControlClient() = default;

    virtual Reply<shopfleet::control::v1::Fleet> getFleet(
        shopfleet::control::v1::GetFleetRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Service> scaleService(
        shopfleet::control::v1::ScaleServiceRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Service> restartService(
        shopfleet::control::v1::RestartServiceRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Service> restartReplica(
        shopfleet::control::v1::RestartReplicaRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Service> drainReplica(
        shopfleet::control::v1::DrainReplicaRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Service> updateScalingPolicy(
        shopfleet::control::v1::UpdateScalingPolicyRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::GetMetricsResponse> getMetrics(
        shopfleet::control::v1::GetMetricsRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::ListEventsResponse> listEvents(
        shopfleet::control::v1::ListEventsRequest request)
        = 0;

    virtual Reply<shopfleet::control::v1::GetLogsResponse> getLogs(
        shopfleet::control::v1::GetLogsRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::ListIncidentsResponse> listIncidents(
        shopfleet::control::v1::ListIncidentsRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Incident> getIncident(
        shopfleet::control::v1::GetIncidentRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Alert> acknowledgeAlert(
        shopfleet::control::v1::AcknowledgeAlertRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::ListReleasesResponse> listReleases(
        shopfleet::control::v1::ListReleasesRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::ListRolloutsResponse> listRollouts(
        shopfleet::control::v1::ListRolloutsRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> getRollout(
        shopfleet::control::v1::GetRolloutRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> startRollout(
        shopfleet::control::v1::StartRolloutRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> pauseRollout(
        shopfleet::control::v1::PauseRolloutRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> resumeRollout(
        shopfleet::control::v1::ResumeRolloutRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> promoteRollout(
        shopfleet::control::v1::PromoteRolloutRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> abortRollout(
        shopfleet::control::v1::AbortRolloutRequest request)
        = 0;
    virtual Reply<shopfleet::control::v1::Rollout> rollBackService(
        shopfleet::control::v1::RollbackServiceRequest request)
        = 0;

    /// Messages arrive on the UI thread for as long as the feed lives; the first one soon.
    virtual std::unique_ptr<Feed> watchFleet(
        std::function<void(const shopfleet::control::v1::WatchFleetResponse&)> use)
        = 0;
    /// What happens from now on, in order; after a lost link what was missed, too.
    virtual std::unique_ptr<Feed> watchEvents(
        std::function<void(const shopfleet::control::v1::WatchEventsResponse&)> use)
        = 0;
    /// The newest lines that match, then each that is written. After a lost link it begins anew:
    /// `begins` is called before the first message of each attempt.
    virtual std::unique_ptr<Feed> tailLogs(shopfleet::control::v1::GetLogsRequest request,
        std::function<void()> begins,
        std::function<void(const shopfleet::control::v1::GetLogsResponse&)> use)
        = 0;
    /// The newest rollouts, and then each that changes.
    virtual std::unique_ptr<Feed> watchRollouts(
        std::function<void(const shopfleet::control::v1::WatchRolloutsResponse&)> use)
        = 0;
};

std::unique_ptr<ControlClient> makeControlClient(const Channels& channels);

} // namespace api
