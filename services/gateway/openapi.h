// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/routes.h"

#include <string>
#include <vector>

namespace shopfleet::gateway {

/// OpenAPI 3.1 of the routes that are open to the outside, from the contracts alone.
std::string openApi(const std::vector<Route>& routes);

} // namespace shopfleet::gateway
