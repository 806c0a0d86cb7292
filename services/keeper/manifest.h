// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace shopfleet::keeper {

/// What a backup's folder says of itself, in manifest.json: a copy that is not as it says is not
/// put back.
struct Copied {
    std::string service;
    std::string file; ///< In the folder: "orders.db".
    std::int64_t bytes = 0;
    std::string sha256;
    int schemaVersion = 0;
};
struct Manifest {
    std::string madeAt; ///< RFC 3339, UTC: the moment that the copies are of.
    std::string version; ///< Of the program that made it.
    std::vector<Copied> copies;
};

absl::Status writeManifest(const Manifest& manifest, const std::string& folder);
absl::StatusOr<Manifest> readManifest(const std::string& folder);

} // namespace shopfleet::keeper
