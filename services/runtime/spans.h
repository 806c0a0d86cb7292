// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/trace.h"

#include <absl/status/status.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/client_interceptor.h>

#include <cstdint>
#include <memory>
#include <string>

namespace shopfleet::runtime {

/// A piece of work that is over: a call that was answered or asked, or something within.
struct Span {
    enum class Kind { Internal = 1, Server = 2, Client = 3 }; ///< As OTLP numbers them.

    Trace trace; ///< Its `spanId` is this span's own.
    std::string parentId = {}; ///< Empty: the trace begins here.
    std::string name; ///< "shopfleet.orders.v1.Orders/PlaceOrder", or what it did.
    Kind kind = Kind::Internal;
    std::int64_t startUs = 0; ///< By nowUs().
    std::int64_t endUs = 0;
    int code = 0; ///< gRPC's.
    std::string message = {}; ///< Of a call that did not end well.
    std::string peer = {}; ///< Who was asked: "ipv4:127.0.0.1:41234".
};

/// From now on what is recorded is sent by OTLP/gRPC (opentelemetry-proto, TraceService/Export) to
/// whoever `channel` reaches, twice a second. Nobody there: the newest few thousand spans wait.
void startTracing(const std::string& service, const std::string& replica,
    const std::shared_ptr<grpc::Channel>& channel);
/// Sends what is left, for at most a second.
void stopTracing();
bool isTracing();

/// Keeps it if its trace is sampled, or if it failed or was slow. Never waits.
void record(Span span);

/// Whether a call that ended so says that something is broken: a refusal is an answer like another.
bool isFailure(int code);
/// "UNAVAILABLE".
const char* codeName(int code);

/// Something that takes time within the call that this thread works on.
class SpanTimer {
public:
    explicit SpanTimer(std::string name);
    void end(const absl::Status& status);

private:
    Span m_span;
};

/// Gives each call of a channel its span, and the called one its parent.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> makeCallTracing();

} // namespace shopfleet::runtime
