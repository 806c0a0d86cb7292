// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace shopfleet::gateway {

/// Calls any unary method by its name. UNAVAILABLE (or cut off by a server that stops) is tried
/// again until the deadline: a read always may be, a write because its request_id makes the second
/// time the same as the first. Knows no message types.
class Caller {
public:
    struct Call {
        std::string area; ///< Whose channel.
        std::string rpc; ///< "/shopfleet.cart.v1.Cart/AddItem".
        std::string traceparent; ///< Passed on, if not empty.
        grpc::ByteBuffer request;
        std::chrono::milliseconds timeout{5000};
    };
    struct Reply {
        grpc::Status status;
        grpc::ByteBuffer body;
    };
    using Done = std::function<void(Reply)>;
    using Channels
        = std::function<std::shared_ptr<grpc::ChannelInterface>(const std::string& area)>;

    explicit Caller(Channels channels);

    /// Calls back once, on a thread of gRPC's, and never later than the timeout by much.
    void call(Call call, Done done);

private:
    struct Attempt;

    static void start(std::shared_ptr<Attempt> attempt);
    static void finished(std::shared_ptr<Attempt> attempt, const grpc::Status& status);

    Channels m_channels;
};

} // namespace shopfleet::gateway
