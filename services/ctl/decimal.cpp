// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/decimal.h"

#include <charconv>
#include <fmt/format.h>

namespace shopfleet::ctl {
namespace {

constexpr size_t kDecimals = 6;

bool isDigits(std::string_view text)
{
    for (const char c : text)
        if (c < '0' || c > '9')
            return false;
    return true;
}

} // namespace

absl::StatusOr<int64_t> parseWhole(std::string_view text)
{
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(1);
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range)
        return absl::OutOfRangeError("is out of range");
    if (error != std::errc() || end != text.data() + text.size())
        return absl::InvalidArgumentError("is not a whole number");
    return value;
}

absl::StatusOr<int64_t> parseMicros(std::string_view text)
{
    const bool negative = !text.empty() && text.front() == '-';
    if (negative || (!text.empty() && text.front() == '+'))
        text.remove_prefix(1);
    const size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction
        = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (whole.empty() || !isDigits(whole) || !isDigits(fraction)
        || (point != std::string_view::npos && fraction.empty()))
        return absl::InvalidArgumentError("is not a decimal number");
    if (fraction.size() > kDecimals)
        return absl::InvalidArgumentError("has more than six decimals");

    // One run of digits, so that the sign cannot be lost between the parts ("-0.50").
    std::string digits = fmt::format("{}{}", whole, fraction);
    digits.append(kDecimals - fraction.size(), '0');
    auto value = parseWhole(digits);
    if (value.ok() && negative)
        return -*value;
    return value;
}

int64_t roundToMinor(int64_t micros)
{
    const int64_t whole = micros / kMicrosPerMinor;
    const int64_t rest = micros % kMicrosPerMinor; // Has the sign of micros.
    if (rest >= kMicrosPerMinor / 2)
        return whole + 1;
    if (rest <= -kMicrosPerMinor / 2)
        return whole - 1;
    return whole;
}

std::string formatMicros(int64_t micros)
{
    // Through the unsigned type: the most negative number has no positive twin.
    const auto size
        = micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
    std::string text = fmt::format(
        "{}{}.{:06}", micros < 0 ? "-" : "", size / kMicrosPerUnit, size % kMicrosPerUnit);
    for (int spare = 0; spare < 4 && text.back() == '0'; ++spare)
        text.pop_back();
    return text;
}

} // namespace shopfleet::ctl
