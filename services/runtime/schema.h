// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace shopfleet::runtime {

/// A schema is a text of append-only sections, each begun by a line `-- @N title`; the database's
/// user_version says which it has. The last one's number, or INVALID_ARGUMENT where they do not
/// count upwards.
absl::StatusOr<std::int64_t> newestSection(std::string_view schema);

/// Brings the database up to date, a transaction a section. FAILED_PRECONDITION where it is newer
/// than this program.
absl::Status migrate(Connection& connection, const std::string& path, std::string_view schema);

/// Whether a reader may begin: UNAVAILABLE until the writer has brought the tables,
/// FAILED_PRECONDITION where the database is newer than this program.
absl::Status checkSchema(Connection& connection, const std::string& path, std::string_view schema);

/// DATA_LOSS names the file and the first thing that is wrong in it.
absl::Status quickCheck(Connection& connection, const std::string& path);

} // namespace shopfleet::runtime
