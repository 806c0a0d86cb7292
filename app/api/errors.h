// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <absl/status/status.h>

#include <string>

namespace api {

/// A status as it came over the wire, with its google.rpc details as payloads.
absl::Status fromWire(int code, const std::string& message, const std::string& details);

/// One sentence for the user, translated. The only place where error codes become prose.
QString describe(const absl::Status& status);

} // namespace api
