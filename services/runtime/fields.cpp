// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/fields.h"

#include "services/runtime/status.h"

#include <algorithm>

namespace shopfleet::runtime {
namespace {

constexpr std::size_t kMostOfAddress = 1000;

} // namespace

absl::Status checkText(
    const std::string& field, std::string_view text, std::size_t mostBytes, Text kind)
{
    if (text.empty() && kind == Text::Required)
        return invalidField(field, "is missing");
    if (text.size() > mostBytes)
        return invalidField(field, "must be at most " + std::to_string(mostBytes) + " bytes");
    const bool isPlain
        = std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
    return isPlain ? absl::OkStatus() : invalidField(field, "must not hold control characters");
}

absl::Status checkAddress(const std::string& field, const common::v1::Address& address)
{
    for (const std::string* part : {&address.name(), &address.line1(), &address.line2(),
             &address.city(), &address.region(), &address.postal_code(), &address.country()}) {
        if (auto status = checkText(field, *part, kMostOfAddress); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

} // namespace shopfleet::runtime
