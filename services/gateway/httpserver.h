// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/http.h"

#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace shopfleet::gateway {

struct HttpLimits {
    std::size_t headerBytes = 1U << 14;
    std::size_t bodyBytes = 1U << 20;
    std::size_t connections = 2048;
    std::chrono::milliseconds idle{60'000}; ///< Between two requests.
    std::chrono::milliseconds header{10'000};
    std::chrono::milliseconds body{20'000};
    std::chrono::milliseconds write{20'000};
    std::chrono::milliseconds linger{
        1'000}; ///< How long a drained connection may send one more request.
};

/// An HTTP/1.1 server on its own threads: reads requests, hands them on, writes replies. One
/// request at a time per connection; pipelined ones wait in order. Several processes may listen on
/// one port (SO_REUSEPORT). Knows nothing of routes or gRPC.
class HttpServer {
public:
    /// `address` is "127.0.0.1:8080"; port 0 lets the kernel choose. Serves at once.
    static absl::StatusOr<std::unique_ptr<HttpServer>> listen(
        const std::string& address, HttpHandler handler, HttpLimits limits = {}, int threads = 2);

    /// Stops serving at once; waits for what was handed on, whose answers nobody gets any more.
    ~HttpServer();

    /// Where it listens, with the port that it got.
    std::string address() const;

    /// Stops accepting, says `Connection: close` from now on, and waits until the last request is
    /// answered or time is up.
    void drain(std::chrono::milliseconds patience);

private:
    class Impl;

    explicit HttpServer(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

} // namespace shopfleet::gateway
