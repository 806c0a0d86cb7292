// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shopfleet::runtime {

/// To be called first in a main. Debian builds Abseil with its search for cycles in the order of
/// locks, which looks at every lock of gRPC's: work that finds faults of theirs, not of ours.
void stopLockTracking();

} // namespace shopfleet::runtime
