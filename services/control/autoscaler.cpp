// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/autoscaler.h"

#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <spdlog/spdlog.h>

namespace shopfleet::control {

using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::TimeUtil;

namespace {

constexpr int kMostReplicas = 64; // As in the fleet file.
constexpr std::int64_t kLongest = 86'400; // Seconds.
constexpr std::int64_t kUntilPolicyChanges = 253'402'300'799; // The end of the year 9999.

std::int64_t steadySeconds()
{
    return std::chrono::duration_cast<std::chrono::seconds>(
        EventLoop::Clock::now().time_since_epoch())
        .count();
}

absl::Status check(const v1::UpdateScalingPolicyRequest& wanted)
{
    const auto& policy = wanted.policy();
    const auto bad = [](double value, double most) { return !(value >= 0 && value <= most); };
    if (bad(policy.requests_per_second(), 1e6))
        return runtime::invalidField("policy.requests_per_second", "must be from 0 to 1000000");
    if (bad(policy.p95_ms(), 60'000))
        return runtime::invalidField("policy.p95_ms", "must be from 0 to 60000");
    if (bad(policy.cpu_share(), 64))
        return runtime::invalidField("policy.cpu_share", "must be from 0 to 64 CPUs");
    if (policy.enabled() && policy.requests_per_second() == 0 && policy.p95_ms() == 0
        && policy.cpu_share() == 0)
        return runtime::invalidField("policy",
            "has no target: requests_per_second, p95_ms or cpu_share has to be more than 0");
    const auto isWindow = [](const google::protobuf::Duration& window) {
        return window.seconds() >= 0 && window.nanos() >= 0 && window.seconds() <= kLongest;
    };
    if (!isWindow(policy.up_window()))
        return runtime::invalidField("policy.up_window", "must be from 0 s to one day");
    if (!isWindow(policy.down_window()))
        return runtime::invalidField("policy.down_window", "must be from 0 s to one day");
    if (policy.max_step() < 0 || policy.max_step() > kMostReplicas)
        return runtime::invalidField(
            "policy.max_step", absl::StrCat("must be from 0 to ", kMostReplicas));
    if (wanted.max_replicas() < 1 || wanted.max_replicas() > kMostReplicas)
        return runtime::invalidField(
            "max_replicas", absl::StrCat("must be from 1 to ", kMostReplicas));
    if (wanted.min_replicas() < 0 || wanted.min_replicas() > wanted.max_replicas())
        return runtime::invalidField("min_replicas",
            absl::StrCat("must be from 0 to max_replicas, which is ", wanted.max_replicas()));
    return absl::OkStatus();
}

/// The present state with what the request changes.
absl::StatusOr<v1::UpdateScalingPolicyRequest> merged(
    const v1::UpdateScalingPolicyRequest& request, const v1::Service& service)
{
    v1::UpdateScalingPolicyRequest result;
    *result.mutable_policy() = service.policy();
    result.set_min_replicas(service.min_replicas());
    result.set_max_replicas(service.max_replicas());
    auto mask = request.update_mask();
    if (mask.paths().empty()) {
        mask.add_paths("policy");
        if (request.min_replicas() != 0)
            mask.add_paths("min_replicas");
        if (request.max_replicas() != 0)
            mask.add_paths("max_replicas");
    }
    for (const auto& path : mask.paths()) {
        const bool known = (path == "policy" || absl::StartsWith(path, "policy.")
                               || path == "min_replicas" || path == "max_replicas")
            && FieldMaskUtil::IsValidPath<v1::UpdateScalingPolicyRequest>(path);
        if (!known)
            return runtime::invalidField(
                "update_mask", absl::StrCat("there is no \"", path, "\" to be changed"));
    }
    FieldMaskUtil::MergeOptions replace;
    replace.set_replace_message_fields(true);
    FieldMaskUtil::MergeMessageTo(request, mask, replace, &result);
    result.mutable_policy()->clear_last_decision();
    result.mutable_policy()->clear_last_decision_at();
    *result.mutable_policy() = completed(result.policy());
    return result;
}

} // namespace

Autoscaler::Autoscaler(Fleet& fleet, const Telemetry& telemetry, Desired& desired)
    : m_fleet(fleet)
    , m_telemetry(telemetry)
    , m_desired(desired)
{
}

void Autoscaler::begin()
{
    for (const auto& name : m_fleet.names()) {
        const auto kept = m_desired.scaling(name);
        const auto service = m_fleet.service(name);
        m_fleet.setScaling(name, completed(kept.policy),
            {service->min_replicas(), service->max_replicas()}, kept.overrideUntil);
    }
}

Desired::Scaling Autoscaler::scalingOf(const v1::Service& service) const
{
    auto scaling = m_desired.scaling(service.name());
    scaling.policy = service.policy();
    scaling.overrideUntil = service.override_until();
    return scaling;
}

absl::Status Autoscaler::keep(const std::string& service, const Desired::Scaling& scaling)
{
    auto kept = scaling;
    kept.policy.clear_last_decision();
    kept.policy.clear_last_decision_at();
    return m_desired.setScaling(service, kept);
}

absl::Status Autoscaler::update(
    const v1::UpdateScalingPolicyRequest& request, const Fleet::Cause& cause)
{
    const auto service = m_fleet.service(request.service());
    if (!service)
        return runtime::notFound("service", request.service());
    if (!request.etag().empty() && request.etag() != service->etag())
        return runtime::staleEtag(*service);
    const auto wanted = merged(request, *service);
    if (!wanted.ok())
        return wanted.status();
    if (auto status = check(*wanted); !status.ok())
        return status;
    Desired::Scaling scaling{
        wanted->policy(), std::pair(wanted->min_replicas(), wanted->max_replicas()), {}};
    if (auto status = keep(request.service(), scaling); !status.ok())
        return status;
    m_fleet.setScaling(request.service(), scaling.policy, *scaling.limits, {});
    m_fleet.policyChanged(request.service(), cause);
    m_services[request.service()].forget();
    // The new limits hold for the present number as well.
    const int within
        = std::clamp(service->desired_replicas(), scaling.limits->first, scaling.limits->second);
    v1::ScaleServiceRequest scale;
    scale.set_service(request.service());
    scale.set_replicas(within);
    return m_fleet.scale(scale, {"policy", "the limits have changed"});
}

absl::Status Autoscaler::scale(const v1::ScaleServiceRequest& request, const Fleet::Cause& cause)
{
    const auto& length = request.override_for();
    if (length.seconds() < 0 || length.nanos() < 0 || length.seconds() > 30 * kLongest)
        return runtime::invalidField("override_for", "must be from 0 s to 30 days");
    if (auto status = m_fleet.scale(request, cause); !status.ok())
        return status;
    const auto service = m_fleet.service(request.service());
    if (!service->policy().enabled())
        return absl::OkStatus();
    auto scaling = scalingOf(*service);
    scaling.overrideUntil = TimeUtil::SecondsToTimestamp(kUntilPolicyChanges);
    if (request.has_override_for())
        scaling.overrideUntil = momentNow() + length;
    scaling.policy.set_last_decision(absl::StrCat("set by hand to ", request.replicas()));
    *scaling.policy.mutable_last_decision_at() = momentNow();
    m_fleet.setScaling(request.service(), scaling.policy,
        {service->min_replicas(), service->max_replicas()}, scaling.overrideUntil);
    return keep(request.service(), scaling);
}

void Autoscaler::tick()
{
    for (const auto& name : m_fleet.names()) {
        auto service = m_fleet.service(name);
        if (!service->policy().enabled())
            continue;
        if (service->has_override_until()) {
            if (momentNow() < service->override_until())
                continue;
            auto scaling = scalingOf(*service);
            scaling.overrideUntil = {};
            if (const auto status = keep(name, scaling); !status.ok())
                spdlog::error(
                    "the policy of {} goes on, but is forgotten: {}", name, status.ToString());
            m_fleet.setScaling(
                name, scaling.policy, {service->min_replicas(), service->max_replicas()}, {});
            m_services[name].forget();
        }
        m_telemetry.fill(&*service);
        decide(*service);
    }
}

void Autoscaler::decide(const v1::Service& service)
{
    Autoscaling::Measured measured;
    measured.replicas = service.desired_replicas();
    for (const auto& replica : service.replicas())
        measured.ready += replica.state() == v1::STATE_HEALTHY ? 1 : 0;
    if (service.has_figures())
        measured.figures = service.figures();
    const auto decision = m_services[service.name()].decide(service.policy(),
        service.min_replicas(), service.max_replicas(), measured, steadySeconds());
    auto policy = service.policy();
    const bool moves = decision && decision->replicas != measured.replicas;
    const auto said = decision ? decision->why : std::string("nothing is known of its load");
    if (said != policy.last_decision() || moves) {
        policy.set_last_decision(said);
        if (moves)
            *policy.mutable_last_decision_at() = momentNow();
        m_fleet.setScaling(service.name(), policy, {service.min_replicas(), service.max_replicas()},
            service.override_until());
    }
    if (!moves)
        return;
    v1::ScaleServiceRequest scale;
    scale.set_service(service.name());
    scale.set_replicas(decision->replicas);
    if (const auto status = m_fleet.scale(scale, {"policy", decision->why}); !status.ok())
        spdlog::error("{} is not scaled: {}", service.name(), status.ToString());
}

} // namespace shopfleet::control
