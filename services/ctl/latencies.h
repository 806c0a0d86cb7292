// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace shopfleet::ctl {

/// How long things took, in buckets that are 3% wide: a percentile costs no sorting and a day's
/// worth no memory.
class Latencies {
public:
    void add(int64_t micros);
    void add(const Latencies& other);

    int64_t count() const { return m_count; }

    /// The upper end of the bucket in which the share (0 to 1) is reached, in milliseconds; 0 if
    /// there is nothing.
    double percentileMs(double share) const;
    double maximumMs() const { return static_cast<double>(m_maximum) / 1000.0; }

private:
    static constexpr int kSteps = 64; ///< Half of them per doubling.
    static constexpr int kDoublings = 32;

    static int bucketOf(int64_t micros);
    static int64_t endOf(int bucket);

    std::array<int64_t, std::size_t{kSteps}* kDoublings> m_buckets = {};
    int64_t m_count = 0;
    int64_t m_maximum = 0;
};

} // namespace shopfleet::ctl
