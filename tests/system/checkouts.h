// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/cart/v1/cart.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

/// Many calls of one method at once, so many in flight: answers in the order of the requests.
template <class Async, class Request, class Response>
class Volley {
public:
    using Method = void (Async::*)(
        grpc::ClientContext*, const Request*, Response*, std::function<void(grpc::Status)>);
    struct Answer {
        grpc::Status status;
        Response response;
        double ms = 0;
    };

    Volley(Async* stub, Method method, std::vector<Request> requests)
        : m_stub(stub)
        , m_method(method)
        , m_requests(std::move(requests))
        , m_answers(m_requests.size())
        , m_contexts(m_requests.size())
    {
    }

    const std::vector<Answer>& run(std::size_t inFlight)
    {
        for (std::size_t i = 0; i < inFlight; ++i)
            next();
        std::unique_lock lock(m_mutex);
        m_done.wait(lock, [this] { return m_ended == m_requests.size(); });
        return m_answers;
    }

private:
    void next()
    {
        const std::size_t at = m_begun++;
        if (at >= m_requests.size())
            return;
        m_contexts[at] = std::make_unique<grpc::ClientContext>();
        m_contexts[at]->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
        const auto began = std::chrono::steady_clock::now();
        (m_stub->*m_method)(m_contexts[at].get(), &m_requests[at], &m_answers[at].response,
            [this, at, began](const grpc::Status& status) {
                m_answers[at].status = status;
                m_answers[at].ms = std::chrono::duration<double, std::milli>(
                    std::chrono::steady_clock::now() - began)
                                       .count();
                next();
                const std::lock_guard lock(m_mutex);
                if (++m_ended == m_requests.size())
                    m_done.notify_all();
            });
    }

    Async* m_stub;
    Method m_method;
    std::vector<Request> m_requests;
    std::vector<Answer> m_answers;
    std::vector<std::unique_ptr<grpc::ClientContext>> m_contexts;
    std::atomic<std::size_t> m_begun = 0;
    std::mutex m_mutex;
    std::condition_variable m_done;
    std::size_t m_ended = 0;
};

namespace checkouts {

using CartAsync = class shopfleet::cart::v1::Cart::Stub::async;
using OrdersAsync = class shopfleet::orders::v1::Orders::Stub::async;
using Carts
    = Volley<CartAsync, shopfleet::cart::v1::CreateCartRequest, shopfleet::cart::v1::ShoppingCart>;
using Orders
    = Volley<OrdersAsync, shopfleet::orders::v1::PlaceOrderRequest, shopfleet::orders::v1::Order>;

/// A cart with one unit of the SKU.
inline shopfleet::cart::v1::CreateCartRequest cartOf(const std::string& id, const std::string& sku)
{
    shopfleet::cart::v1::CreateCartRequest request;
    request.set_request_id(id);
    request.set_currency("GBP");
    auto& item = *request.add_items();
    item.set_sku(sku);
    item.set_quantity(1);
    return request;
}

/// A guest's checkout.
inline shopfleet::orders::v1::PlaceOrderRequest checkoutOf(
    const std::string& id, const std::string& cart)
{
    shopfleet::orders::v1::PlaceOrderRequest request;
    request.set_request_id(id);
    request.set_cart_id(cart);
    request.set_payment_token("tok_visa");
    request.mutable_shipping_address()->set_name("Ann Other");
    request.mutable_shipping_address()->set_line1("1 Test Street");
    request.mutable_shipping_address()->set_city("Testham");
    request.mutable_shipping_address()->set_country("GB");
    return request;
}

} // namespace checkouts
