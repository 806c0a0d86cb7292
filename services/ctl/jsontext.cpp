// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/jsontext.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

namespace shopfleet::ctl {

Json toJson(const google::protobuf::Message& message)
{
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    options.always_print_primitive_fields = true;
    std::string text;
    if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok())
        return Json::object();
    return Json::parse(text, nullptr, false);
}

std::string toText(const Json& json, bool oneLine)
{
    return json.dump(oneLine ? -1 : 2, ' ', false, Json::error_handler_t::replace);
}

} // namespace shopfleet::ctl
