// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace shopfleet::gateway {

/// What the gateway reads of a request. The server has already refused what is not HTTP.
struct HttpRequest {
    std::string method;
    std::string target; ///< Path and query, as sent.
    std::string contentType;
    std::string authorization;
    std::string idempotencyKey;
    std::string traceparent;
    std::string body;
};

struct HttpReply {
    int status = 200;
    std::string contentType = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// Answers exactly once, from any thread.
using Respond = std::function<void(HttpReply)>;
using HttpHandler = std::function<void(HttpRequest, Respond)>;

} // namespace shopfleet::gateway
