// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/money.h"

#include "services/runtime/status.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace shopfleet::runtime {
namespace {

// ISO 4217's currencies in circulation, by the digits of the minor unit. Funds, metals and test
// codes are not money here.
constexpr std::string_view kNoDigits[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
    "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kTwoDigits[] = {"AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD",
    "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP",
    "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP",
    "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ",
    "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR",
    "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK",
    "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK",
    "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR",
    "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
    "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS",
    "VES", "WST", "XCD", "YER", "ZAR", "ZMW"};
constexpr std::string_view kThreeDigits[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};

static_assert(std::is_sorted(std::begin(kTwoDigits), std::end(kTwoDigits)));

template <std::size_t N>
bool holds(const std::string_view (&codes)[N], std::string_view currency)
{
    return std::binary_search(std::begin(codes), std::end(codes), currency);
}

absl::Status invalid(std::string_view field, const char* member, const char* rule)
{
    return invalidField(std::string(field) + member, rule);
}

} // namespace

std::optional<int> minorDigits(std::string_view currency)
{
    if (holds(kTwoDigits, currency))
        return 2;
    if (holds(kNoDigits, currency))
        return 0;
    if (holds(kThreeDigits, currency))
        return 3;
    return std::nullopt;
}

bool isCurrency(std::string_view currency)
{
    return minorDigits(currency).has_value();
}

std::optional<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

std::optional<std::int64_t> checkedSubtract(std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

std::optional<std::int64_t> checkedMultiply(std::int64_t a, std::int64_t b)
{
    std::int64_t result = 0;
    return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

std::string amountText(std::int64_t minor, std::string_view currency)
{
    const int digits = minorDigits(currency).value_or(2);
    const bool negative = minor < 0;
    auto size
        = negative ? 0 - static_cast<std::uint64_t>(minor) : static_cast<std::uint64_t>(minor);
    std::string text;
    for (int i = 0; size > 0 || i <= digits; ++i, size /= 10) {
        if (i == digits && digits > 0)
            text.insert(text.begin(), '.');
        text.insert(text.begin(), static_cast<char>('0' + size % 10));
    }
    return (negative ? "-" : "") + text + " " + std::string(currency);
}

absl::Status checkAmount(
    std::string_view field, std::string_view currency, std::int64_t minor, Amount wanted)
{
    if (!isCurrency(currency))
        return invalid(field, ".currency", "is not an ISO 4217 currency");
    if (wanted == Amount::Positive && minor <= 0)
        return invalid(field, ".minor", "must be more than 0");
    if (wanted == Amount::NotNegative && minor < 0)
        return invalid(field, ".minor", "must not be negative");
    if (minor > kLargestAmount || minor < -kLargestAmount)
        return invalid(field, ".minor", "is too large");
    return absl::OkStatus();
}

} // namespace shopfleet::runtime
