// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/handler.h"

#include "services/control/listing.h"
#include "services/control/logfiles.h"
#include "services/control/metricanswers.h"
#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace shopfleet::control {

namespace {

constexpr int kLinesByDefault = 200;
constexpr int kLinesAtMost = 10'000;

absl::StatusOr<std::chrono::milliseconds> deadlineOf(
    bool given, const google::protobuf::Duration& duration, const char* field)
{
    if (!given)
        return std::chrono::milliseconds(10'000);
    if (duration.seconds() < 0 || duration.nanos() < 0 || duration.seconds() > 600)
        return runtime::invalidField(field, "must be from 0 to 600 s");
    return std::chrono::milliseconds(duration.seconds() * 1'000 + duration.nanos() / 1'000'000);
}

} // namespace

Handler::Handler(ControlPlane& plane)
    : m_plane(plane)
{
}

Handler::Reply* Handler::onLoop(Context* context, std::function<absl::Status()> answer)
{
    auto* reply = context->DefaultReactor();
    m_plane.loop().post(
        [reply, answer = std::move(answer)] { reply->Finish(runtime::toWire(answer())); });
    return reply;
}

Handler::Reply* Handler::GetFleet(Context* context, const v1::GetFleetRequest*, v1::Fleet* response)
{
    return onLoop(context, [this, response] {
        *response = m_plane.view();
        return absl::OkStatus();
    });
}

Handler::Reply* Handler::ListServices(
    Context* context, const v1::ListServicesRequest* request, v1::ListServicesResponse* response)
{
    return onLoop(context,
        [this, request, response] { return listServices(*request, m_plane.view(), response); });
}

Handler::Reply* Handler::GetService(
    Context* context, const v1::GetServiceRequest* request, v1::Service* response)
{
    return onLoop(context, [this, request, response]() -> absl::Status {
        auto service = m_plane.view(request->name());
        if (!service)
            return runtime::notFound("service", request->name());
        *response = *std::move(service);
        return absl::OkStatus();
    });
}

Handler::Reply* Handler::ScaleService(
    Context* context, const v1::ScaleServiceRequest* request, v1::Service* response)
{
    return change(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.autoscaler().scale(*request, cause);
    });
}

Handler::Reply* Handler::UpdateScalingPolicy(
    Context* context, const v1::UpdateScalingPolicyRequest* request, v1::Service* response)
{
    return change(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.autoscaler().update(*request, cause);
    });
}

Handler::Reply* Handler::RestartService(
    Context* context, const v1::RestartServiceRequest* request, v1::Service* response)
{
    return change(context, request, response, [this, request](const Fleet::Cause& cause) {
        const auto deadline = deadlineOf(
            request->has_drain_deadline(), request->drain_deadline(), "drain_deadline");
        return deadline.ok() ? m_plane.fleet().restart(request->service(), "", *deadline, cause)
                             : deadline.status();
    });
}

Handler::Reply* Handler::RestartReplica(
    Context* context, const v1::RestartReplicaRequest* request, v1::Service* response)
{
    return change(
        context, request, response, [this, request](const Fleet::Cause& cause) -> absl::Status {
            const auto deadline = deadlineOf(
                request->has_drain_deadline(), request->drain_deadline(), "drain_deadline");
            if (request->replica().empty())
                return runtime::invalidField("replica", "is missing");
            return deadline.ok()
                ? m_plane.fleet().restart(request->service(), request->replica(), *deadline, cause)
                : deadline.status();
        });
}

Handler::Reply* Handler::DrainReplica(
    Context* context, const v1::DrainReplicaRequest* request, v1::Service* response)
{
    return change(context, request, response, [this, request](const Fleet::Cause& cause) {
        const auto deadline = deadlineOf(request->has_deadline(), request->deadline(), "deadline");
        return deadline.ok()
            ? m_plane.fleet().drain(request->service(), request->replica(), *deadline, cause)
            : deadline.status();
    });
}

// What is older than an hour is on the disk, and is read on this call's own thread.
Handler::Reply* Handler::GetMetrics(
    Context* context, const v1::GetMetricsRequest* request, v1::GetMetricsResponse* response)
{
    if (const auto now = momentNow().seconds(); isOfThePast(*request, now)) {
        auto past = pastMetrics(m_plane.archive(), *request, now);
        if (past.ok())
            *response = *std::move(past);
        auto* reply = context->DefaultReactor();
        reply->Finish(runtime::toWire(past.status()));
        return reply;
    }
    return onLoop(context, [this, request, response]() -> absl::Status {
        auto metrics = m_plane.telemetry().metrics(*request);
        if (!metrics.ok())
            return metrics.status();
        *response = *std::move(metrics);
        return absl::OkStatus();
    });
}

// Files are read on this call's own thread: a search through large ones must not hold the loop up.
Handler::Reply* Handler::GetLogs(
    Context* context, const v1::GetLogsRequest* request, v1::GetLogsResponse* response)
{
    auto* reply = context->DefaultReactor();
    const auto filter = LogFilter::of(*request);
    if (!filter.ok() || request->limit() < 0 || request->limit() > kLinesAtMost) {
        reply->Finish(runtime::toWire(filter.ok()
                ? runtime::invalidField("limit", absl::StrCat("must be from 0 to ", kLinesAtMost))
                : filter.status()));
        return reply;
    }
    const auto limit
        = static_cast<std::size_t>(request->limit() == 0 ? kLinesByDefault : request->limit());
    std::vector<v1::LogLine> lines;
    for (auto& tail : m_plane.logs(request->service(), request->replica())) {
        auto read = tail.readLast(*filter, limit);
        std::ranges::move(read, std::back_inserter(lines));
    }
    mergeByTime(&lines, limit);
    for (auto& line : lines)
        *response->add_lines() = std::move(line);
    reply->Finish(grpc::Status::OK);
    return reply;
}

Handler::Reply* Handler::ListReleases(
    Context* context, const v1::ListReleasesRequest* request, v1::ListReleasesResponse* response)
{
    return onLoop(context, [this, request, response]() -> absl::Status {
        auto releases = m_plane.releasesInUse();
        if (!request->service().empty()) {
            const auto service = m_plane.fleet().service(request->service());
            if (!service)
                return runtime::notFound("service", request->service());
            std::erase_if(releases, [&](const v1::Release& release) {
                return std::ranges::find(release.programs(), service->program())
                    == release.programs().end();
            });
        }
        return listReleases(*request, releases, response);
    });
}

// The directory is copied on this call's own thread: the loop has to go on meanwhile.
Handler::Reply* Handler::AddRelease(
    Context* context, const v1::AddReleaseRequest* request, v1::Release* response)
{
    auto release = m_plane.releases().look(request->release());
    auto copied = release.ok() ? m_plane.releases().copy(*release)
                               : absl::StatusOr<Releases::Copy>(release.status());
    if (!copied.ok()) {
        auto* reply = context->DefaultReactor();
        reply->Finish(runtime::toWire(copied.status()));
        return reply;
    }
    return once(context, request, response,
        [this, release = *release, copy = std::make_shared<Releases::Copy>(*std::move(copied))](
            const Fleet::Cause&) { return m_plane.releases().add(release, *copy); });
}

Handler::Reply* Handler::ListRollouts(
    Context* context, const v1::ListRolloutsRequest* request, v1::ListRolloutsResponse* response)
{
    return onLoop(context, [this, request, response] {
        std::vector<const v1::Rollout*> rollouts;
        for (const auto& entry : m_plane.rollouts().all())
            rollouts.push_back(&entry.rollout);
        return listRollouts(*request, rollouts, response);
    });
}

Handler::Reply* Handler::GetRollout(
    Context* context, const v1::GetRolloutRequest* request, v1::Rollout* response)
{
    return onLoop(context, [this, request, response]() -> absl::Status {
        const auto* rollout = m_plane.rollouts().find(request->id());
        if (rollout == nullptr)
            return runtime::notFound("rollout", request->id());
        *response = m_plane.withEvents(*rollout);
        return absl::OkStatus();
    });
}

Handler::Reply* Handler::StartRollout(
    Context* context, const v1::StartRolloutRequest* request, v1::Rollout* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.rollouts().start(*request, cause);
    });
}

Handler::Reply* Handler::PauseRollout(
    Context* context, const v1::PauseRolloutRequest* request, v1::Rollout* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.rollouts().pause(request->id(), cause);
    });
}

Handler::Reply* Handler::ResumeRollout(
    Context* context, const v1::ResumeRolloutRequest* request, v1::Rollout* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.rollouts().resume(request->id(), cause);
    });
}

Handler::Reply* Handler::PromoteRollout(
    Context* context, const v1::PromoteRolloutRequest* request, v1::Rollout* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.rollouts().promote(request->id(), request->all(), cause);
    });
}

Handler::Reply* Handler::AbortRollout(
    Context* context, const v1::AbortRolloutRequest* request, v1::Rollout* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.rollouts().abort(request->id(), cause);
    });
}

Handler::Reply* Handler::RollbackService(
    Context* context, const v1::RollbackServiceRequest* request, v1::Rollout* response)
{
    return once(context, request, response, [this, request](const Fleet::Cause& cause) {
        return m_plane.rollouts().rollBack(*request, cause);
    });
}

Handler::Reply* Handler::ListEvents(
    Context* context, const v1::ListEventsRequest* request, v1::ListEventsResponse* response)
{
    return onLoop(context,
        [this, request, response] { return listEvents(*request, m_plane.events(), response); });
}

grpc::ServerWriteReactor<v1::WatchFleetResponse>* Handler::WatchFleet(
    Context*, const v1::WatchFleetRequest* request)
{
    return m_plane.watchFleet(*request);
}

grpc::ServerWriteReactor<v1::WatchEventsResponse>* Handler::WatchEvents(
    Context*, const v1::WatchEventsRequest* request)
{
    return m_plane.watchEvents(*request);
}

grpc::ServerWriteReactor<v1::GetLogsResponse>* Handler::TailLogs(
    Context*, const v1::GetLogsRequest* request)
{
    return m_plane.tailLogs(*request);
}

grpc::ServerWriteReactor<v1::WatchRolloutsResponse>* Handler::WatchRollouts(
    Context*, const v1::WatchRolloutsRequest* request)
{
    return m_plane.watchRollouts(*request);
}

} // namespace shopfleet::control
