// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/token.h"

#include "services/gateway/jsontext.h"
#include "services/gateway/text.h"

#include <algorithm>
#include <optional>
#include <sodium.h>
#include <vector>

namespace shopfleet::gateway {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::system_clock;

constexpr std::size_t kMaxToken = 4096;
constexpr std::string_view kAudience = "shopfleet";
constexpr std::string_view kIssuer = "shopfleet-accounts";
constexpr std::chrono::seconds kSkew{
    30}; // For tokens that seem to be from the future; never for their end.

/// Strict: no padding, no spare bits, no other alphabet, so that one token has one spelling.
std::optional<std::string> decode(std::string_view text)
{
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
            text.size(), nullptr, &size, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
            != 0
        || end != text.data() + text.size())
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

std::optional<Json> decodeObject(std::string_view text)
{
    const auto bytes = decode(text);
    if (!bytes)
        return std::nullopt;
    auto document = parseJson(*bytes);
    return document.ok() && document->is_object() ? std::optional(*std::move(document))
                                                  : std::nullopt;
}

std::optional<std::string> text(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? std::optional(found->get<std::string>())
                                                       : std::nullopt;
}

/// In seconds, as tokens count: nanoseconds of an int64 end in the year 2262.
using Time = std::chrono::sys_seconds;

/// A NumericDate of RFC 7519. Numbers that no clock reaches count as missing.
std::optional<Time> time(const Json& object, const char* name)
{
    constexpr double kLatest = 253402300799.0;
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number())
        return std::nullopt;
    const auto seconds = found->get<double>();
    if (!(seconds >= 0 && seconds <= kLatest))
        return std::nullopt;
    return Time(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

bool isForUs(const Json& claims)
{
    const auto audience = claims.find("aud");
    if (audience == claims.end())
        return false;
    if (audience->is_array())
        return std::find(audience->begin(), audience->end(), kAudience) != audience->end();
    return audience->is_string() && *audience == kAudience;
}

absl::Status refuse(std::string_view why)
{
    return absl::UnauthenticatedError(std::string(why));
}

absl::StatusOr<std::string> checkClaims(const Json& claims, Time now)
{
    const auto expires = time(claims, "exp");
    if (!expires)
        return refuse("the token says no end");
    if (*expires <= now)
        return refuse("the token has expired");
    for (const char* start : {"nbf", "iat"}) {
        if (claims.contains(start)) {
            const auto at = time(claims, start);
            if (!at || *at > now + kSkew)
                return refuse("the token is not valid yet");
        }
    }
    if (claims.contains("iss") && text(claims, "iss") != kIssuer)
        return refuse("the token is from somebody else");
    if (!isForUs(claims))
        return refuse("the token is for somebody else");
    const auto subject = text(claims, "sub");
    if (!subject || subject->empty() || subject->size() > 128)
        return refuse("the token names no customer");
    return *subject;
}

} // namespace

absl::StatusOr<std::string> verifyToken(
    std::string_view token, const VerifyingKeys& keys, Clock::time_point now)
{
    const std::vector<std::string_view> parts = split(token, '.');
    if (token.size() > kMaxToken || parts.size() != 3)
        return refuse("the token is malformed");

    const auto header = decodeObject(parts[0]);
    if (!header)
        return refuse("the token is malformed");
    const auto type = text(*header, "typ").value_or("JWT");
    // "crit" asks for rules that we do not know; RFC 7515 has us refuse it.
    if (text(*header, "alg") != "EdDSA" || header->contains("crit")
        || (type != "JWT" && type != "at+jwt"))
        return refuse("the token's kind is not accepted");

    const auto signature = decode(parts[2]);
    if (!signature || signature->size() != crypto_sign_BYTES)
        return refuse("the token's signature is wrong");
    const auto keyId = text(*header, "kid");
    if (!keyId)
        return refuse("the token names no key");
    const auto key = keys.find(*keyId);
    if (key == keys.end())
        return absl::NotFoundError("the token's key is not known");
    if (key->second.notAfter <= now)
        return refuse("the token's key has expired");

    const std::string_view signedPart = token.substr(0, parts[0].size() + 1 + parts[1].size());
    const auto* bytes = reinterpret_cast<const unsigned char*>(signedPart.data());
    if (crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature->data()),
            bytes, signedPart.size(), key->second.bytes.data())
        != 0)
        return refuse("the token's signature is wrong");

    const auto claims = decodeObject(parts[1]);
    if (!claims)
        return refuse("the token is malformed");
    return checkClaims(*claims, std::chrono::floor<std::chrono::seconds>(now));
}

} // namespace shopfleet::gateway
