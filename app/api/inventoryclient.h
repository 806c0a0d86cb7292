// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/feed.h"
#include "app/api/reply.h"
#include "shopfleet/inventory/v1/inventory.pb.h"

#include <functional>
#include <memory>

namespace api {

class Channels;

/// The inventory service as the app sees it.
class InventoryClient {
public:
    virtual ~InventoryClient() = default;

    virtual Reply<shopfleet::inventory::v1::ListProductsResponse> listProducts(
        shopfleet::inventory::v1::ListProductsRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::Product> getProduct(
        shopfleet::inventory::v1::GetProductRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::Product> updateProduct(
        shopfleet::inventory::v1::UpdateProductRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::Product> createProduct(
        shopfleet::inventory::v1::CreateProductRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::StockResponse> receiveStock(
        shopfleet::inventory::v1::ReceiveStockRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::StockResponse> adjustStock(
        shopfleet::inventory::v1::AdjustStockRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::ListReservationsResponse> listReservations(
        shopfleet::inventory::v1::ListReservationsRequest request)
        = 0;
    virtual Reply<shopfleet::inventory::v1::ListStockMovesResponse> listStockMoves(
        shopfleet::inventory::v1::ListStockMovesRequest request)
        = 0;

    /// Messages arrive on the UI thread for as long as the feed lives; the first one soon.
    virtual std::unique_ptr<Feed> watchProducts(
        std::function<void(const shopfleet::inventory::v1::WatchProductsResponse&)> use)
        = 0;
};

std::unique_ptr<InventoryClient> makeInventoryClient(const Channels& channels);

} // namespace api
