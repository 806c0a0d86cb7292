// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shopfleet::runtime {

/// The digits of the currency's minor unit (GBP 2, JPY 0, KWD 3), or nothing for what is no ISO
/// 4217 currency in circulation. Codes are upper case: "gbp" and "XXX" are unknown.
std::optional<int> minorDigits(std::string_view currency);
bool isCurrency(std::string_view currency);

/// Nothing where the result does not fit: money never wraps around.
std::optional<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b);
std::optional<std::int64_t> checkedSubtract(std::int64_t a, std::int64_t b);
std::optional<std::int64_t> checkedMultiply(std::int64_t a, std::int64_t b);

/// "5.00 GBP": for messages and logs, the same in every language.
std::string amountText(std::int64_t minor, std::string_view currency);

enum class Amount { Positive, NotNegative, Any };

/// INVALID_ARGUMENT naming `field` and the rule: a known currency, an amount of the wanted sign,
/// and no more than kLargestAmount, so that sums over any real number of amounts fit 64 bits.
absl::Status checkAmount(
    std::string_view field, std::string_view currency, std::int64_t minor, Amount wanted);

constexpr std::int64_t kLargestAmount = 1'000'000'000'000'000; // Ten thousand milliard pounds.

} // namespace shopfleet::runtime
