// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/tokens.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shopfleet::accounts {
namespace {

using Seed = std::array<unsigned char, crypto_sign_SEEDBYTES>;

const unsigned char* bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(const unsigned char* data, std::size_t size)
{
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_encoded_len(size, kVariant), '\0');
    sodium_bin2base64(out.data(), out.size(), data, size, kVariant);
    out.pop_back(); // libsodium counts the closing zero.
    return out;
}

std::string base64(std::string_view text)
{
    return base64(bytes(text), text.size());
}

std::string sha256(std::string_view text)
{
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(out.data()), bytes(text), text.size());
    return out;
}

absl::Status fileError(const std::string& file)
{
    return absl::UnavailableError(file + ": " + std::strerror(errno));
}

// Several replicas may start at once: each writes a file of its own, and one link wins.
absl::Status makeKey(const std::string& file)
{
    Seed seed;
    randombytes_buf(seed.data(), seed.size());
    const std::string draft = file + "." + std::to_string(::getpid());
    const int fd
        = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return fileError(draft);
    const bool written = ::write(fd, seed.data(), seed.size()) == static_cast<ssize_t>(seed.size())
        && ::fsync(fd) == 0;
    ::close(fd);
    sodium_memzero(seed.data(), seed.size());
    const bool linked = written && (::link(draft.c_str(), file.c_str()) == 0 || errno == EEXIST);
    absl::Status status = linked ? absl::OkStatus() : fileError(file);
    ::unlink(draft.c_str());
    return status;
}

absl::StatusOr<Seed> readKey(const std::string& file)
{
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fileError(file);
    struct stat about { };
    Seed seed;
    const bool whole = ::fstat(fd, &about) == 0 && about.st_size == static_cast<off_t>(seed.size())
        && ::read(fd, seed.data(), seed.size()) == static_cast<ssize_t>(seed.size());
    ::close(fd);
    if (!whole)
        return absl::DataLossError(file + ": is not a signing key of 32 bytes");
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return absl::FailedPreconditionError(
            file + ": others may read this signing key; make it readable by its owner alone");
    return seed;
}

} // namespace

absl::StatusOr<Signer> Signer::open(const std::string& keyFile)
{
    if (sodium_init() < 0)
        return absl::InternalError("libsodium found no randomness");
    if (::access(keyFile.c_str(), F_OK) != 0) {
        if (auto status = makeKey(keyFile); !status.ok())
            return status;
    }
    auto seed = readKey(keyFile);
    if (!seed.ok())
        return seed.status();
    Signer signer(*seed);
    sodium_memzero(seed->data(), seed->size());
    return signer;
}

Signer::Signer(const std::array<unsigned char, 32>& seed)
{
    crypto_sign_seed_keypair(m_public.data(), m_secret.data(), seed.data());
    const std::string print
        = sha256({reinterpret_cast<const char*>(m_public.data()), m_public.size()});
    m_keyId = base64(std::string_view(print).substr(0, 12));
}

std::string Signer::accessToken(std::string_view customerId, std::int64_t nowUs) const
{
    const std::int64_t now = nowUs / 1'000'000;
    const std::int64_t life = std::chrono::seconds(kAccessLife).count();
    const nlohmann::json header = {{"alg", "EdDSA"}, {"typ", "JWT"}, {"kid", m_keyId}};
    const nlohmann::json claims = {{"iss", kIssuer}, {"aud", kAudience}, {"sub", customerId},
        {"iat", now}, {"nbf", now}, {"exp", now + life}, {"jti", randomId()}};
    std::string token = base64(header.dump()) + "." + base64(claims.dump());
    std::array<unsigned char, crypto_sign_BYTES> signature;
    crypto_sign_detached(signature.data(), nullptr, bytes(token), token.size(), m_secret.data());
    return token + "." + base64(signature.data(), signature.size());
}

RefreshToken makeRefreshToken()
{
    std::array<unsigned char, 32> secret;
    randombytes_buf(secret.data(), secret.size());
    RefreshToken result;
    result.token = base64(secret.data(), secret.size());
    result.hash = hashOf(result.token);
    return result;
}

std::string hashOf(std::string_view refreshToken)
{
    return base64(sha256(refreshToken));
}

std::string randomId()
{
    std::array<unsigned char, 16> random;
    randombytes_buf(random.data(), random.size());
    return base64(random.data(), random.size());
}

std::string randomCustomerId()
{
    std::array<unsigned char, 8> random;
    randombytes_buf(random.data(), random.size());
    std::array<char, 2 * random.size() + 1> hex;
    sodium_bin2hex(hex.data(), hex.size(), random.data(), random.size());
    return std::string("c") + hex.data();
}

} // namespace shopfleet::accounts
