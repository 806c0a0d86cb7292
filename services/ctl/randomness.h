// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace shopfleet::ctl {

/// SplitMix64: the same numbers for the same seed on every machine, which the standard library's
/// distributions do not promise.
class Randomness {
public:
    Randomness(uint64_t seed, uint64_t stream)
        : m_state(seed * 0x9E3779B97F4A7C15u ^ (stream + 1) * 0xD1B54A32D192ED03u)
    {
    }

    uint64_t next();

    /// 0 to before 1.
    double share();

    /// 0 to before `count`, which is more than 0.
    int64_t below(int64_t count);

    /// From a table of quantiles at equal steps, the last of them the maximum; between two of them
    /// evenly.
    int64_t fromQuantiles(std::span<const int> quantiles);

private:
    uint64_t m_state;
};

} // namespace shopfleet::ctl
