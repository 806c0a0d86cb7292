// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/feed.h"
#include "app/api/reply.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <functional>
#include <memory>

namespace api {

class Channels;

/// The orders service as the app sees it. Tests hand the pages a fake one.
class OrdersClient {
public:
    virtual ~OrdersClient() = default;

    virtual Reply<shopfleet::orders::v1::ListOrdersResponse> listOrders(
        shopfleet::orders::v1::ListOrdersRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::Order> getOrder(
        shopfleet::orders::v1::GetOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderStats> getOrderStats(
        shopfleet::orders::v1::GetOrderStatsRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::Order> resumeOrder(
        shopfleet::orders::v1::ResumeOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> cancelOrder(
        shopfleet::orders::v1::CancelOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> refundOrder(
        shopfleet::orders::v1::RefundOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> returnOrder(
        shopfleet::orders::v1::ReturnOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> exchangeOrder(
        shopfleet::orders::v1::ExchangeOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> reshipOrder(
        shopfleet::orders::v1::ReshipOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> updateOrder(
        shopfleet::orders::v1::UpdateOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> holdOrder(
        shopfleet::orders::v1::HoldOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::OrderChange> releaseOrder(
        shopfleet::orders::v1::ReleaseOrderRequest request)
        = 0;
    virtual Reply<shopfleet::orders::v1::Order> annotateOrder(
        shopfleet::orders::v1::AnnotateOrderRequest request)
        = 0;

    /// Messages arrive on the UI thread for as long as the feed lives; the first one soon.
    virtual std::unique_ptr<Feed> watchOrders(
        std::function<void(const shopfleet::orders::v1::WatchOrdersResponse&)> use)
        = 0;
};

std::unique_ptr<OrdersClient> makeOrdersClient(const Channels& channels);

} // namespace api
