// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/fleet.h"

#include <absl/status/statusor.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

namespace shopfleet::ctl {

/// A service's error as ours: "orders: filter: unknown field \"colour\" (column 1)". Field
/// violations of the details are named.
absl::Status fromWire(std::string_view service, const grpc::Status& status);

/// True for what another try may cure: nobody there, no answer in time, too much at once.
bool isPassing(const grpc::Status& status);

/// One call with a deadline.
template <class Stub, class Base, class Request, class Response>
absl::StatusOr<Response> call(Fleet& fleet, std::string_view service, Stub& stub,
    grpc::Status (Base::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + fleet.timeout());
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok())
        return fromWire(service, status);
    return response;
}

/// How long to go on when a service does not answer. The request keeps its request_id, so it takes
/// effect once however often it is sent.
struct Patience {
    std::chrono::seconds total{60};
    std::chrono::seconds callTimeout{10};
    const std::atomic<bool>* stop = nullptr;
    std::function<void(const std::string& why)> onRetry = {};
};

/// Sends again with growing pauses (50 ms to 2 s) while the error is a passing one.
grpc::Status withPatience(
    const Patience& patience, const std::function<grpc::Status(grpc::ClientContext&)>& attempt);

template <class Stub, class Base, class Request, class Response>
absl::StatusOr<Response> callPatiently(const Patience& patience, std::string_view service,
    Stub& stub, grpc::Status (Base::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    Response response;
    const grpc::Status status = withPatience(patience, [&](grpc::ClientContext& context) {
        context.set_deadline(std::chrono::system_clock::now() + patience.callTimeout);
        response.Clear();
        return (stub.*method)(&context, request, &response);
    });
    if (!status.ok())
        return fromWire(service, status);
    return response;
}

} // namespace shopfleet::ctl
