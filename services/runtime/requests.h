// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"

#include <absl/status/statusor.h>

#include <functional>

namespace shopfleet::runtime {

/// The tables that every service's database has beside its own: answered requests and the change
/// log.
extern const char* const kRuntimeSchema;

/// Answers a request once: the same id with the same body gives the first answer's bytes, on every
/// replica, for 24 hours; with another body it is ABORTED (REQUEST_ID_REUSED). A failed attempt
/// leaves no trace. Runs inside the writer's transaction, so that effect and answer are one.
absl::Status once(Connection& connection, const google::protobuf::Message& request,
    google::protobuf::Message* response, const std::function<absl::Status()>& effect);

/// Only the first half: was it answered before? Then `response` is that answer. For work that asks
/// others between one transaction and the next.
absl::StatusOr<bool> answeredBefore(Connection& connection,
    const google::protobuf::Message& request, google::protobuf::Message* response);

/// The request's `request_id`: 1 to 64 characters, or INVALID_ARGUMENT.
absl::Status checkRequestId(const google::protobuf::Message& request);

/// Forgets answers that are older than 24 hours, a few at a time.
absl::Status forgetOldRequests(Connection& connection);

} // namespace shopfleet::runtime
