// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/locks.h"

#include <absl/synchronization/mutex.h>

namespace shopfleet::runtime {

void stopLockTracking()
{
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

} // namespace shopfleet::runtime
