// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <string>

namespace shopfleet::control {

/// How controld is called. Each flag is an environment variable as well: --listen is
/// SHOPFLEET_CONTROL, --gateway SHOPFLEET_GATEWAY.
struct Options {
    std::string fleet;
    std::string data;
    std::string programs;
    std::string host = "127.0.0.1";
    int port = 7400;
    std::string gateway = "127.0.0.1:8080";
    std::string metrics = "127.0.0.1:0";
    std::string targets = "127.0.0.1:0";
    std::string announce;
    std::string logLevel;
    int auditEverySeconds = 60;
    bool detach = false;
    bool help = false;
};

absl::StatusOr<Options> readOptions(int argc, char** argv);

} // namespace shopfleet::control
