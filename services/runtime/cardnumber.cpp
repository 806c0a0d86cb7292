// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/cardnumber.h"

#include <string>

namespace shopfleet::runtime {
namespace {

constexpr std::size_t kShortest = 13;
constexpr std::size_t kLongest = 19;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// ISO/IEC 7812: from the right, every second digit counts double, its digits added up.
bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool isDoubled = false;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, isDoubled = !isDoubled) {
        const int value = (*digit - '0') * (isDoubled ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

} // namespace

bool holdsCardNumber(std::string_view text)
{
    std::string digits;
    const auto isCard = [&digits] {
        return digits.size() >= kShortest && digits.size() <= kLongest && digits.front() >= '2'
            && digits.front() <= '6' && passesLuhn(digits);
    };
    for (const char c : text) {
        if (isDigit(c))
            digits += c;
        else if (c == ' ' || c == '-')
            continue;
        else if (isCard())
            return true;
        else
            digits.clear();
    }
    return isCard();
}

} // namespace shopfleet::runtime
