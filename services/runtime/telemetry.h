// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/trace.h"

#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <prometheus/registry.h>
#include <string>

namespace shopfleet::runtime {

class Database;

/// The process's metrics; served on --metrics.
prometheus::Registry& metrics();

/// Counts and times every call, gives it its span, and makes good what gRPC 1.51 says of a
/// malformed message.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> makeTelemetry();

/// Figures of the process and of its database, if it has one, read at each scrape.
std::shared_ptr<prometheus::Collectable> processMetrics(const Database* database);

} // namespace shopfleet::runtime
