// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/keeper/copystore.h"
#include "services/keeper/manifest.h"

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <vector>

namespace shopfleet::keeper {

/// Of all services together; false: stop.
using Report
    = std::function<bool(const std::string& service, std::int64_t done, std::int64_t total)>;

struct Backup {
    std::string folder; ///< A new one in the folder that was given.
    Manifest manifest;
};

/// Copies the databases of these services (empty: of all that are in `data`) while they work. The
/// folder appears when all is in it and checked, or not at all.
///
/// Who asks is taken before who is asked (orders first, the provider late): what orders knows, the
/// others know too, and what they know beyond it, its sagas ask for again under the same keys.
absl::StatusOr<Backup> backUp(const std::string& data, std::vector<std::string> services,
    const std::string& to, const Report& report);

} // namespace shopfleet::keeper
