// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to app/api: with subscription.h, the only headers of the app that see gRPC.

#include "app/api/errors.h"
#include "app/api/reply.h"

#include <QPromise>

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace api {

inline constexpr std::chrono::seconds kDeadline{5};

/// Starts one unary RPC. Never blocks, always finishes: the deadline sees to that.
template <class Async, class Request, class Response>
Reply<Response> call(Async* stub,
    void (Async::*method)(
        grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>),
    Request request)
{
    struct Call {
        grpc::ClientContext context;
        Request request;
        Response response;
        QPromise<absl::StatusOr<Response>> promise;
    };
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    call->context.set_deadline(std::chrono::system_clock::now() + kDeadline);
    call->promise.start();
    auto future = call->promise.future();

    (stub->*method)(
        &call->context, &call->request, &call->response, [call](const grpc::Status& status) {
            if (status.ok())
                call->promise.addResult(std::move(call->response));
            else
                call->promise.addResult(fromWire(static_cast<int>(status.error_code()),
                    status.error_message(), status.error_details()));
            call->promise.finish();
        });
    return future;
}

} // namespace api
