// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

namespace google::protobuf {
class Message;
}

namespace shopfleet::ctl {

/// Fields stay in the order in which they are put in.
using Json = nlohmann::ordered_json;

/// A message as its contract's JSON, with the contract's field names. As everywhere in protobuf's
/// JSON, 64-bit numbers are strings.
Json toJson(const google::protobuf::Message& message);

/// On one line or many; bytes that are no UTF-8 are replaced, never an error.
std::string toText(const Json& json, bool oneLine = false);

} // namespace shopfleet::ctl
