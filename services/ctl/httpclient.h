// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <string>

namespace shopfleet::ctl {

struct HttpRequest {
    std::string method = "GET";
    std::string path = {};
    std::string body = {}; ///< JSON; empty: none.
    std::string token = {}; ///< The signed-in customer's; empty: anonymous.
    std::string idempotencyKey = {};
};

struct HttpAnswer {
    int code = 0;
    std::string body = {};
};

/// One keep-alive connection to the gateway, for one thread. An error means that no answer came:
/// refused, broken, or too slow.
class HttpClient {
public:
    /// `address` is "127.0.0.1:8080".
    HttpClient(const std::string& address, std::chrono::milliseconds timeout);
    ~HttpClient();

    absl::StatusOr<HttpAnswer> ask(const HttpRequest& request);

private:
    struct Connection;
    absl::Status connect();

    std::string m_host;
    std::string m_port;
    std::chrono::milliseconds m_timeout;
    std::unique_ptr<Connection> m_connection;
};

} // namespace shopfleet::ctl
