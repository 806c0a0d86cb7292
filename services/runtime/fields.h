// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/common/v1/common.pb.h"

#include <absl/status/status.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstddef>
#include <string>
#include <string_view>

// Rules that fields of several services share. INVALID_ARGUMENT names the field.
namespace shopfleet::runtime {

enum class Text { Optional, Required };

/// At most so many bytes, without control characters.
absl::Status checkText(const std::string& field, std::string_view text, std::size_t mostBytes,
    Text kind = Text::Optional);
/// Each part so.
absl::Status checkAddress(const std::string& field, const common::v1::Address& address);

/// From 1970 to 2199: what no clock of a store says is a mistake, and would overflow as
/// microseconds.
absl::Status checkTime(const std::string& field, const google::protobuf::Timestamp& time);

} // namespace shopfleet::runtime
