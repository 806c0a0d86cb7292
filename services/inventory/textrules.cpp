// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/textrules.h"

#include "services/runtime/status.h"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace shopfleet::inventory {
namespace {

using runtime::invalidField;

constexpr std::size_t kLongestText = 50'000;

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

} // namespace

absl::Status checkLine(const std::string& field, std::string_view text, std::size_t longest)
{
    if (text.size() > longest)
        return invalidField(field, "must have at most " + std::to_string(longest) + " bytes");
    if (std::any_of(text.begin(), text.end(), isControl))
        return invalidField(field, "must not hold control characters");
    return absl::OkStatus();
}

absl::Status checkText(const std::string& field, std::string_view text)
{
    if (text.size() > kLongestText)
        return invalidField(field, "must have at most " + std::to_string(kLongestText) + " bytes");
    if (text.find('\0') != std::string_view::npos)
        return invalidField(field, "must not hold NUL");
    return absl::OkStatus();
}

absl::Status checkName(const std::string& field, std::string_view name)
{
    constexpr std::size_t kLongestId = 64;
    if (name.empty())
        return invalidField(field, "is required");
    if (name.size() > kLongestId)
        return invalidField(field, "must have at most 64 characters");
    if (name.front() == ' ' || name.back() == ' '
        || !std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; }))
        return invalidField(field, "must be printable ASCII without blanks around it");
    return absl::OkStatus();
}

std::string newName()
{
    std::array<unsigned char, 12> random{};
    std::array<char, 2 * random.size() + 1> digits{};
    randombytes_buf(random.data(), random.size());
    sodium_bin2hex(digits.data(), digits.size(), random.data(), random.size());
    return digits.data();
}

} // namespace shopfleet::inventory
