// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace shopfleet::ctl {

/// Money as the files write it, exactly: whole millionths of the currency's unit. No floating point
/// anywhere.
constexpr int64_t kMicrosPerUnit = 1'000'000;
constexpr int64_t kMicrosPerMinor = 10'000;

/// "2.55" is 2,550,000. At most six decimals; anything else than sign, digits and one point is
/// refused.
absl::StatusOr<int64_t> parseMicros(std::string_view text);

/// A whole number with an optional sign, within int64.
absl::StatusOr<int64_t> parseWhole(std::string_view text);

/// To the minor unit, half away from zero: 0.005 is 1 penny, -0.005 is -1.
int64_t roundToMinor(int64_t micros);

/// "4397950.761": no trailing zeros beyond the second decimal.
std::string formatMicros(int64_t micros);

} // namespace shopfleet::ctl
