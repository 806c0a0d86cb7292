// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/fault.h"

#include "google/rpc/error_details.pb.h"
#include "services/gateway/text.h"

#include <absl/strings/cord.h>

namespace shopfleet::gateway {

absl::Status badField(std::string_view field, std::string_view rule)
{
    google::rpc::BadRequest details;
    auto* violation = details.add_field_violations();
    violation->set_field(std::string(field));
    violation->set_description(std::string(rule));
    auto status = absl::InvalidArgumentError(concat(field, " ", rule));
    status.SetPayload(concat("type.googleapis.com/", details.GetDescriptor()->full_name()),
        absl::Cord(details.SerializeAsString()));
    return status;
}

} // namespace shopfleet::gateway
