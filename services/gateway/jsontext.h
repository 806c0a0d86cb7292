// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <nlohmann/json.hpp>
#include <string_view>

namespace shopfleet::gateway {

constexpr int kMaxJsonDepth = 32;

/// Parses one JSON document strictly (RFC 8259 in UTF-8): no byte order mark, no NaN, no key twice
/// in one object, no NUL, nothing behind the document, and at most kMaxJsonDepth levels. Errors say
/// line and column, never what stands there.
absl::StatusOr<nlohmann::json> parseJson(std::string_view text);

} // namespace shopfleet::gateway
