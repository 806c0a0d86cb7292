// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/support/status.h>

#include <string>

namespace shopfleet::runtime {

/// Listens to what protobuf says while it parses, so that the sender of a bad request is told which
/// field is broken.
void listenToParser();

/// What was heard on this thread so far is of no interest.
void forgetBrokenField();

/// INVALID_ARGUMENT for the request that this thread could not parse last.
grpc::Status malformedRequest();

} // namespace shopfleet::runtime
