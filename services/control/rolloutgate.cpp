// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/rolloutgate.h"

#include <absl/strings/str_format.h>
#include <google/protobuf/util/time_util.h>

#include <cmath>

namespace shopfleet::control {

namespace {

// At the default of 2% one failure among them proves nothing yet, two do.
constexpr std::uint32_t kEnough = 50;
// Below this the buckets of the latencies are too coarse, and a difference nobody's trouble.
constexpr double kNoticeableMs = 5;
constexpr int kWarmSeconds = 10;
constexpr double kDefaultErrorRatio = 0.02;
constexpr double kDefaultP95Factor = 2;
constexpr double kDefaultCheckoutSuccess = 0.95;

v1::Figures figuresOf(const Tally& tally)
{
    v1::Figures figures;
    figures.set_has_requests(tally.requests > 0);
    if (tally.requests == 0)
        return figures;
    figures.set_error_ratio(tally.errorRatio());
    if (const auto p99 = tally.quantileMs(0.99); !std::isnan(p99)) {
        figures.set_p50_ms(tally.quantileMs(0.5));
        figures.set_p95_ms(tally.quantileMs(0.95));
        figures.set_p99_ms(p99);
    }
    return figures;
}

double successOf(const Tally& tally)
{
    return tally.requests == 0 ? 0 : 1 - tally.errorRatio();
}

std::string objection(const v1::RolloutGate& gate, const v1::GateResult& result, const Side& canary,
    const Side& stable, bool sameTime)
{
    if (canary.checkouts.requests >= kEnough) {
        const double success = result.canary_checkout_success();
        const bool worse
            = stable.checkouts.requests == 0 || success < result.stable_checkout_success();
        if (success < gate.min_checkout_success() && worse)
            return absl::StrFormat("%.1f%% of its checkouts end well, at least %.1f%% must",
                success * 100, gate.min_checkout_success() * 100);
    }
    if (canary.all.requests < kEnough)
        return {};
    const auto& now = result.canary();
    const auto& then = result.stable();
    if (now.error_ratio() > gate.max_error_ratio() && now.error_ratio() > then.error_ratio())
        return absl::StrFormat("%.1f%% of its requests fail, at most %.1f%% may",
            now.error_ratio() * 100, gate.max_error_ratio() * 100);
    const bool comparable
        = sameTime && canary.seconds >= kWarmSeconds && stable.all.requests >= kEnough;
    if (comparable && now.p95_ms() > then.p95_ms() * gate.max_p95_factor()
        && now.p95_ms() - then.p95_ms() > kNoticeableMs)
        return absl::StrFormat("its p95 is %.1f ms, the stable version's %.1f ms, at most %g times "
                               "that is let through",
            now.p95_ms(), then.p95_ms(), gate.max_p95_factor());
    return {};
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
    const v1::RolloutGate& gate, const Side& canary, const Side& stable, bool sameTime)
{
    v1::GateResult result;
    *result.mutable_at() = google::protobuf::util::TimeUtil::GetCurrentTime();
    *result.mutable_canary() = figuresOf(canary.all);
    *result.mutable_stable() = figuresOf(stable.all);
    result.set_canary_requests(canary.all.requests);
    result.set_stable_requests(stable.all.requests);
    result.set_canary_checkout_success(successOf(canary.checkouts));
    result.set_stable_checkout_success(successOf(stable.checkouts));
    result.set_has_checkouts(canary.checkouts.requests > 0 && stable.checkouts.requests > 0);
    result.set_reason(objection(gate, result, canary, stable, sameTime));
    result.set_passed(result.reason().empty());
    result.set_from_before(!sameTime);
    return result;
}

} // namespace shopfleet::control
