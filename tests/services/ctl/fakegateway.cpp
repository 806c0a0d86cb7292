// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/ctl/fakegateway.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <list>
#include <nlohmann/json.hpp>
#include <thread>

namespace shopfleet::ctl::tests {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Json = nlohmann::json;

struct FakeGateway::Server {
    explicit Server(FakeGateway& owner)
        : fake(owner)
    {
    }

    FakeGateway& fake;
    asio::io_context loop;
    asio::ip::tcp::acceptor acceptor{loop, {asio::ip::make_address("127.0.0.1"), 0}};
    std::mutex mutex;
    std::list<asio::ip::tcp::socket> sockets;
    std::list<std::thread> threads;
    std::thread accepting;
    bool ended = false;

    void accept()
    {
        for (;;) {
            boost::system::error_code error;
            asio::ip::tcp::socket socket(loop);
            acceptor.accept(socket, error);
            const std::lock_guard lock(mutex);
            if (error || ended)
                return;
            ++fake.connections;
            sockets.push_back(std::move(socket));
            threads.emplace_back([this, &here = sockets.back()] { serve(here); });
        }
    }

    void serve(asio::ip::tcp::socket& socket)
    {
        boost::beast::flat_buffer buffer;
        boost::system::error_code error;
        for (;;) {
            http::request<http::string_body> request;
            http::read(socket, buffer, request, error);
            if (error)
                break;
            const std::string method(request.method_string());
            const int number = ++fake.m_requests;
            const Fault what = fake.fault ? fake.fault(number, method) : Fault::None;
            if (what == Fault::HangUp)
                break;
            http::response<http::string_body> response(http::status::ok, 11);
            if (what == Fault::Unavailable) {
                response.result(503);
                response.body() = R"({"code":"UNAVAILABLE"})";
            } else {
                int code = 200;
                response.body() = fake.answer(method, std::string(request.target()),
                    std::string(request["Idempotency-Key"]),
                    std::string(request[http::field::authorization]), request.body(), &code);
                response.result(static_cast<unsigned>(code));
            }
            if (what == Fault::HangUpAfterwards)
                break;
            response.prepare_payload();
            http::write(socket, response, error);
            if (error)
                break;
        }
        socket.shutdown(asio::ip::tcp::socket::shutdown_both, error);
    }
};

FakeGateway::FakeGateway()
    : m_server(new Server(*this))
{
    m_server->accepting = std::thread([this] { m_server->accept(); });
}

FakeGateway::~FakeGateway()
{
    {
        const std::lock_guard lock(m_server->mutex);
        m_server->ended = true;
    }
    boost::system::error_code error;
    asio::io_context loop;
    asio::ip::tcp::socket wake(loop);
    wake.connect(m_server->acceptor.local_endpoint(), error);
    m_server->accepting.join();
    for (auto& socket : m_server->sockets)
        socket.shutdown(asio::ip::tcp::socket::shutdown_both, error);
    for (auto& thread : m_server->threads)
        thread.join();
}

std::string FakeGateway::address() const
{
    return "127.0.0.1:" + std::to_string(m_server->acceptor.local_endpoint().port());
}

std::string FakeGateway::answer(const std::string& method, const std::string& path,
    const std::string& key, const std::string& authorization, const std::string& body, int* code)
{
    const std::lock_guard lock(m_mutex);
    const Json asked = Json::parse(body, nullptr, false);
    const auto wrong = [&](const std::string& why) {
        lastError = why;
        *code = 400;
        return std::string(R"({"code":"INVALID_ARGUMENT"})");
    };
    if (method == "POST") {
        writesWithoutKey += key.empty();
        ++writesByKey[key];
        if (!asked.is_object())
            return wrong("the body is no JSON object");
    }
    if (path.starts_with("/v1/products?"))
        return R"({"products":[{"id":"a b","state":"PRODUCT_STATE_ACTIVE","variants":[{"sku":"A","stock":{"available":"5"}}]},
            {"id":"gone","variants":[{"sku":"G","stock":{"available":"0"}}]}]})";
    if (path == "/v1/products/a%20b")
        return R"({"id":"a b"})";
    if (path == "/v1/carts")
        return R"({"id":"cart-)" + key + "\"}";
    if (path.starts_with("/v1/carts/cart-") && path.ends_with("/items"))
        return asked.value("sku", "") == "A" ? "{}" : wrong("sku " + body);
    if (path == "/v1/account:signUp")
        return asked.value("password", "").size() >= 8 ? R"({"accessToken":"t"})"
                                                       : wrong("password");
    if (authorization != "Bearer t") {
        lastError = "no token: " + path;
        *code = 401;
        return "{}";
    }
    if (path == "/v1/checkout") {
        ordersByKey.insert(key);
        return R"({"id":"1","state":"ORDER_STATE_CONFIRMED"})";
    }
    if (path.starts_with("/v1/account/orders"))
        return R"({"orders":[]})";
    *code = 404;
    lastError = "no such path: " + path;
    return "{}";
}

} // namespace shopfleet::ctl::tests
