// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/randomness.h"

namespace shopfleet::ctl {

uint64_t Randomness::next()
{
    uint64_t value = m_state += 0x9E3779B97F4A7C15u;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    return value ^ value >> 31;
}

double Randomness::share()
{
    return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

int64_t Randomness::below(int64_t count)
{
    return static_cast<int64_t>(share() * static_cast<double>(count));
}

int64_t Randomness::fromQuantiles(std::span<const int> quantiles)
{
    const double place = share() * static_cast<double>(quantiles.size() - 1);
    const auto step = static_cast<size_t>(place);
    const double between = place - static_cast<double>(step);
    const int low = quantiles[step];
    const int high = quantiles[step + 1];
    return low + static_cast<int64_t>(between * (high - low));
}

} // namespace shopfleet::ctl
