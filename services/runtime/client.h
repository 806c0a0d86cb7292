// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/status.h"
#include "services/runtime/trace.h"

#include <grpcpp/client_context.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace shopfleet::runtime {

/// Gives an outgoing call its deadline and its trace: that of what this thread works on, where it
/// is not another's.
void prepare(grpc::ClientContext& context, std::chrono::milliseconds timeout,
    const Trace& trace = currentTrace());

/// Runs `again` after a pause that grows with the attempt and differs from caller to caller. False
/// where no attempt is left, or none that could end before the deadline.
bool retryLater(
    int attempt, std::chrono::system_clock::time_point deadline, std::function<void()> again);

/// What may be asked again when a service was away: what changes nothing, and what carries a
/// request_id.
enum class Repeat { Never, WhenAway };

struct CallOptions {
    std::optional<Repeat> repeat
        = {}; ///< WhenAway for a request that carries a request_id, else Never.
};

namespace detail {

template <class Request>
concept Keyed = requires(const Request& request)
{
    request.request_id();
};

template <class Async, class Request, class Reply>
using Method = void (Async::*)(
    grpc::ClientContext*, const Request*, Reply*, std::function<void(grpc::Status)>);

/// What must live as long as the call does.
template <class Async, class Request, class Reply>
struct Call : std::enable_shared_from_this<Call<Async, Request, Reply>> {
    Async* stub;
    Method<Async, Request, Reply> method;
    Request request;
    std::chrono::system_clock::time_point deadline;
    Trace trace = currentTrace();
    Repeat repeat;
    std::function<void(absl::StatusOr<Reply>)> done;
    int attempt = 0;
    std::unique_ptr<grpc::ClientContext> context; // One for each attempt.
    Reply reply;

    void start()
    {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::system_clock::now());
        context = std::make_unique<grpc::ClientContext>();
        prepare(*context, left, trace);
        reply.Clear();
        (stub->*method)(context.get(), &request, &reply,
            [self = this->shared_from_this()](
                const grpc::Status& status) { self->answered(status); });
    }

    void answered(const grpc::Status& status)
    {
        const TraceScope scope(trace); // What comes of it is a part of the same.
        if (status.ok()) {
            done(std::move(reply));
            return;
        }
        const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE
            && repeat == Repeat::WhenAway
            && retryLater(
                ++attempt, deadline, [self = this->shared_from_this()] { self->start(); });
        if (!again)
            done(fromWire(status));
    }
};

} // namespace detail

/// Calls another service: `call(stub.async(), &Async::GetProduct, request, 500ms, [](auto answer)
/// {…})`. Never blocks; `done` is called exactly once, on one of gRPC's threads, within the
/// timeout.
template <class Async, class Request, class Reply>
void call(Async* stub,
    void (Async::*method)(
        grpc::ClientContext*, const Request*, Reply*, std::function<void(grpc::Status)>),
    Request request, std::chrono::milliseconds timeout,
    std::type_identity_t<std::function<void(absl::StatusOr<Reply>)>> done,
    const CallOptions& options = {})
{
    auto one = std::make_shared<detail::Call<Async, Request, Reply>>();
    one->stub = stub;
    one->method = method;
    one->request = std::move(request);
    one->deadline = std::chrono::system_clock::now() + timeout;
    one->repeat
        = options.repeat.value_or(detail::Keyed<Request> ? Repeat::WhenAway : Repeat::Never);
    one->done = std::move(done);
    one->start();
}

} // namespace shopfleet::runtime
