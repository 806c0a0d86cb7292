// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

struct sqlite3;

namespace shopfleet::keeper {

/// Called now and then with bytes; false: stop (CANCELLED).
using Progress = std::function<bool(std::int64_t done, std::int64_t total)>;

struct CloseDatabase {
    void operator()(sqlite3* db) const;
};

/// A database as it is at one moment, while its service goes on writing.
class Snapshot {
public:
    /// Takes the moment: what is committed later is not in it.
    static absl::StatusOr<Snapshot> take(const std::string& file);

    /// Copies it, page by page, to a file that is not there yet, and makes that durable.
    absl::Status copyTo(const std::string& file, const Progress& progress) const;
    std::int64_t bytes() const { return m_bytes; }
    int schemaVersion() const { return m_schemaVersion; }

private:
    std::unique_ptr<sqlite3, CloseDatabase> m_db;
    std::string m_file;
    std::int64_t m_bytes = 0;
    int m_schemaVersion = 0;
};

/// DATA_LOSS where the file is no whole database.
absl::Status checkCopy(const std::string& file);

} // namespace shopfleet::keeper
