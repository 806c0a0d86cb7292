// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace shopfleet::ctl {

/// A new id that nobody else has: 32 hexadecimal digits of the system's randomness.
std::string newRequestId();

} // namespace shopfleet::ctl
