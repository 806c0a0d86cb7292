// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace shopfleet::runtime {

/// Lets a share of a method's calls fail on purpose, to see that it is noticed: "PlaceOrder=0.2".
/// Other services and the control plane cannot tell it from a real one. False: that is none.
bool injectFault(const std::string& text);
/// Whether this call of a method ("PlaceOrder") is to fail.
bool failsOnPurpose(std::string_view method);

} // namespace shopfleet::runtime
