// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/strings/string_view.h>

#include <fmt/format.h>
#include <iterator>
#include <string>

namespace shopfleet::runtime {

/// The parts one after the other. Debian's Abseil has a string_view of its own, so that
/// absl::StrCat takes none of the standard's and fmt none of Abseil's.
template <class... Parts>
std::string text(const Parts&... parts)
{
    std::string result;
    const auto add = [&result](const auto& part) {
        if constexpr (std::is_same_v<std::decay_t<decltype(part)>, absl::string_view>)
            result.append(part.data(), part.size());
        else
            fmt::format_to(std::back_inserter(result), "{}", part);
    };
    (add(parts), ...);
    return result;
}

} // namespace shopfleet::runtime
