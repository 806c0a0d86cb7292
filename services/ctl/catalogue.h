// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/madeuporders.h"

#include <absl/status/statusor.h>

namespace shopfleet::ctl {

class Fleet;

/// What the store sells now, in one currency (the first product's), up to `most` articles.
absl::StatusOr<std::vector<Article>> readCatalogue(Fleet& fleet, size_t most);

} // namespace shopfleet::ctl
