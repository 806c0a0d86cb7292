// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/rolloutgate.h"

#include "services/control/moment.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <cmath>
#include <utility>

namespace shopfleet::control {

namespace {

// At the default of 2% one failure among them proves nothing yet, two do.
constexpr std::uint32_t kEnough = 50;
// Below this the buckets of the latencies are too coarse, and a difference nobody's trouble.
constexpr double kNoticeableMs = 5;
constexpr int kWarmSeconds = 10;
constexpr int kMomentSeconds = 2;
constexpr double kDefaultErrorRatio = 0.02;
constexpr double kDefaultP95Factor = 2;
constexpr double kDefaultCheckoutSuccess = 0.95;

/// Latencies of what both sides did, failures of everything.
v1::Figures figuresOf(const Tally& all, const Tally& common)
{
    v1::Figures figures;
    figures.set_has_requests(all.requests > 0);
    if (all.requests > 0)
        figures.set_error_ratio(all.errorRatio());
    if (const auto p99 = common.quantileMs(0.99); !std::isnan(p99)) {
        figures.set_p50_ms(common.quantileMs(0.5));
        figures.set_p95_ms(common.quantileMs(0.95));
        figures.set_p99_ms(p99);
    }
    return figures;
}

double successOf(const Tally& tally)
{
    return tally.requests == 0 ? 0 : 1 - tally.errorRatio();
}

/// "shopfleet.orders.v1.Orders/GetOrder" is GetOrder to people.
std::string shortened(const std::string& method)
{
    const auto slash = method.rfind('/');
    return method.find(' ') != std::string::npos || slash == std::string::npos
        ? method
        : method.substr(slash + 1);
}

/// The one to compare with: the stable version's, if it was asked often enough to tell.
const Tally& baseline(const Tally& stable, const Tally& before)
{
    return stable.requests >= kEnough ? stable : before;
}

const Tally& of(const Side& side, const std::string& method)
{
    static const Tally kNothing;
    const auto found = side.methods.find(method);
    return found == side.methods.end() ? kNothing : found->second;
}

bool failsMore(const v1::RolloutGate& gate, const Tally& canary, const Tally& other)
{
    return canary.requests >= kEnough && canary.errorRatio() > gate.max_error_ratio()
        && (other.requests == 0 || canary.errorRatio() > other.errorRatio());
}

std::string failureOf(const v1::RolloutGate& gate, const Tally& canary, const std::string& what)
{
    return absl::StrFormat("%.1f%% of %s fail, at most %.1f%% may", canary.errorRatio() * 100, what,
        gate.max_error_ratio() * 100);
}

bool isSlower(const v1::RolloutGate& gate, const Tally& canary, const Tally& stable)
{
    if (canary.requests < kEnough || stable.requests < kEnough)
        return false;
    const auto now = canary.quantileMs(0.95);
    const auto then = stable.quantileMs(0.95); // NaN, as of streams, is never less.
    return now > then * gate.max_p95_factor() && now - then > kNoticeableMs;
}

std::string objection(
    const v1::RolloutGate& gate, const Side& canary, const Side& stable, const Side& before)
{
    const auto& checkouts = baseline(stable.checkouts, before.checkouts);
    const auto success = successOf(canary.checkouts);
    if (canary.checkouts.requests >= kEnough && canary.failingCheckouts > kMomentSeconds
        && success < gate.min_checkout_success()
        && (checkouts.requests == 0 || success < successOf(checkouts)))
        return absl::StrFormat("%.1f%% of its checkouts end well, at least %.1f%% must",
            success * 100, gate.min_checkout_success() * 100);
    if (canary.failing > kMomentSeconds) {
        if (failsMore(gate, canary.all, baseline(stable.all, before.all)))
            return failureOf(gate, canary.all, "its requests");
        for (const auto& [method, tally] : canary.methods) {
            if (failsMore(gate, tally, baseline(of(stable, method), of(before, method))))
                return failureOf(gate, tally, absl::StrCat("its ", shortened(method)));
        }
    }
    if (canary.seconds < kWarmSeconds)
        return {};
    for (const auto& [method, tally] : canary.methods) {
        const auto& other = of(stable, method);
        if (isSlower(gate, tally, other))
            return absl::StrFormat(
                "its p95 of %s is %.1f ms, the stable version's %.1f ms, at most "
                "%g times that is let through",
                shortened(method), tally.quantileMs(0.95), other.quantileMs(0.95),
                gate.max_p95_factor());
    }
    return {};
}

/// What both did: the rest cannot be compared.
std::pair<Tally, Tally> inCommon(const Side& a, const Side& b)
{
    std::pair<Tally, Tally> common;
    for (const auto& [method, tally] : a.methods) {
        const auto& other = of(b, method);
        if (tally.requests == 0 || other.requests == 0)
            continue;
        common.first.add(tally);
        common.second.add(other);
    }
    return common;
}

} // namespace

v1::RolloutGate completed(v1::RolloutGate gate)
{
    if (gate.max_error_ratio() == 0)
        gate.set_max_error_ratio(kDefaultErrorRatio);
    if (gate.max_p95_factor() == 0)
        gate.set_max_p95_factor(kDefaultP95Factor);
    if (gate.min_checkout_success() == 0)
        gate.set_min_checkout_success(kDefaultCheckoutSuccess);
    return gate;
}

v1::GateResult compare(
    const v1::RolloutGate& gate, const Side& canary, const Side& stable, const Side& before)
{
    const bool sameTime = stable.all.requests > 0;
    const Side& other = sameTime ? stable : before;
    const auto& checkouts = baseline(stable.checkouts, before.checkouts);
    v1::GateResult result;
    *result.mutable_at() = momentNow();
    const auto [ours, theirs] = inCommon(canary, other);
    *result.mutable_canary() = figuresOf(canary.all, ours);
    *result.mutable_stable() = figuresOf(other.all, theirs);
    result.set_canary_requests(canary.all.requests);
    result.set_stable_requests(other.all.requests);
    result.set_canary_checkout_success(successOf(canary.checkouts));
    result.set_stable_checkout_success(successOf(checkouts));
    result.set_has_checkouts(canary.checkouts.requests > 0 && checkouts.requests > 0);
    result.set_reason(objection(gate, canary, stable, before));
    result.set_passed(result.reason().empty());
    result.set_from_before(!sameTime);
    return result;
}

} // namespace shopfleet::control
