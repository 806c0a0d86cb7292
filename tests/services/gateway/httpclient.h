// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace shopfleet::gateway::testing {

struct Answer {
    int status = 0; ///< 0: the connection ended without an answer.
    std::map<std::string, std::string> headers; ///< Names in lower case.
    std::string body;

    nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
    std::string header(const std::string& name) const
    {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

/// A blocking client that sends what it is told, well formed or not. Gives up after 5 s.
class HttpClient {
public:
    explicit HttpClient(const std::string& address);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    void send(const std::string& bytes);
    Answer receive(bool hasBody = true);
    /// True if the other side has closed and nothing is left to read.
    bool isClosed();

    using Headers = std::vector<std::pair<std::string, std::string>>;
    Answer request(const std::string& method, const std::string& target,
        const std::string& body = {}, const Headers& headers = {});

private:
    bool fill();

    int m_socket = -1;
    std::string m_buffer;
};

} // namespace shopfleet::gateway::testing
