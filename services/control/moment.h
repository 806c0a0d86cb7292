// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/clock.h"

#include <google/protobuf/timestamp.pb.h>

namespace shopfleet::control {

/// The machine's time to the microsecond: that of protobuf 3.21's own function is in whole seconds.
inline google::protobuf::Timestamp momentNow()
{
    return runtime::toTimestamp(runtime::machineUs());
}

} // namespace shopfleet::control
