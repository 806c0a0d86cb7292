// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::gateway {

// Debian's Abseil has a string_view of its own that does not mix with std's; these few lines save a
// cast in every second line.

template <class Part>
void appendTo(std::string& out, const Part& part)
{
    if constexpr (std::integral<Part>)
        out += std::to_string(part);
    else
        out += std::string_view(part.data(), part.size());
}

inline void appendTo(std::string& out, const char* part)
{
    out += part;
}

/// Joins texts and whole numbers at the end of another.
template <class... Parts>
void append(std::string& out, const Parts&... parts)
{
    (appendTo(out, parts), ...);
}

template <class... Parts>
std::string concat(const Parts&... parts)
{
    std::string out;
    append(out, parts...);
    return out;
}

inline std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

} // namespace shopfleet::gateway
