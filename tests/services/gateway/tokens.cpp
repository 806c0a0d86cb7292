// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/gateway/tokens.h"

#include <chrono>
#include <sodium.h>

namespace shopfleet::gateway::testing {

Signer::Signer()
{
    crypto_sign_keypair(m_public.data(), m_secret.data());
}

std::string Signer::publicKey() const
{
    return std::string(reinterpret_cast<const char*>(m_public.data()), m_public.size());
}

std::string Signer::sign(const std::string& header, const std::string& claims) const
{
    const std::string text = base64Url(header) + "." + base64Url(claims);
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), m_secret.data());
    return text + "." + base64Url(signature);
}

std::string Signer::token(const std::string& subject, const std::string& keyId) const
{
    return sign(R"({"alg":"EdDSA","typ":"JWT","kid":")" + keyId + "\"}", claims(subject));
}

std::string base64Url(const std::string& bytes)
{
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(),
        reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), kVariant);
    text.pop_back(); // The closing NUL.
    return text;
}

std::string claims(const std::string& subject, int secondsLeft, const std::string& audience)
{
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::system_clock::now().time_since_epoch())
                         .count();
    return R"({"sub":")" + subject + R"(","aud":)" + audience + R"(,"iat":)" + std::to_string(now)
        + R"(,"exp":)" + std::to_string(now + secondsLeft) + "}";
}

} // namespace shopfleet::gateway::testing
