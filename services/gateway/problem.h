// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "google/rpc/status.pb.h"
#include "services/gateway/http.h"

#include <absl/status/status.h>

#include <string>
#include <string_view>

namespace grpc {
class Status;
}

namespace shopfleet::gateway {

/// A service's error, with its google.rpc details.
google::rpc::Status toRpcStatus(const grpc::Status& status);
google::rpc::Status toRpcStatus(const absl::Status& status);

/// RFC 9457: an error as application/problem+json. Wrong fields are listed by their JSON names,
/// reasons for programs stand in `reason`. What is our fault says nothing but the trace id:
/// messages of servers and channels tell of hosts and files. `resource` is the type that the method
/// answers with: if the error carries the current one, it is shown.
HttpReply problem(
    const google::rpc::Status& error, std::string_view traceId, std::string_view resource = {});

/// A problem of HTTP itself, which no gRPC code stands for: 405, 413, 415, …
HttpReply problem(int status, std::string_view detail, std::string_view traceId);

/// "Not Found".
std::string_view reasonPhrase(int status);

} // namespace shopfleet::gateway
