// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// Appends text as a JSON string.
void appendQuoted(std::string_view text, std::string& out);

/// Appends a message as JSON by proto3's mapping: lowerCamel names, enums by name, 64-bit numbers
/// as text. Zeros, empty texts and empty lists are written out, so that a client need not know
/// defaults; messages that are not set are left out. Several times faster than protobuf's own,
/// which builds its type tables anew for every message.
void appendJson(const google::protobuf::Message& message, std::string& out);

} // namespace shopfleet::gateway
