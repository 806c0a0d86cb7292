// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace storeworld {

using Clock = std::chrono::steady_clock;
constexpr auto kHeals = std::chrono::seconds(60); ///< From the last fault on.

/// As a client that does not give up: the same request again until it is answered.
template <class Stub, class Request, class Response>
Response insist(Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    const auto end = Clock::now() + kHeals;
    while (true) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(8));
        Response response;
        const auto status = (stub.*method)(&context, request, &response);
        if (status.ok())
            return response;
        const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE
            || status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
        if (!again || Clock::now() > end)
            throw std::runtime_error(request.GetTypeName() + ": " + status.error_message());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

} // namespace storeworld
