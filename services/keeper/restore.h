// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/keeper/backup.h"

namespace shopfleet::keeper {

struct Restored {
    std::string madeAt;
    std::vector<std::string> services;
    std::vector<std::string> kept; ///< Where the databases are that were there before.
};

/// Puts copies of these services (empty: of all in the backup) back in place, after a look at each:
/// either all are whole and none of the services runs, or nothing is changed. What was there stays
/// beside it, as SERVICE.db.before-TIME.
absl::StatusOr<Restored> restore(const std::string& folder, std::vector<std::string> services,
    const std::string& data, const Report& report);

} // namespace shopfleet::keeper
