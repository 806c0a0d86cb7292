// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/uri.h"

#include <algorithm>
#include <cstddef>

namespace shopfleet::gateway {
namespace {

constexpr std::size_t kMaxParameters = 200;

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Length of the sequence that starts at `at`, or 0 if it is malformed.
std::size_t sequence(std::string_view bytes, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return lead == 0 ? 0 : 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + length > bytes.size())
        return 0;
    // The second byte's range excludes overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high)
        return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF)
            return 0;
    }
    return length;
}

} // namespace

bool isText(std::string_view bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = sequence(bytes, at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

absl::StatusOr<std::string> decodePercent(std::string_view encoded)
{
    std::string decoded;
    decoded.reserve(encoded.size());
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] != '%') {
            decoded += encoded[i];
            continue;
        }
        const int high = i + 2 < encoded.size() ? hexDigit(encoded[i + 1]) : -1;
        const int low = i + 2 < encoded.size() ? hexDigit(encoded[i + 2]) : -1;
        if (high < 0 || low < 0)
            return absl::InvalidArgumentError("the address holds a broken % escape");
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!isText(decoded))
        return absl::InvalidArgumentError("the address is not valid UTF-8 text");
    return decoded;
}

absl::StatusOr<Parameters> parseQuery(std::string_view query)
{
    Parameters parameters;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty())
            continue;
        if (parameters.size() == kMaxParameters)
            return absl::InvalidArgumentError("the query has too many parameters");
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto part = [](std::string_view text) {
            std::string spaced(text);
            std::replace(spaced.begin(), spaced.end(), '+', ' ');
            return decodePercent(spaced);
        };
        auto name = part(pair.substr(0, equals));
        auto value = part(pair.substr(std::min(equals + 1, pair.size())));
        if (!name.ok())
            return name.status();
        if (!value.ok())
            return value.status();
        parameters.emplace_back(*std::move(name), *std::move(value));
    }
    return parameters;
}

} // namespace shopfleet::gateway
