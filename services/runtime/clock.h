// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <cstdint>

namespace shopfleet::runtime {

/// Times in SQL are microseconds since 1970 UTC; on the wire they are Timestamps.
inline std::int64_t nowUs()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch())
        .count();
}

inline std::int64_t toUs(const google::protobuf::Timestamp& time)
{
    return time.seconds() * 1'000'000 + time.nanos() / 1'000;
}

inline google::protobuf::Timestamp toTimestamp(std::int64_t us)
{
    google::protobuf::Timestamp time;
    std::int64_t seconds = us / 1'000'000;
    std::int64_t rest = us % 1'000'000;
    if (rest < 0) {
        rest += 1'000'000;
        --seconds;
    }
    time.set_seconds(seconds);
    time.set_nanos(static_cast<std::int32_t>(rest * 1'000));
    return time;
}

} // namespace shopfleet::runtime
