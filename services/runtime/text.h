// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <iterator>
#include <string>

namespace shopfleet::runtime {

/// The parts one after the other. Debian's Abseil has a string_view of its own, so that
/// absl::StrCat takes none of the standard's.
template <class... Parts>
std::string text(const Parts&... parts)
{
    std::string result;
    (fmt::format_to(std::back_inserter(result), "{}", parts), ...);
    return result;
}

} // namespace shopfleet::runtime
