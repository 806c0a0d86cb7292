// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/httpconnection.h"

#include "services/gateway/problem.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <string_view>
#include <utility>

namespace shopfleet::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto kTuple = asio::as_tuple(asio::deferred);
constexpr std::size_t kBufferBytes = 1U << 16;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// What a client is told when what it sent is no request; nothing when it has gone or was too slow,
/// for then the stream is closed already.
std::optional<HttpReply> refusal(const beast::error_code& error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return problem(431, "The header is larger than 16 KiB.", {});
    if (error == http::error::body_limit)
        return problem(413, "The body is larger than 1 MiB.", {});
    if (error == http::error::end_of_stream || error == http::error::partial_message
        || error.category() != http::make_error_code(http::error::bad_method).category())
        return std::nullopt;
    return problem(400, "The request is not valid HTTP/1.1.", {});
}

/// Rules of RFC 9112 that the parser leaves to its user, and headers that must not be there twice.
std::optional<HttpReply> refusal(const http::request<http::string_body>& request)
{
    if (request.version() == 11 && request.count(http::field::host) != 1)
        return problem(400, "The request needs one Host header.", {});
    if (request.target().empty() || request.target().front() != '/')
        return problem(400, "The request's target must be a path.", {});
    for (const auto field : {http::field::authorization, http::field::content_type,
             http::field::content_length, http::field::transfer_encoding}) {
        if (request.count(field) > 1)
            return problem(400, "A header is there twice.", {});
    }
    if (request.count("Idempotency-Key") > 1)
        return problem(400, "A header is there twice.", {});
    const auto encoding = request.find(http::field::transfer_encoding);
    if (encoding != request.end()
        && (!beast::iequals(encoding->value(), "chunked") || request.version() != 11))
        return problem(400, "The transfer encoding is not supported.", {});
    const auto expect = request.find(http::field::expect);
    if (expect != request.end() && !beast::iequals(expect->value(), "100-continue"))
        return problem(417, "Only 100-continue can be expected.", {});
    return std::nullopt;
}

HttpRequest convert(http::request<http::string_body>&& request)
{
    const auto header = [&](auto name) { return std::string(request[name]); };
    HttpRequest result;
    result.method = std::string(request.method_string());
    result.target = std::string(request.target());
    result.contentType = header(http::field::content_type);
    result.authorization = header(http::field::authorization);
    result.idempotencyKey = header("Idempotency-Key");
    result.traceparent = header("traceparent");
    result.body = std::move(request.body());
    return result;
}

} // namespace

HttpConnection::HttpConnection(HttpSocket socket, std::shared_ptr<HttpShared> shared)
    : m_stream(std::move(socket))
    , m_answered(m_stream.get_executor(), HttpTimer::time_point::max())
    , m_buffer(kBufferBytes)
    , m_shared(std::move(shared))
{
    ++m_shared->connections;
}

HttpConnection::~HttpConnection()
{
    --m_shared->connections;
}

void HttpConnection::start(std::shared_ptr<HttpConnection> self)
{
    const auto executor = self->m_stream.get_executor();
    asio::co_spawn(
        executor,
        [](std::shared_ptr<HttpConnection> connection) -> Awaitable<void> {
            co_await connection->run();
        }(std::move(self)),
        asio::detached);
}

void HttpConnection::refuse(std::shared_ptr<HttpConnection> self)
{
    const auto executor = self->m_stream.get_executor();
    asio::co_spawn(
        executor,
        [](std::shared_ptr<HttpConnection> connection) -> Awaitable<void> {
            auto reply = problem(503, "There are too many connections.", {});
            reply.headers.emplace_back("Retry-After", "1");
            co_await connection->refuseAndClose(std::move(reply));
        }(std::move(self)),
        asio::detached);
}

void HttpConnection::closeIfIdle()
{
    asio::post(m_stream.get_executor(), [self = shared_from_this()] {
        if (self->m_isIdle)
            self->m_stream.cancel();
    });
}

Awaitable<void> HttpConnection::run()
{
    // GCC 12 miscompiles co_await within a condition: every answer here is a variable first.
    for (bool more = true; more;)
        more = co_await serveOne();
}

Awaitable<bool> HttpConnection::waitForBytes()
{
    if (m_buffer.size() > 0)
        co_return true; // Pipelined.
    m_stream.expires_after(m_shared->limits.idle);
    m_isIdle = true;
    const auto [error, size] = co_await m_stream.async_read_some(m_buffer.prepare(8192), kTuple);
    m_isIdle = false;
    m_buffer.commit(size);
    co_return !error;
}

Awaitable<beast::error_code> HttpConnection::readHeader(Parser& parser)
{
    m_stream.expires_after(m_shared->limits.header);
    parser.eager(false); // The body waits until the header is found good.
    std::size_t used = 0;
    while (!parser.is_header_done()) {
        const auto [error, size]
            = co_await http::async_read_some(m_stream, m_buffer, parser, kTuple);
        used += size;
        if (error)
            co_return error;
        if (used > m_shared->limits
                       .headerBytes) // The parser's own limit is for what it has not taken yet.
            co_return http::make_error_code(http::error::header_limit);
    }
    co_return beast::error_code();
}

Awaitable<beast::error_code> HttpConnection::readBody(Parser& parser)
{
    m_stream.expires_after(m_shared->limits.body);
    if (parser.get().count(http::field::expect) > 0 && !parser.is_done()) {
        const auto [error, size]
            = co_await asio::async_write(m_stream, asio::buffer(kContinue), kTuple);
        if (error)
            co_return error;
    }
    const auto [error, size] = co_await http::async_read(m_stream, m_buffer, parser, kTuple);
    co_return error;
}

Awaitable<bool> HttpConnection::serveOne()
{
    const bool isThere = co_await waitForBytes();
    if (!isThere)
        co_return false;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(m_shared->limits.headerBytes));
    parser.body_limit(m_shared->limits.bodyBytes);
    beast::error_code failed = co_await readHeader(parser);
    std::optional<HttpReply> refused;
    if (!failed)
        refused = refusal(parser.get());
    if (!failed && !refused)
        failed = co_await readBody(parser);
    if (failed)
        refused = refusal(failed);
    if (refused) {
        co_await refuseAndClose(*std::move(refused));
        co_return false;
    }

    auto request = parser.release();
    const bool keepAlive = request.keep_alive();
    const bool headersOnly = request.method() == http::verb::head;
    m_stream.expires_never(); // The call behind has a deadline of its own.
    auto reply = co_await ask(convert(std::move(request)));
    const bool isOpen = co_await write(std::move(reply), keepAlive, headersOnly);
    co_return isOpen;
}

Awaitable<HttpReply> HttpConnection::ask(HttpRequest request)
{
    // Shared by all copies of the callback and empty after the first call: only the strand may hold
    // the connection to the end, because the last to let go closes the socket.
    auto asker = std::make_shared<std::shared_ptr<HttpConnection>>(shared_from_this());
    ++m_shared->inFlight;
    m_shared->handler(std::move(request), [asker, shared = m_shared](HttpReply reply) {
        const auto executor = (*asker)->m_stream.get_executor();
        asio::post(executor, [self = std::move(*asker), reply = std::move(reply)]() mutable {
            self->m_reply = std::move(reply);
            self->m_answered.cancel();
        });
        --shared->inFlight;
    });
    // The answer comes on another thread; the coroutine goes on with it on the strand.
    co_await m_answered.async_wait(kTuple);
    co_return std::move(m_reply);
}

Awaitable<bool> HttpConnection::write(HttpReply reply, bool keepAlive, bool headersOnly)
{
    keepAlive = keepAlive && !m_shared->draining;
    http::response<http::string_body> response;
    response.version(11);
    response.result(static_cast<unsigned>(reply.status));
    response.reason(reply.status < 300 ? "OK" : std::string(reasonPhrase(reply.status)));
    response.set(http::field::content_type, reply.contentType);
    for (const auto& [name, value] : reply.headers)
        response.set(name, value);
    response.content_length(reply.body.size());
    response.keep_alive(keepAlive);
    if (!headersOnly)
        response.body() = std::move(reply.body);
    m_stream.expires_after(m_shared->limits.write);
    http::response_serializer<http::string_body> serializer(response);
    const auto [error, size] = co_await http::async_write(m_stream, serializer, kTuple);
    if (!error && !keepAlive)
        co_await closeGently();
    co_return !error && keepAlive;
}

Awaitable<void> HttpConnection::refuseAndClose(HttpReply reply)
{
    co_await write(std::move(reply), false);
}

Awaitable<void> HttpConnection::closeGently()
{
    // Closing with unread bytes resets the connection, and the client may never see the answer. So
    // read on for a moment.
    beast::error_code ignored;
    m_stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    m_stream.expires_after(std::chrono::seconds(1));
    std::size_t left = 2 * m_shared->limits.bodyBytes;
    m_buffer.clear();
    while (left > 0) {
        const auto [error, size]
            = co_await m_stream.async_read_some(m_buffer.prepare(kBufferBytes), kTuple);
        if (error)
            break;
        left -= std::min(left, size);
    }
}

} // namespace shopfleet::gateway
