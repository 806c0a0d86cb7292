// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace shopfleet::ctl {

int Latencies::bucketOf(int64_t micros)
{
    // Values below kSteps have a bucket each; above, the leading bits choose one of kSteps per
    // doubling.
    const auto value = static_cast<uint64_t>(std::max<int64_t>(micros, 0));
    const auto width = static_cast<int>(std::bit_width(value));
    constexpr auto kStepsWidth = static_cast<int>(std::bit_width(uint64_t(kSteps)));
    const int doubling = std::max(0, width - kStepsWidth + 1);
    const int step = static_cast<int>(value >> doubling);
    return std::min(doubling * kSteps / 2 + step, kSteps * kDoublings - 1);
}

int64_t Latencies::endOf(int bucket)
{
    if (bucket < kSteps)
        return bucket;
    const int doubling = (bucket - kSteps / 2) / (kSteps / 2);
    const int64_t step = bucket - doubling * kSteps / 2;
    return ((step + 1) << doubling) - 1;
}

void Latencies::add(int64_t micros)
{
    ++m_buckets[static_cast<size_t>(bucketOf(micros))];
    ++m_count;
    m_maximum = std::max(m_maximum, micros);
}

void Latencies::add(const Latencies& other)
{
    for (size_t i = 0; i < m_buckets.size(); ++i)
        m_buckets[i] += other.m_buckets[i];
    m_count += other.m_count;
    m_maximum = std::max(m_maximum, other.m_maximum);
}

double Latencies::percentileMs(double share) const
{
    const auto wanted = static_cast<int64_t>(std::ceil(share * static_cast<double>(m_count)));
    int64_t seen = 0;
    for (size_t i = 0; i < m_buckets.size(); ++i) {
        seen += m_buckets[i];
        if (seen >= wanted && seen > 0)
            return static_cast<double>(std::min(endOf(static_cast<int>(i)), m_maximum)) / 1000.0;
    }
    return 0;
}

} // namespace shopfleet::ctl
