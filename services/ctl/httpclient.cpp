// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/httpclient.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>

namespace shopfleet::ctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

/// Whoever was idle for longer may have been hung up on.
constexpr std::chrono::seconds kIdle{20};

} // namespace

/// Beast has timeouts for asynchronous calls only, so each call runs this loop until it is done.
struct HttpClient::Connection {
    asio::io_context loop;
    beast::tcp_stream stream{loop};
    beast::flat_buffer buffer;
    std::chrono::steady_clock::time_point lastUsed;

    beast::error_code run(beast::error_code* result)
    {
        loop.restart();
        loop.run();
        return *result;
    }

    /// A server that went away has said so by now.
    bool isStale()
    {
        char byte = 0;
        const auto seen = recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        const bool silent = seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        return !silent || std::chrono::steady_clock::now() - lastUsed > kIdle;
    }
};

HttpClient::HttpClient(const std::string& address, std::chrono::milliseconds timeout)
    : m_timeout(timeout)
{
    const size_t colon = address.rfind(':');
    m_host = address.substr(0, colon);
    m_port = colon == std::string::npos ? "80" : address.substr(colon + 1);
}

HttpClient::~HttpClient() = default;

absl::Status HttpClient::connect()
{
    auto connection = std::make_unique<Connection>();
    beast::error_code error;
    asio::ip::tcp::resolver resolver(connection->loop);
    const auto addresses = resolver.resolve(m_host, m_port, error);
    if (error)
        return absl::UnavailableError(
            fmt::format("gateway {}:{}: {}", m_host, m_port, error.message()));
    connection->stream.expires_after(m_timeout);
    connection->stream.async_connect(
        addresses, [&error](beast::error_code result, const auto&) { error = result; });
    if (connection->run(&error))
        return absl::UnavailableError(
            fmt::format("gateway {}:{}: {}", m_host, m_port, error.message()));
    connection->stream.socket().set_option(asio::ip::tcp::no_delay(true), error);
    m_connection = std::move(connection);
    return absl::OkStatus();
}

absl::StatusOr<HttpAnswer> HttpClient::ask(const HttpRequest& request)
{
    if (m_connection && m_connection->isStale())
        m_connection.reset();
    if (!m_connection)
        if (auto status = connect(); !status.ok())
            return status;

    http::request<http::string_body> message(
        http::string_to_verb(request.method), request.path, 11);
    message.set(http::field::host, m_host + ":" + m_port);
    message.set(http::field::user_agent, "shopfleetctl/" SHOPFLEET_VERSION);
    if (!request.token.empty())
        message.set(http::field::authorization, "Bearer " + request.token);
    if (!request.idempotencyKey.empty())
        message.set("Idempotency-Key", request.idempotencyKey);
    if (!request.body.empty())
        message.set(http::field::content_type, "application/json");
    message.body() = request.body;
    message.prepare_payload();

    Connection& connection = *m_connection;
    beast::error_code error;
    http::response<http::string_body> answer;
    connection.stream.expires_after(m_timeout);
    http::async_write(connection.stream, message, [&](beast::error_code result, size_t) {
        error = result;
        if (!error)
            http::async_read(connection.stream, connection.buffer, answer,
                [&error](beast::error_code read, size_t) { error = read; });
    });
    if (connection.run(&error)) {
        m_connection.reset();
        const std::string why
            = error == beast::error::timeout ? "no answer in time" : error.message();
        return absl::UnavailableError(fmt::format("gateway {}:{}: {}", m_host, m_port, why));
    }
    connection.lastUsed = std::chrono::steady_clock::now();
    if (!answer.keep_alive())
        m_connection.reset();
    return HttpAnswer{
        .code = static_cast<int>(answer.result_int()), .body = std::move(answer.body())};
}

} // namespace shopfleet::ctl
