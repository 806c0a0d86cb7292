// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/tally.h"

#include "services/control/exposition.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace shopfleet::control {

namespace {

std::size_t bucketOf(double bound)
{
    // A hair of tolerance: the text may say 0.1 as 0.10000000000000001.
    const auto* const found = std::ranges::lower_bound(kLatencyBounds, bound * (1 - 1e-9));
    return static_cast<std::size_t>(found - kLatencyBounds.begin());
}

// The store's gRPC services and the gateway's HTTP routes alike.
std::string methodOf(const Sample& sample)
{
    if (const auto service = sample.label("grpc_service"); !service.empty())
        return absl::StrCat(service, "/", sample.label("grpc_method"));
    if (const auto route = sample.label("route"); !route.empty())
        return absl::StrCat(sample.label("method"), " ", route);
    return {};
}

constexpr absl::string_view kSagaSteps = "saga/";

std::string stepOf(const Sample& sample)
{
    return absl::StrCat(kSagaSteps, sample.label("service"), "/", sample.label("method"));
}

// The server's fault, not a mistake of the caller.
bool isServerError(const Sample& sample)
{
    const auto code = sample.label("grpc_code");
    if (code.empty())
        return absl::StartsWith(sample.label("code"), "5");
    static constexpr std::array<absl::string_view, 6> kFaults{
        "UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"};
    return std::ranges::find(kFaults, code) != kFaults.end();
}

// Cumulative counts by bound, as the format has them.
using Cumulative = std::map<double, double>;

void spread(const Cumulative& cumulative, Totals::Method* method)
{
    double before = 0;
    for (const auto& [bound, count] : cumulative) {
        method->latency.at(std::isinf(bound) ? kBuckets - 1 : bucketOf(bound))
            += std::max(0.0, count - before);
        before = count;
    }
}

std::uint32_t grown(double before, double now, double seconds)
{
    const double delta = now < before ? now : now - before;
    return static_cast<std::uint32_t>(std::lround(std::clamp(delta / seconds, 0.0, 4e9)));
}

} // namespace

bool isSagaStep(absl::string_view method)
{
    return absl::StartsWith(method, kSagaSteps);
}

void Tally::add(const Tally& other)
{
    requests += other.requests;
    errors += other.errors;
    for (std::size_t i = 0; i < kBuckets; ++i)
        latency[i] += other.latency[i];
}

double Tally::quantileMs(double q) const
{
    double total = 0;
    for (const auto count : latency)
        total += count;
    if (total == 0)
        return std::numeric_limits<double>::quiet_NaN();
    const double rank = q * total;
    double below = 0;
    for (std::size_t i = 0; i < kLatencyBounds.size(); ++i) {
        const double count = latency[i];
        const double lower = i == 0 ? 0 : kLatencyBounds[i - 1];
        if (count > 0 && below + count >= rank)
            return 1'000 * (lower + (kLatencyBounds[i] - lower) * (rank - below) / count);
        below += count;
    }
    return 1'000 * kLatencyBounds.back(); // Beyond the last bound: at least this.
}

double Tally::errorRatio() const
{
    return requests == 0 ? std::numeric_limits<double>::quiet_NaN()
                         : std::min(1.0, static_cast<double>(errors) / requests);
}

Totals readTotals(absl::string_view exposition)
{
    Totals totals;
    std::map<std::string, Cumulative> histograms;
    parseExposition(exposition, [&](const Sample& sample) {
        const auto addBucket = [&](const std::string& method) {
            double bound = std::numeric_limits<double>::infinity();
            const auto text = sample.label("le");
            if (text == "+Inf" || absl::SimpleAtod(text, &bound))
                histograms[method][bound] += sample.value;
        };
        // Our own probes and what tools ask are not the store's traffic.
        if (absl::StartsWith(sample.label("grpc_service"), "grpc."))
            return;
        if (sample.name == "grpc_server_handled_total" || sample.name == "http_requests_total") {
            auto& method = totals.methods[methodOf(sample)];
            method.requests += sample.value;
            method.errors += isServerError(sample) ? sample.value : 0;
        } else if (sample.name == "grpc_server_handling_seconds_bucket"
            || sample.name == "http_request_duration_seconds_bucket") {
            addBucket(methodOf(sample));
        } else if (sample.name == "shopfleet_saga_step_seconds_count") {
            totals.methods[stepOf(sample)].requests += sample.value;
        } else if (sample.name == "shopfleet_saga_step_seconds_bucket") {
            addBucket(stepOf(sample));
        } else if (sample.name == "grpc_server_in_flight"
            || sample.name == "http_requests_in_flight") {
            totals.inFlight += sample.value;
        } else if (sample.name == "shopfleet_writer_queue_depth") {
            totals.queueDepth += sample.value;
        }
    });
    for (const auto& [name, cumulative] : histograms)
        spread(cumulative, &totals.methods[name]);
    return totals;
}

std::map<std::string, Tally> perSecond(const Totals& before, const Totals& now, double seconds)
{
    std::map<std::string, Tally> result;
    static const Totals::Method kNothing;
    for (const auto& [name, method] : now.methods) {
        const auto found = before.methods.find(name);
        const auto& old = found == before.methods.end() ? kNothing : found->second;
        Tally tally;
        tally.requests = grown(old.requests, method.requests, seconds);
        tally.errors = grown(old.errors, method.errors, seconds);
        for (std::size_t i = 0; i < kBuckets; ++i)
            tally.latency[i] = grown(old.latency[i], method.latency[i], seconds);
        result.emplace(name, tally);
    }
    return result;
}

} // namespace shopfleet::control
