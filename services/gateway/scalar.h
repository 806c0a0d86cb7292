// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>
#include <google/protobuf/message.h>

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace shopfleet::gateway {

/// Sets a field that is no message (or adds to it, if repeated) from a JSON value: 64-bit numbers
/// as text or number, enums as name or number, bytes in base64. `path` names the field in an error;
/// the value never stands there.
absl::Status setScalar(const nlohmann::json& value, google::protobuf::Message& message,
    const google::protobuf::FieldDescriptor& field, const std::string& path);

/// The same from text: an address or a map's key.
absl::Status setScalarFromText(const std::string& text, google::protobuf::Message& message,
    const google::protobuf::FieldDescriptor& field, const std::string& path);

} // namespace shopfleet::gateway
