// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/fields.h"

#include "services/runtime/status.h"

#include <algorithm>
#include <cstdint>

namespace shopfleet::runtime {
namespace {

constexpr std::size_t kMostOfAddress = 1000;

constexpr std::int64_t kYear2200 = 7'258'118'400;

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

absl::Status checkTime(const std::string& field, const google::protobuf::Timestamp& time)
{
    const bool isGood = time.seconds() >= 0 && time.seconds() < kYear2200 && time.nanos() >= 0
        && time.nanos() <= 999'999'999;
    return isGood ? absl::OkStatus() : invalidField(field, "must be a time from 1970 to 2199");
}

} // namespace shopfleet::runtime
