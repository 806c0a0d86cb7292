// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <string>

namespace shopfleet::keeper {

/// SHA-256 of the file's bytes, in hex.
absl::StatusOr<std::string> sha256Of(const std::string& file);
/// Makes a file's content, or a folder's list of names, survive a power cut.
absl::Status syncPath(const std::string& path);
absl::Status copyFile(const std::string& from, const std::string& to);

/// The right to replace a service's database: nobody writes to it and nobody has it open. Given
/// back when this goes.
class Claim {
public:
    /// FAILED_PRECONDITION where a process of the service is alive.
    static absl::StatusOr<Claim> of(const std::string& databaseFile);
    Claim(Claim&& other) noexcept;
    Claim& operator=(Claim&&) = delete;
    ~Claim();

private:
    explicit Claim(int lock)
        : m_lock(lock)
    {
    }
    int m_lock;
};

} // namespace shopfleet::keeper
