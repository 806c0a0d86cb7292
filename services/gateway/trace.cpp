// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/trace.h"

#include "services/gateway/text.h"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace shopfleet::gateway {
namespace {

template <std::size_t size>
std::string randomHex()
{
    std::array<unsigned char, size> bytes;
    std::array<char, 2 * size + 1> text;
    randombytes_buf(bytes.data(), bytes.size());
    return sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
}

bool isHex(std::string_view text, std::size_t size)
{
    return text.size() == size && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

bool isId(std::string_view text, std::size_t size)
{
    return isHex(text, size) && text.find_first_not_of('0') != std::string_view::npos;
}

} // namespace

Trace Trace::from(std::string_view traceparent)
{
    Trace trace;
    trace.span = randomHex<8>();
    const auto parts = split(traceparent, '-');
    if (parts.size() == 4 && parts[0] == "00" && isId(parts[1], 32) && isId(parts[2], 16)
        && isHex(parts[3], 2)) {
        trace.id = parts[1];
        trace.flags = parts[3];
    } else {
        trace.id = randomHex<16>();
    }
    return trace;
}

std::string Trace::header() const
{
    return concat("00-", id, "-", span, "-", flags);
}

} // namespace shopfleet::gateway
