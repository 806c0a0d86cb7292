// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/provider/v1/provider.pb.h"

#include <absl/status/status.h>

#include <string>

// What a request must look like. Pure.
namespace shopfleet::provider {

absl::Status checkKey(const std::string& key);
absl::Status checkAct(const v1::ActRequest& request);

} // namespace shopfleet::provider
