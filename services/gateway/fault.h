// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// INVALID_ARGUMENT that names the field, as google.rpc.BadRequest: what the gateway itself finds
/// wrong reads like what a service does.
absl::Status badField(std::string_view field, std::string_view rule);

} // namespace shopfleet::gateway
