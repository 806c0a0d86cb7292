// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/inventory/sweeper.h"
#include "services/runtime/rpc.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"

namespace shopfleet::inventory {

/// The Inventory RPCs: check the request, ask the store, reply. Called on many threads at once.
class Handler final : public v1::Inventory::CallbackService {
public:
    Handler(runtime::Database& database, runtime::ChangeFeed& feed)
        : m_database(database)
        , m_feed(feed)
        , m_sweeper(database)
    {
    }

    template <class Response>
    using Stream = grpc::ServerWriteReactor<Response>;
    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* GetProduct(Context*, const v1::GetProductRequest*, v1::Product*) override;
    Unary* BatchGetVariants(
        Context*, const v1::BatchGetVariantsRequest*, v1::BatchGetVariantsResponse*) override;
    Unary* ListProducts(
        Context*, const v1::ListProductsRequest*, v1::ListProductsResponse*) override;
    Stream<v1::WatchProductsResponse>* WatchProducts(
        Context*, const v1::WatchProductsRequest*) override;
    Unary* CreateProduct(Context*, const v1::CreateProductRequest*, v1::Product*) override;
    Unary* UpdateProduct(Context*, const v1::UpdateProductRequest*, v1::Product*) override;
    Unary* ImportProducts(
        Context*, const v1::ImportProductsRequest*, v1::ImportProductsResponse*) override;
    Unary* ListCategories(
        Context*, const v1::ListCategoriesRequest*, v1::ListCategoriesResponse*) override;
    Unary* ListPriceHistory(
        Context*, const v1::ListPriceHistoryRequest*, v1::ListPriceHistoryResponse*) override;

    Unary* ReceiveStock(Context*, const v1::ReceiveStockRequest*, v1::StockResponse*) override;
    Unary* AdjustStock(Context*, const v1::AdjustStockRequest*, v1::StockResponse*) override;
    Unary* ListStockMoves(
        Context*, const v1::ListStockMovesRequest*, v1::ListStockMovesResponse*) override;

    Unary* ReserveStock(Context*, const v1::ReserveStockRequest*, v1::Reservation*) override;
    Unary* CommitReservation(
        Context*, const v1::CommitReservationRequest*, v1::Reservation*) override;
    Unary* ReleaseReservation(
        Context*, const v1::ReleaseReservationRequest*, v1::Reservation*) override;
    Unary* ListReservations(
        Context*, const v1::ListReservationsRequest*, v1::ListReservationsResponse*) override;

private:
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
    Sweeper m_sweeper;
};

} // namespace shopfleet::inventory
