// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace shopfleet::auditor {

/// All services' databases side by side, to be read only, while the store runs. Each query sees
/// each database as of one moment, but not all of them as of the same.
class Books {
public:
    /// `data`: the fleet's folder, with one folder a service. The error names the file that cannot
    /// be read.
    static absl::StatusOr<Books> open(const std::string& data);

    using Row = std::function<void(const std::vector<std::string>& columns)>;
    absl::Status select(const std::string& sql, const Row& row) const;
    absl::StatusOr<std::int64_t> count(const std::string& table) const;

private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    std::unique_ptr<sqlite3, Close> m_db;
};

} // namespace shopfleet::auditor
