// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace shopfleet::accounts {

constexpr std::chrono::minutes kAccessLife{15};
constexpr std::chrono::hours kRefreshLife{24 * 30};
constexpr std::string_view kIssuer = "shopfleet-accounts";
constexpr std::string_view kAudience = "shopfleet";

/// Signs access tokens: JWT (RFC 7519) with EdDSA over Ed25519 (RFC 8037). Safe on any thread.
class Signer {
public:
    /// Reads the key, or makes it at the first start. The file is readable by this user alone; only
    /// the public half ever leaves the process.
    static absl::StatusOr<Signer> open(const std::string& keyFile);

    std::string accessToken(std::string_view customerId, std::int64_t nowUs) const;
    const std::string& keyId() const { return m_keyId; }
    std::string publicKey() const { return {m_public.begin(), m_public.end()}; }

private:
    explicit Signer(const std::array<unsigned char, 32>& seed);

    std::array<unsigned char, 32> m_public;
    std::array<unsigned char, 64> m_secret;
    std::string m_keyId;
};

/// 256 random bits for a client to keep, and what is stored of them: a stolen database signs nobody
/// in.
struct RefreshToken {
    std::string token;
    std::string hash;
};
RefreshToken makeRefreshToken();
std::string hashOf(std::string_view refreshToken);

/// 128 random bits as text, for families and token ids.
std::string randomId();
/// "c5f0…": what a person may read out, and no other customer has.
std::string randomCustomerId();

} // namespace shopfleet::accounts
