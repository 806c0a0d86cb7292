// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/ordersclient.h"

#include "app/api/call.h"
#include "app/api/channels.h"
#include "app/api/subscription.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"

#include <grpcpp/channel.h>

namespace api {
namespace {

using namespace shopfleet::orders::v1;
using Stub = shopfleet::orders::v1::Orders::Stub;
using Async = shopfleet::orders::v1::Orders::StubInterface::async_interface;

class GrpcOrdersClient final : public OrdersClient {
public:
    explicit GrpcOrdersClient(const Channels& channels)
        : m_stub(shopfleet::orders::v1::Orders::NewStub(channels.service("orders")))
    {
    }

    Reply<ListOrdersResponse> listOrders(ListOrdersRequest request) override
    {
        return call(async(), &Async::ListOrders, std::move(request));
    }
    Reply<Order> getOrder(GetOrderRequest request) override
    {
        return call(async(), &Async::GetOrder, std::move(request));
    }
    Reply<OrderStats> getOrderStats(GetOrderStatsRequest request) override
    {
        return call(async(), &Async::GetOrderStats, std::move(request));
    }
    Reply<Order> resumeOrder(ResumeOrderRequest request) override
    {
        return call(async(), &Async::ResumeOrder, std::move(request));
    }
    Reply<OrderChange> cancelOrder(CancelOrderRequest request) override
    {
        return call(async(), &Async::CancelOrder, std::move(request));
    }
    Reply<OrderChange> refundOrder(RefundOrderRequest request) override
    {
        return call(async(), &Async::RefundOrder, std::move(request));
    }
    Reply<OrderChange> returnOrder(ReturnOrderRequest request) override
    {
        return call(async(), &Async::ReturnOrder, std::move(request));
    }
    Reply<OrderChange> exchangeOrder(ExchangeOrderRequest request) override
    {
        return call(async(), &Async::ExchangeOrder, std::move(request));
    }
    Reply<OrderChange> reshipOrder(ReshipOrderRequest request) override
    {
        return call(async(), &Async::ReshipOrder, std::move(request));
    }
    Reply<OrderChange> updateOrder(UpdateOrderRequest request) override
    {
        return call(async(), &Async::UpdateOrder, std::move(request));
    }
    Reply<OrderChange> holdOrder(HoldOrderRequest request) override
    {
        return call(async(), &Async::HoldOrder, std::move(request));
    }
    Reply<OrderChange> releaseOrder(ReleaseOrderRequest request) override
    {
        return call(async(), &Async::ReleaseOrder, std::move(request));
    }
    Reply<Order> annotateOrder(AnnotateOrderRequest request) override
    {
        return call(async(), &Async::AnnotateOrder, std::move(request));
    }

    std::unique_ptr<Feed> watchOrders(std::function<void(const WatchOrdersResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchOrdersRequest, WatchOrdersResponse>>(
            async(), &Async::WatchOrders, WatchOrdersRequest(), std::move(use), nullptr);
    }

private:
    Async* async() { return m_stub->async(); }

    std::unique_ptr<Stub> m_stub;
};

} // namespace

std::unique_ptr<OrdersClient> makeOrdersClient(const Channels& channels)
{
    return std::make_unique<GrpcOrdersClient>(channels);
}

} // namespace api
