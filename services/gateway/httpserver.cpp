// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/gateway/httpserver.h"

#include "services/gateway/httpconnection.h"
#include "services/gateway/text.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <charconv>
#include <list>
#include <mutex>
#include <thread>

namespace shopfleet::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto kTuple = asio::as_tuple(asio::deferred);

absl::StatusOr<tcp::endpoint> parse(const std::string& address)
{
    auto wrong = absl::InvalidArgumentError(concat("'", address, "' is not ADDRESS:PORT"));
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
        return wrong;
    std::string host = address.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const char* end = address.data() + address.size();
    const auto number = std::from_chars(address.data() + colon + 1, end, port);
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(host, error);
    if (error || number.ec != std::errc() || number.ptr != end)
        return wrong;
    return tcp::endpoint(ip, port);
}

} // namespace

class HttpServer::Impl {
public:
    Impl(HttpHandler handler, HttpLimits limits)
        : m_shared(std::make_shared<HttpShared>())
    {
        m_shared->handler = std::move(handler);
        m_shared->limits = limits;
    }

    ~Impl()
    {
        m_io.stop();
        for (auto& thread : m_threads)
            thread.join();
        awaitAnswers();
    }

    absl::Status open(const tcp::endpoint& endpoint)
    {
        boost::system::error_code error;
        const auto step = [&](auto&& act) {
            if (!error)
                act();
        };
        step([&] { m_acceptor.open(endpoint.protocol(), error); });
        step([&] { m_acceptor.set_option(tcp::acceptor::reuse_address(true), error); });
        step([&] { m_acceptor.set_option(ReusePort(true), error); });
        step([&] { m_acceptor.bind(endpoint, error); });
        step([&] { m_acceptor.listen(1024, error); });
        step([&] { m_acceptor.non_blocking(true, error); });
        step([&] { m_endpoint = m_acceptor.local_endpoint(error); });
        if (error)
            return absl::UnavailableError(concat("cannot listen for HTTP: ", error.message()));
        return absl::OkStatus();
    }

    void start(int threads)
    {
        asio::co_spawn(m_acceptor.get_executor(), accept(), asio::detached);
        for (int i = 0; i < threads; ++i)
            m_threads.emplace_back([this] { m_io.run(); });
    }

    void drain(std::chrono::milliseconds patience)
    {
        if (!m_shared->draining.exchange(true))
            asio::post(m_acceptor.get_executor(), [this] { stopAccepting(); });
        const auto now = std::chrono::steady_clock::now();
        const auto end = now + patience;
        const auto calm = now + std::min(patience, m_shared->limits.linger);
        bool isCalm = false;
        while (m_shared->connections > 0 && std::chrono::steady_clock::now() < end) {
            if (!isCalm && std::chrono::steady_clock::now() >= calm) {
                isCalm = true;
                closeIdle();
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        awaitAnswers();
    }

    tcp::endpoint endpoint() const { return m_endpoint; }

private:
    /// A request that was handed on comes back to us: it must find us here. Its call has a
    /// deadline.
    void awaitAnswers()
    {
        while (m_shared->inFlight > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    Awaitable<void> accept()
    {
        HttpTimer pause(m_acceptor.get_executor());
        while (m_acceptor.is_open()) {
            auto [error, socket]
                = co_await m_acceptor.async_accept(asio::make_strand(m_io), kTuple);
            if (!error) {
                take(std::move(socket));
            } else if (error == asio::error::operation_aborted) {
                break;
            } else { // Out of file descriptors, most likely: some will come back.
                pause.expires_after(std::chrono::milliseconds(20));
                co_await pause.async_wait(kTuple);
            }
        }
    }

    void take(HttpSocket socket)
    {
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        const std::size_t open = m_shared->connections;
        if (open >= 2 * m_shared->limits.connections)
            return; // Even saying no costs too much now.
        auto connection = std::make_shared<HttpConnection>(std::move(socket), m_shared);
        if (open >= m_shared->limits.connections)
            return HttpConnection::refuse(std::move(connection));
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_connections, [](const auto& each) { return each.expired(); });
        m_connections.push_back(connection);
        HttpConnection::start(std::move(connection));
    }

    /// Whoever has already connected is served: closing the socket would reset them.
    void stopAccepting()
    {
        boost::system::error_code error;
        for (;;) {
            HttpSocket socket(asio::make_strand(m_io));
            m_acceptor.accept(socket, error);
            if (error)
                break;
            take(std::move(socket));
        }
        m_acceptor.close(error);
    }

    void closeIdle()
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& each : m_connections) {
            if (const auto connection = each.lock())
                connection->closeIfIdle();
        }
    }

    std::shared_ptr<HttpShared> m_shared;
    asio::io_context m_io;
    // While a call behind is all that goes on, asio sees no work; the threads must be there for its
    // answer.
    asio::executor_work_guard<asio::io_context::executor_type> m_work{m_io.get_executor()};
    asio::basic_socket_acceptor<tcp, HttpStrand> m_acceptor{asio::make_strand(m_io)};
    tcp::endpoint m_endpoint;
    std::mutex m_mutex;
    std::list<std::weak_ptr<HttpConnection>> m_connections;
    std::vector<std::thread> m_threads;
};

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::listen(
    const std::string& address, HttpHandler handler, HttpLimits limits, int threads)
{
    const auto endpoint = parse(address);
    if (!endpoint.ok())
        return endpoint.status();
    auto impl = std::make_unique<Impl>(std::move(handler), limits);
    if (auto status = impl->open(*endpoint); !status.ok())
        return status;
    impl->start(threads);
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}

HttpServer::~HttpServer() = default;

std::string HttpServer::address() const
{
    const auto endpoint = m_impl->endpoint();
    const auto ip = endpoint.address();
    return ip.is_v6() ? concat("[", ip.to_string(), "]:", endpoint.port())
                      : concat(ip.to_string(), ":", endpoint.port());
}

void HttpServer::drain(std::chrono::milliseconds patience)
{
    m_impl->drain(patience);
}

} // namespace shopfleet::gateway
