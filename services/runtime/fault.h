// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace shopfleet::runtime {

/// Lets a share of a method's calls fail on purpose, to see that it is noticed: "PlaceOrder=0.2",
/// or
/// "*=0.2" of every method. Other services and the control plane cannot tell it from a real one.
/// False: that is none.
bool injectFault(const std::string& text);
/// Whether this call of a method ("PlaceOrder") is to fail.
bool failsOnPurpose(std::string_view method);

/// Holds the answers of a method back for so many seconds, likewise: "PlaceOrder=0.4".
bool injectDelay(const std::string& text);
std::chrono::microseconds delayOnPurpose(std::string_view method);

} // namespace shopfleet::runtime
