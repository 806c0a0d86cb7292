// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>

namespace shopfleet::gateway {

/// JSON Schema of a field as proto3's JSON mapping writes it; the messages that it names are added
/// to `components`.
nlohmann::ordered_json schemaOf(
    const google::protobuf::FieldDescriptor& field, nlohmann::ordered_json& components);

/// A reference to a message's schema, which is added to `components`.
nlohmann::ordered_json schemaOf(
    const google::protobuf::Descriptor& message, nlohmann::ordered_json& components);

} // namespace shopfleet::gateway
