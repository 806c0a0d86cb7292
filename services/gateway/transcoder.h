// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/router.h"
#include "services/gateway/routes.h"
#include "services/gateway/uri.h"

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <string_view>

namespace shopfleet::gateway {

/// What of an HTTP request makes the message.
struct RequestParts {
    Bindings path;
    Parameters query;
    std::string_view body;
};

/// The route's request message, filled from path, query and body; each field may come from one of
/// them only.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> toMessage(
    const Route& route, const RequestParts& parts);

/// Sets the field that names the caller from the token's subject; a request that set it itself is
/// refused.
absl::Status setCaller(
    const Route& route, const std::string& subject, google::protobuf::Message& message);

/// Settles the request's id: the header's, else the body's, else a new one; returns it (empty for a
/// method without).
absl::StatusOr<std::string> setRequestId(
    const Route& route, std::string_view header, google::protobuf::Message& message);

/// A reply off the wire as JSON. An error is a reply that is not of the method's type.
absl::StatusOr<std::string> toJson(const Route& route, std::string_view wire);

} // namespace shopfleet::gateway
