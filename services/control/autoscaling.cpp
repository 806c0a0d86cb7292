// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/autoscaling.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>

namespace shopfleet::control {

namespace {

constexpr double kTolerance = 0.1;
constexpr int kUpSeconds = 15;
constexpr int kDownSeconds = 120;

struct Need {
    double ratio = 0; // Of what is measured to its target.
    std::string what;
};

/// The target that asks for most.
Need needOf(const v1::ScalingPolicy& policy, const Autoscaling::Measured& measured)
{
    const auto& figures = *measured.figures;
    const double ready = measured.ready;
    Need need{-1, {}};
    const auto consider = [&](double target, double value, const std::string& what) {
        if (target > 0 && value / target > need.ratio)
            need = {value / target, what};
    };
    const double rate = figures.requests_per_second() / ready;
    consider(policy.requests_per_second(), rate,
        absl::StrFormat(
            "%.1f requests/s a replica, the target is %g", rate, policy.requests_per_second()));
    if (figures.has_requests())
        consider(policy.p95_ms(), figures.p95_ms(),
            absl::StrFormat(
                "p95 is %.1f ms, the target is %g ms", figures.p95_ms(), policy.p95_ms()));
    const double cpu = figures.cpu_share() / ready;
    consider(policy.cpu_share(), cpu,
        absl::StrFormat("%.0f%% of a CPU a replica, the target is %.0f%%", cpu * 100,
            policy.cpu_share() * 100));
    return need;
}

} // namespace

v1::ScalingPolicy completed(v1::ScalingPolicy policy)
{
    if (!policy.has_up_window())
        policy.mutable_up_window()->set_seconds(kUpSeconds);
    if (!policy.has_down_window())
        policy.mutable_down_window()->set_seconds(kDownSeconds);
    return policy;
}

std::optional<Autoscaling::Decision> Autoscaling::decide(
    const v1::ScalingPolicy& policy, int min, int max, const Measured& measured, std::int64_t at)
{
    if (!measured.figures || measured.ready == 0)
        return std::nullopt;
    const auto need = needOf(policy, measured);
    if (need.ratio < 0)
        return std::nullopt;
    const int now = measured.replicas;
    // What is measured is what those that serve did, so it is their number that is not enough.
    int asked = now;
    if (std::abs(need.ratio - 1) > kTolerance)
        asked = static_cast<int>(std::ceil(measured.ready * need.ratio - 1e-9));
    m_asked.push_back({at, std::clamp(asked, min, max)});
    const auto up = policy.up_window().seconds();
    const auto down = policy.down_window().seconds();
    while (m_asked.front().at < at - std::max(up, down))
        m_asked.pop_front();

    // Only what has been known for a whole window is known to have lasted for it.
    int lowest = m_asked.back().replicas;
    int highest = lowest;
    for (const auto& each : m_asked) {
        if (each.at >= at - up)
            lowest = std::min(lowest, each.replicas);
        if (each.at >= at - down)
            highest = std::max(highest, each.replicas);
    }
    const auto known = at - m_asked.front().at;
    int wanted = now;
    if (lowest > now && known >= up)
        wanted = lowest;
    else if (highest < now && known >= down)
        wanted = highest;
    if (policy.max_step() > 0)
        wanted = std::clamp(wanted, now - policy.max_step(), now + policy.max_step());
    wanted = std::clamp(wanted, min, max);
    std::string why = need.what;
    if (asked > max)
        absl::StrAppend(&why, "; ", asked, " would be needed, ", max, " are allowed");
    else if (wanted == now && asked != now)
        absl::StrAppend(&why, "; ", asked, " would do, if it lasts");
    return Decision{wanted, std::move(why)};
}

} // namespace shopfleet::control
