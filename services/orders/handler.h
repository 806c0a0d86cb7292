// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/follower.h"
#include "services/orders/saga.h"
#include "services/runtime/rpc.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"

#include <atomic>
#include <memory>

namespace shopfleet::orders {

/// The Orders RPCs: check the request, ask the store or the saga, reply. Called on many threads at
/// once.
class Handler final : public v1::Orders::CallbackService {
public:
    /// More checkouts at once than these would not have their answer within the patience: who comes
    /// on top is told so at once, and those before him are served as fast as ever.
    static constexpr int kMostCheckouts = 2'000;

    Handler(runtime::Database& database, runtime::ChangeFeed& feed, const Peers::Channels& channels,
        int mostCheckouts = kMostCheckouts);
    ~Handler() override;

    template <class Response>
    using Stream = grpc::ServerWriteReactor<Response>;
    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* GetOrder(Context*, const v1::GetOrderRequest*, v1::Order*) override;
    Unary* ListOrders(Context*, const v1::ListOrdersRequest*, v1::ListOrdersResponse*) override;
    Stream<v1::WatchOrdersResponse>* WatchOrders(Context*, const v1::WatchOrdersRequest*) override;
    Unary* GetOrderStats(Context*, const v1::GetOrderStatsRequest*, v1::OrderStats*) override;
    Unary* PlaceOrder(Context*, const v1::PlaceOrderRequest*, v1::Order*) override;
    Unary* ListMyOrders(Context*, const v1::ListMyOrdersRequest*, v1::ListOrdersResponse*) override;
    Unary* GetMyOrder(Context*, const v1::GetMyOrderRequest*, v1::Order*) override;
    Unary* ImportOrders(
        Context*, const v1::ImportOrdersRequest*, v1::ImportOrdersResponse*) override;
    Unary* CancelOrder(Context*, const v1::CancelOrderRequest*, v1::OrderChange*) override;
    Unary* RefundOrder(Context*, const v1::RefundOrderRequest*, v1::OrderChange*) override;
    Unary* ReturnOrder(Context*, const v1::ReturnOrderRequest*, v1::OrderChange*) override;
    Unary* ExchangeOrder(Context*, const v1::ExchangeOrderRequest*, v1::OrderChange*) override;
    Unary* ReshipOrder(Context*, const v1::ReshipOrderRequest*, v1::OrderChange*) override;
    Unary* UpdateOrder(Context*, const v1::UpdateOrderRequest*, v1::OrderChange*) override;
    Unary* HoldOrder(Context*, const v1::HoldOrderRequest*, v1::OrderChange*) override;
    Unary* ReleaseOrder(Context*, const v1::ReleaseOrderRequest*, v1::OrderChange*) override;
    Unary* AnnotateOrder(Context*, const v1::AnnotateOrderRequest*, v1::Order*) override;
    Unary* ResumeOrder(Context*, const v1::ResumeOrderRequest*, v1::Order*) override;

private:
    using Prices = inventory::v1::BatchGetVariantsResponse;
    struct Checkout;

    void takeUp();
    Follower::Store followed();
    void placeBasket(const std::shared_ptr<Checkout>& checkout, const Basket& basket);
    void answerWith(const std::shared_ptr<Checkout>& checkout, const std::string& id);

    /// A verb's write, answered once for each request_id; `after` runs once it is durable and was
    /// not answered before.
    template <class Request, class Response, class Ask, class After>
    Unary* change(
        Context* context, const Request* request, Response* response, Ask ask, After after);
    template <class Request, class Response, class Ask, class After>
    void change(Unary* reactor, const Request* request, Response* response, Ask ask, After after);
    template <class Request>
    Unary* askFor(Context* context, const Request* request, v1::OrderChange* response);
    template <class Request>
    void askFor(Unary* reactor, const Request* request, v1::OrderChange* response,
        const std::shared_ptr<const Prices>& prices);
    template <class Request>
    Unary* setHeld(Context* context, const Request* request, v1::OrderChange* response, bool held,
        const std::string& reason);

    const int m_mostCheckouts;
    std::atomic<int> m_checkouts = 0; ///< PlaceOrder calls that wait for their answer.
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
    Writes m_writes; ///< The writer's thread's.
    Peers m_peers;
    Saga m_saga;
    Follower m_follower; ///< Last: it goes first.
};

} // namespace shopfleet::orders
