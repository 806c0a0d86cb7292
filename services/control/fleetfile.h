// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace shopfleet::control {

/// What the fleet file says of one service.
struct ServiceSpec {
    std::string name;
    std::string program;
    std::vector<std::string> arguments;
    int replicas = 1;
    int min = 1;
    int max = 16;
    bool database = false; // One replica writes, the others read.
    bool http = false; // Takes --http: it is where shoppers come in.
};

struct FleetFile {
    std::string environment;
    std::vector<ServiceSpec> services;
};

/// Reads the fleet file. A refusal names the file, the line and the field: "fleet.yaml:7:
/// services[1].replicas: …".
absl::StatusOr<FleetFile> readFleetFile(const std::string& path);
absl::StatusOr<FleetFile> parseFleetFile(const std::string& text, const std::string& path);

} // namespace shopfleet::control
