// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/carrier/v1/carrier.pb.h"

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

/// What the carrier takes, and what it calls it. Pure.
namespace shopfleet::carrier {

absl::Status checkHandOver(const v1::HandOverRequest& request);
absl::Status checkKey(const std::string& key);

/// Is it the parcel that this request hands over?
bool isSame(const v1::HandOverRequest& request, const v1::Parcel& parcel);

/// The Universal Postal Union's S10: "SB", eight digits, their check digit, "GB".
std::string trackingNumber(std::int64_t serial);
bool isTrackingNumber(std::string_view number);

} // namespace shopfleet::carrier
