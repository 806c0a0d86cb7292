// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shopfleet::ctl {

/// What scripts go by; `--help` says the same.
enum ExitCode {
    kDone = 0,
    kFailed = 1, ///< The operation failed, or was interrupted.
    kUsage = 2, ///< Wrong usage: nothing was asked of anybody.
    kUnreachable = 3, ///< A service, the control plane or the gateway cannot be reached.
};

} // namespace shopfleet::ctl
