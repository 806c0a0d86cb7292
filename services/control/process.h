// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/runtime.h"

#include <absl/status/statusor.h>

#include <string>
#include <utility>
#include <vector>

namespace shopfleet::control {

struct Command {
    std::string program; // A path.
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, std::string>>
        environment; // Added to ours; our own SHOPFLEET_* are not passed on.
    std::string logFile; // Takes stdout and stderr.
    int lock = -1; // Stays open in the process for as long as it lives; its pid is written there
                   // before it begins.
};

struct Process {
    int pid = 0;
    int descriptor = -1; // A pidfd: readable once the process has ended.
};

/// Starts a process in a session of its own: a Ctrl-C in our terminal does not reach it, and it
/// outlives us.
absl::StatusOr<Process> spawn(const Command& command);

/// A process that somebody else started.
absl::StatusOr<Process> attach(int pid);

/// How it ended, for people. Reaps it if it was our child.
std::string describeExit(const Process& process);

std::optional<Usage> usageOf(int pid);
bool hasNoDescriptorLeft(int pid);
/// A variable of the environment that it was started with; empty where it has none.
std::string variableOf(int pid, const std::string& name);
std::chrono::system_clock::time_point startOf(int pid);

} // namespace shopfleet::control
