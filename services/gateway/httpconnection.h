// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/httpserver.h"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>

namespace shopfleet::gateway {

/// What a connection's steps run on, by its own type: asio's any_io_executor would cost a virtual
/// call and an allocation for each of them.
using HttpStrand = boost::asio::strand<boost::asio::io_context::executor_type>;
using HttpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, HttpStrand>;
using HttpTimer = boost::asio::steady_timer::rebind_executor<HttpStrand>::other;
template <class T>
using Awaitable = boost::asio::awaitable<T, HttpStrand>;

/// What the server and all of its connections share.
struct HttpShared {
    HttpHandler handler;
    HttpLimits limits;
    std::atomic<bool> draining{false};
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> inFlight{
        0}; ///< Requests that were handed on and are not answered yet.
};

/// One client. Everything happens on the socket's strand.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(HttpSocket socket, std::shared_ptr<HttpShared> shared);
    ~HttpConnection();

    /// Serves requests until either side has enough.
    static void start(std::shared_ptr<HttpConnection> self);
    /// Tells the client that there is no room, and closes.
    static void refuse(std::shared_ptr<HttpConnection> self);
    /// Ends the connection if it waits for a request; one that is being answered ends by itself.
    void closeIfIdle();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    using Request = boost::beast::http::request<boost::beast::http::string_body>;

    Awaitable<void> run();
    Awaitable<bool> serveOne(); ///< True: another request may follow.
    Awaitable<bool> waitForBytes();
    Awaitable<boost::beast::error_code> readHeader(Parser& parser);
    Awaitable<boost::beast::error_code> readBody(Parser& parser);
    Awaitable<HttpReply> ask(HttpRequest request);
    Awaitable<bool> write(HttpReply reply, bool keepAlive, bool headersOnly = false);
    Awaitable<void> refuseAndClose(HttpReply reply);
    Awaitable<void> closeGently();

    boost::beast::basic_stream<boost::asio::ip::tcp, HttpStrand> m_stream;
    HttpTimer m_answered; ///< Ends when the reply to the request is there.
    HttpReply m_reply;
    boost::beast::flat_buffer m_buffer;
    std::shared_ptr<HttpShared> m_shared;
    bool m_isIdle = false;
};

} // namespace shopfleet::gateway
