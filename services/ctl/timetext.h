// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace shopfleet::ctl {

/// "2010-12-01 08:26:00", also without seconds, or the data set's first form "12/1/2010 8:26"
/// (month first). The files name no zone; they are read as UTC. Years 1990 to 2100.
absl::StatusOr<int64_t> parseFileTime(std::string_view text);

/// "2010-12-01 08:26" in UTC, for people.
std::string formatTime(int64_t seconds);

/// "2010-12-01 08:26:00.123".
std::string formatTime(int64_t seconds, int milliseconds);

} // namespace shopfleet::ctl
