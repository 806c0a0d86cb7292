// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orders_schema.h"
#include "services/orders/handler.h"
#include "services/runtime/testing.h"
#include "tests/services/orders/fakepeers.h"

#include <QtTest>

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

namespace shopfleet::orders {

/// The orders service over real gRPC, among fake neighbours; can be ended and begun again on the
/// same data, as a process would.
class OrdersShop {
public:
    OrdersShop() { begin(); }
    ~OrdersShop() { end(); }

    void begin()
    {
        m_database = *runtime::Database::open({m_folder.path(), "orders", kSchema});
        m_feed = std::make_unique<runtime::ChangeFeed>(*m_database);
        m_handler
            = std::make_unique<Handler>(*m_database, *m_feed, peers.channels(), mostCheckouts);
        m_server = std::make_unique<runtime::TestServer>(
            std::vector<grpc::Service*>{m_handler.get()}, m_database.get(), m_feed.get());
        m_stub = v1::Orders::NewStub(m_server->channel());
    }

    void end()
    {
        m_stub.reset();
        m_server.reset();
        m_database->stop();
        m_handler.reset();
        m_feed.reset();
        m_database.reset();
    }

    v1::Orders::Stub& stub() { return *m_stub; }
    runtime::Database& database() { return *m_database; }

    template <class Request, class Response>
    grpc::Status call(
        grpc::Status (v1::Orders::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
        const Request& request, Response* response, int timeoutMs = 20'000)
    {
        grpc::ClientContext context;
        context.set_deadline(
            std::chrono::system_clock::now() + std::chrono::milliseconds(timeoutMs));
        return (*m_stub.*method)(&context, request, response);
    }

    v1::Order get(const std::string& id)
    {
        v1::GetOrderRequest request;
        request.set_id(id);
        v1::Order order;
        call(&v1::Orders::Stub::GetOrder, request, &order);
        return order;
    }

    /// Until it is so and nothing is under way, as long as it takes a saga with some pauses.
    bool becomes(const std::string& id, const std::function<bool(const v1::Order&)>& is)
    {
        return QTest::qWaitFor(
            [&] {
                const auto order = get(id);
                return !order.has_waiting() && is(order);
            },
            15'000);
    }

    int mostCheckouts = Handler::kMostCheckouts; // From the next begin() on.
    FakePeers peers; // Outlives the service, as neighbours do.

private:
    runtime::TestFolder m_folder;
    std::unique_ptr<runtime::Database> m_database;
    std::unique_ptr<runtime::ChangeFeed> m_feed;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<v1::Orders::Stub> m_stub;
};

/// Whether the order's history has such an event.
inline bool told(const v1::Order& order, const std::string& kind)
{
    return std::ranges::any_of(
        order.timeline(), [&](const auto& event) { return event.kind() == kind; });
}

/// The field that an error names; empty without one.
inline std::string fieldOf(const grpc::Status& status)
{
    google::rpc::Status details;
    details.ParseFromString(status.error_details());
    for (const auto& any : details.details())
        if (google::rpc::BadRequest bad; any.UnpackTo(&bad) && bad.field_violations_size() > 0)
            return bad.field_violations(0).field();
    return {};
}

inline v1::PlaceOrderRequest checkoutOf(
    const std::string& requestId, const std::string& cart, const std::string& token = "tok_visa")
{
    v1::PlaceOrderRequest request;
    request.set_request_id(requestId);
    request.set_customer_id("12346");
    request.set_cart_id(cart);
    request.set_payment_token(token);
    request.mutable_shipping_address()->set_name("Jane Doe");
    request.mutable_shipping_address()->set_country("GB");
    return request;
}

} // namespace shopfleet::orders
