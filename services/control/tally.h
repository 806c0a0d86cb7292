// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/strings/string_view.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace shopfleet::control {

/// Upper bounds in seconds; the last bucket has none. Another program's buckets are counted where
/// their bound fits.
inline constexpr std::array<double, 18> kLatencyBounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025,
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
inline constexpr std::size_t kBuckets = kLatencyBounds.size() + 1;

/// Requests of a span of time.
struct Tally {
    std::uint32_t requests = 0;
    std::uint32_t errors = 0;
    std::array<std::uint32_t, kBuckets> latency{};

    void add(const Tally& other);
    /// In milliseconds, by linear interpolation within a bucket; NaN without requests.
    double quantileMs(double q) const;
    double errorRatio() const; // NaN without requests.
};

/// Steps of a saga are kept beside the methods, as "saga/payments/AuthorisePayment": how many were
/// done, and how long they took from the moment when one came to them. They are no requests.
bool isSagaStep(absl::string_view method);

/// What one scrape of one replica says: counters since its start, by method, and gauges.
struct Totals {
    struct Method {
        double requests = 0;
        double errors = 0;
        std::array<double, kBuckets> latency{}; // Per bucket, not cumulative.
    };
    std::map<std::string, Method, std::less<>> methods; // By full name.
    double inFlight = 0;
    double queueDepth = 0;
};

Totals readTotals(absl::string_view exposition);

/// What happened between two scrapes of the same process, `seconds` apart, brought to one second. A
/// counter that fell began anew.
std::map<std::string, Tally> perSecond(const Totals& before, const Totals& now, double seconds);

} // namespace shopfleet::control
