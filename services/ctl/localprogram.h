// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/command.h"

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace shopfleet::ctl {

/// Runs one of the programs that read the services' databases directly, and so only where those
/// are: it lies beside this program, or where the package has it. Its output is this one's; its
/// exit code likewise.
ExitCode runLocally(const Invocation& invocation, const std::string& program,
    const std::vector<std::string>& arguments);

/// --data, or the control plane's folder.
absl::StatusOr<std::string> dataFolder(const Invocation& invocation);

} // namespace shopfleet::ctl
