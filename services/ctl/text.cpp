// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_replace.h>

#include <algorithm>
#include <cstdint>

namespace shopfleet::ctl {

bool isUtf8(std::string_view text)
{
    // The smallest code point that needs so many following bytes; anything smaller is an overlong
    // form.
    constexpr uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80)
            continue;
        const int following = lead >= 0xF0 && lead < 0xF8 ? 3
            : lead >= 0xE0 && lead < 0xF0                 ? 2
            : lead >= 0xC0 && lead < 0xE0                 ? 1
                                                          : 0;
        if (following == 0 || i + static_cast<size_t>(following) >= text.size())
            return false;
        uint32_t point = lead & (0x3Fu >> following);
        for (int k = 0; k < following; ++k) {
            const auto next = static_cast<unsigned char>(text[++i]);
            if ((next & 0xC0) != 0x80)
                return false;
            point = point << 6 | (next & 0x3Fu);
        }
        if (point < kSmallest[following] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
            return false;
    }
    return true;
}

bool hasControls(std::string_view text)
{
    return std::any_of(text.begin(), text.end(),
        [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

std::string simplified(std::string_view text)
{
    std::string result(text);
    absl::RemoveExtraAsciiWhitespace(&result);
    return result;
}

std::string calm(std::string_view name)
{
    std::string text = simplified(name);
    const bool shouts = std::none_of(text.begin(), text.end(),
        [](char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); });
    if (!shouts)
        return text;
    absl::AsciiStrToLower(&text);
    if (!text.empty())
        text[0] = absl::ascii_toupper(static_cast<unsigned char>(text[0]));
    // Names keep their capitals.
    return absl::StrReplaceAll(text,
        {{"t-light", "T-light"}, {"union jack", "Union Jack"}, {"union flag", "Union Flag"},
            {"christmas", "Christmas"}, {"babushka", "Babushka"}, {"england", "England"},
            {"english", "English"}, {"easter", "Easter"}, {"london", "London"}, {"paris", "Paris"},
            {"french", "French"}});
}

uint64_t stableHash(std::string_view text, uint64_t seed)
{
    for (const char c : text)
        seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return seed;
}

} // namespace shopfleet::ctl
