// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// A public key of accounts (Ed25519) and the end of its life.
struct VerifyingKey {
    std::array<unsigned char, 32> bytes{};
    std::chrono::system_clock::time_point notAfter;
};

using VerifyingKeys = std::map<std::string, VerifyingKey, std::less<>>;

/// Verifies a customer's access token, a JWT signed with EdDSA, and gives its subject. The
/// algorithm is never taken from the token: whatever does not say EdDSA is refused before a key is
/// looked up. NOT_FOUND: signed with a key that is not here (perhaps a new one); UNAUTHENTICATED:
/// anything else that is wrong.
absl::StatusOr<std::string> verifyToken(
    std::string_view token, const VerifyingKeys& keys, std::chrono::system_clock::time_point now);

} // namespace shopfleet::gateway
