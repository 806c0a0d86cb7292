// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shopfleet::gateway {

/// A query's parameters in the order of the request; a name may come several times.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// True for well-formed UTF-8 (no surrogates, nothing overlong) without NUL.
bool isText(std::string_view bytes);

/// Resolves %XX; refuses a broken escape and whatever is not text afterwards.
absl::StatusOr<std::string> decodePercent(std::string_view encoded);

/// Splits `a=1&b=2`; here a plus is a space, as forms send it.
absl::StatusOr<Parameters> parseQuery(std::string_view query);

} // namespace shopfleet::gateway
