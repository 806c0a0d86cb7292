// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/keeper/files.h"

#include <absl/strings/str_cat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sodium.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace shopfleet::keeper {
namespace {

/// The byte of FILE-shm that each process that has a WAL database open holds a shared lock on: see
/// "WAL-mode File Format" of SQLite's documentation.
constexpr off_t kOpenLock = 128;
constexpr std::chrono::milliseconds kLooks{3'000};
constexpr std::chrono::milliseconds kPause{50};

absl::Status failed(const std::string& path)
{
    return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(errno)));
}

bool isOpenSomewhere(const std::string& databaseFile)
{
    const int file = ::open((databaseFile + "-shm").c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return false;
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kOpenLock;
    lock.l_len = 1;
    const bool open = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(file);
    return open;
}

} // namespace

absl::StatusOr<std::string> sha256Of(const std::string& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return failed(file);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::array<char, 1 << 16> buffer;
    while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
        crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(buffer.data()),
            static_cast<unsigned long long>(in.gcount()));
    if (in.bad())
        return failed(file);
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256_final(&state, hash.data());
    std::array<char, 2 * hash.size() + 1> hex;
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return std::string(hex.data());
}

absl::Status syncPath(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return failed(path);
    const bool synced = ::fsync(file) == 0;
    absl::Status status = synced ? absl::OkStatus() : failed(path);
    ::close(file);
    return status;
}

absl::Status copyFile(const std::string& from, const std::string& to)
{
    std::error_code error;
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
    if (error)
        return absl::UnavailableError(absl::StrCat(to, ": ", error.message()));
    return syncPath(to);
}

absl::StatusOr<Claim> Claim::of(const std::string& databaseFile)
{
    const std::string lock = databaseFile + ".lock";
    const int file = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return failed(lock);
    Claim claim(file);
    const bool nobodyWrites = ::flock(file, LOCK_EX | LOCK_NB) == 0;
    // Whoever only looks (an audit, a backup) is waited for.
    for (auto waited = kLooks; nobodyWrites && isOpenSomewhere(databaseFile) && waited.count() > 0;
         waited -= kPause)
        std::this_thread::sleep_for(kPause);
    if (!nobodyWrites || isOpenSomewhere(databaseFile))
        return absl::FailedPreconditionError(absl::StrCat(databaseFile,
            " is in use: end the store first (or this service, if it still runs); nothing was "
            "changed"));
    return claim;
}

Claim::Claim(Claim&& other) noexcept
    : m_lock(std::exchange(other.m_lock, -1))
{
}

Claim::~Claim()
{
    if (m_lock >= 0)
        ::close(m_lock); // And the lock with it.
}

} // namespace shopfleet::keeper
