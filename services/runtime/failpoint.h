// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace shopfleet::runtime {

/// A named place at which a test can end this process, as kill -9 or a power cut would. Nothing at
/// all unless SHOPFLEET_FAILPOINTS names a folder when the process starts. Then each place that is
/// passed leaves an empty file DIR/seen/PROGRAM.PLACE.MOMENT, so that a test can enumerate them;
/// and where DIR/armed holds a file of that name, it is removed and the process is killed. So a
/// crash happens once, and the next process gets through.
void failpoint(std::string_view place, std::string_view moment);

} // namespace shopfleet::runtime
