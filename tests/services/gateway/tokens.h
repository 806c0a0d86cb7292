// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>

namespace shopfleet::gateway::testing {

/// A key pair as accounts has one, and tokens signed with it.
class Signer {
public:
    Signer();

    std::string publicKey() const;
    /// header.claims.signature of these JSON texts.
    std::string sign(const std::string& header, const std::string& claims) const;
    /// A token as accounts makes it.
    std::string token(const std::string& subject, const std::string& keyId = "k1") const;

private:
    std::array<unsigned char, 32> m_public;
    std::array<unsigned char, 64> m_secret;
};

std::string base64Url(const std::string& bytes);

/// Claims of a token that ends so many seconds from now.
std::string claims(const std::string& subject, int secondsLeft = 600,
    const std::string& audience = R"("shopfleet")");

} // namespace shopfleet::gateway::testing
