// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// The field that a client means by its JSON or its proto name; null if there is none.
const google::protobuf::FieldDescriptor* findField(
    const google::protobuf::Descriptor& message, std::string_view name);

/// Fills a message from a JSON object by proto3's mapping. Refuses what the message does not know,
/// and names the field of every error by its path. `path` is where the object stands.
absl::Status readJson(
    const nlohmann::json& object, google::protobuf::Message& message, const std::string& path = {});

/// A field and the message that it is in.
struct Place {
    google::protobuf::Message* message = nullptr;
    const google::protobuf::FieldDescriptor* field = nullptr;
};

/// Follows a dotted path, making the messages on the way.
absl::StatusOr<Place> findPlace(google::protobuf::Message& message, std::string_view path);

/// Sets a field from a piece of an address; a repeated field gets one more value. `path` names it
/// in an error.
absl::Status setFromText(const Place& place, const std::string& text, const std::string& path);

} // namespace shopfleet::gateway
