// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace shopfleet::orders {

/// An order has gone on from a step: how long it dwelt there since it came to it, over tries,
/// pauses and restarts. Metric `shopfleet_saga_step_seconds`, by service and method.
void countDwell(const std::string& service, const std::string& method, std::int64_t microseconds);

} // namespace shopfleet::orders
