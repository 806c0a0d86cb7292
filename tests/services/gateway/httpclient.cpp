// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/gateway/httpclient.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <sys/socket.h>
#include <unistd.h>

namespace shopfleet::gateway::testing {

HttpClient::HttpClient(const std::string& address)
    : m_socket(::socket(AF_INET, SOCK_STREAM, 0))
{
    const timeval patience{5, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    const auto port = std::stoi(address.substr(address.rfind(':') + 1));
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.substr(0, address.rfind(':')).c_str(), &to.sin_addr);
    if (::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        ::close(m_socket);
        m_socket = -1;
    }
}

HttpClient::~HttpClient()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

void HttpClient::send(const std::string& bytes)
{
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto n = ::send(m_socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        sent += static_cast<std::size_t>(n);
    }
}

bool HttpClient::fill()
{
    std::array<char, 16384> chunk;
    const auto n = ::recv(m_socket, chunk.data(), chunk.size(), 0);
    if (n <= 0)
        return false;
    m_buffer.append(chunk.data(), static_cast<std::size_t>(n));
    return true;
}

Answer HttpClient::receive(bool hasBody)
{
    Answer answer;
    std::size_t end = 0;
    while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!fill())
            return {};
    }
    std::string head = m_buffer.substr(0, end + 2);
    m_buffer.erase(0, end + 4);
    answer.status = std::stoi(head.substr(9, 3));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        const std::size_t next = head.find("\r\n", at);
        const std::size_t colon = head.find(": ", at);
        std::string name = head.substr(at, colon - at);
        std::transform(name.begin(), name.end(), name.begin(),
            [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        answer.headers[name] = head.substr(colon + 2, next - colon - 2);
        at = next + 2;
    }
    const std::string length = answer.header("content-length");
    const std::size_t size = hasBody && !length.empty() ? std::stoul(length) : 0;
    while (m_buffer.size() < size) {
        if (!fill())
            return {};
    }
    answer.body = m_buffer.substr(0, size);
    m_buffer.erase(0, size);
    return answer;
}

bool HttpClient::isClosed()
{
    return m_buffer.empty() && !fill();
}

Answer HttpClient::request(const std::string& method, const std::string& target,
    const std::string& body, const Headers& headers)
{
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: shop\r\n";
    if (!body.empty())
        text += "Content-Type: application/json\r\n";
    if (!body.empty() || method == "POST" || method == "PUT")
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    for (const auto& [name, value] : headers)
        text += name + ": " + value + "\r\n";
    send(text + "\r\n" + body);
    return receive(method != "HEAD");
}

} // namespace shopfleet::gateway::testing
