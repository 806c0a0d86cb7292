// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <cstdint>
#include <ctime>

namespace shopfleet::runtime {

/// The machine's clock, which somebody may set an hour back while we look at it.
inline std::int64_t machineUs()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// Microseconds since 1970 UTC, as times are in SQL (on the wire they are Timestamps): the
/// machine's clock as it was at the first call, and what has gone by since. It never jumps, so
/// nothing expires early and no retry waits for a day; a clock that was set is taken over by a
/// restart.
inline std::int64_t nowUs()
{
    const auto sinceBoot = [] {
        timespec time{};
        clock_gettime(CLOCK_BOOTTIME, &time); // Goes on while a laptop sleeps, unlike MONOTONIC.
        return std::int64_t(time.tv_sec) * 1'000'000 + time.tv_nsec / 1'000;
    };
    static const std::int64_t bootUs = machineUs() - sinceBoot();
    return bootUs + sinceBoot();
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
