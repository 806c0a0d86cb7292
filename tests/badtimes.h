// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

/// Times that no service may take: before 1970, after 2199, beyond what microseconds can count, and
/// seconds with parts that are none.
inline std::vector<google::protobuf::Timestamp> badTimes()
{
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
    std::vector<google::protobuf::Timestamp> all;
    for (const auto& [seconds, nanos] : std::vector<std::pair<std::int64_t, int>>{
             {kMax, 0}, {kMin, 0}, {-1, 0}, {7'258'118'400, 0}, {1, -1}, {1, 1'000'000'000}}) {
        auto& time = all.emplace_back();
        time.set_seconds(seconds);
        time.set_nanos(nanos);
    }
    return all;
}
