// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/carrier/rules.h"

#include "services/runtime/fields.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <array>

namespace shopfleet::carrier {
namespace {

constexpr std::size_t kMostOfKey = 128;
constexpr std::int64_t kSerials = 100'000'000;

} // namespace

absl::Status checkKey(const std::string& key)
{
    return runtime::checkText("key", key, kMostOfKey, runtime::Text::Required);
}

absl::Status checkHandOver(const v1::HandOverRequest& request)
{
    absl::Status status = checkKey(request.key());
    return status.ok() ? runtime::checkAddress("address", request.address()) : status;
}

bool isSame(const v1::HandOverRequest& request, const v1::Parcel& parcel)
{
    using google::protobuf::util::MessageDifferencer;
    return request.fetched() == parcel.fetched()
        && MessageDifferencer::Equals(request.address(), parcel.address());
}

std::string trackingNumber(std::int64_t serial)
{
    constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
    const std::string digits = std::to_string(kSerials + serial % kSerials).substr(1);
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i)
        sum += kWeights[i] * (digits[i] - '0');
    const int rest = 11 - sum % 11;
    const int check = rest == 10 ? 0 : rest == 11 ? 5 : rest;
    return "SB" + digits + std::to_string(check) + "GB";
}

bool isTrackingNumber(std::string_view number)
{
    if (number.size() != 13
        || !std::ranges::all_of(number.substr(2, 9), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    return trackingNumber(std::stoll(std::string(number.substr(2, 8)))) == number;
}

} // namespace shopfleet::carrier
