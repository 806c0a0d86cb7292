// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/system/storeworld.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

/// Bad requests for any method, made from its descriptor: a valid request with one field spoilt, or
/// bytes that are no such request at all. A new method or field is covered without a line here.
namespace badrequests {

enum class Expect {
    Answer, ///< OK or a refusal: what matters is that nothing breaks.
    Refusal, ///< Not OK.
    Naming, ///< INVALID_ARGUMENT that names the field.
};

struct Case {
    std::string field; ///< "order.lines[0].sku"; empty: the message as a whole.
    std::string what; ///< "not UTF-8"
    Expect expect = Expect::Answer;
    std::string bytes;
};

using Method = google::protobuf::MethodDescriptor;

bool isRead(const Method& method);
/// A request that the method takes, in this world; a new one each time.
std::unique_ptr<google::protobuf::Message> validRequest(
    const Method& method, const StoreWorld& world);
std::vector<Case> casesOf(const Method& method, const StoreWorld& world);

} // namespace badrequests
