// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/handler.h"

#include "services/inventory/cataloguestore.h"
#include "services/inventory/productstore.h"
#include "services/inventory/reservationstore.h"
#include "services/inventory/rules.h"
#include "services/inventory/stockstore.h"

namespace shopfleet::inventory {

using runtime::Connection;

runtime::Unary* Handler::GetProduct(
    Context* context, const v1::GetProductRequest* request, v1::Product* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::read(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return CatalogueStore(connection).get(asked.id());
        });
}

runtime::Unary* Handler::BatchGetVariants(Context* context,
    const v1::BatchGetVariantsRequest* request, v1::BatchGetVariantsResponse* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::read(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return CatalogueStore(connection).variants(asked);
        });
}

runtime::Unary* Handler::ListProducts(
    Context* context, const v1::ListProductsRequest* request, v1::ListProductsResponse* response)
{
    return runtime::browse(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return CatalogueStore(connection).list(asked);
        });
}

grpc::ServerWriteReactor<v1::WatchProductsResponse>* Handler::WatchProducts(
    Context*, const v1::WatchProductsRequest* request)
{
    return runtime::watch<v1::WatchProductsResponse>(m_database, m_feed, request->resume_token(),
        [](Connection& connection, const runtime::Changed& change,
            v1::WatchProductsResponse& message) {
            if (change.kind != "product")
                return absl::OkStatus();
            auto product = CatalogueStore(connection).get(change.id);
            if (!product.ok())
                return product.status();
            *message.add_products() = *std::move(product);
            return absl::OkStatus();
        });
}

runtime::Unary* Handler::CreateProduct(
    Context* context, const v1::CreateProductRequest* request, v1::Product* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ProductStore(connection).create(asked);
        });
}

runtime::Unary* Handler::UpdateProduct(
    Context* context, const v1::UpdateProductRequest* request, v1::Product* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ProductStore(connection).update(asked);
        });
}

runtime::Unary* Handler::ImportProducts(Context* context, const v1::ImportProductsRequest* request,
    v1::ImportProductsResponse* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ProductStore(connection).import(asked);
        });
}

runtime::Unary* Handler::ListCategories(Context* context, const v1::ListCategoriesRequest* request,
    v1::ListCategoriesResponse* response)
{
    return runtime::browse(
        context, m_database, request, response, [](Connection& connection, const auto&) {
            return CatalogueStore(connection).categories();
        });
}

runtime::Unary* Handler::ListPriceHistory(Context* context,
    const v1::ListPriceHistoryRequest* request, v1::ListPriceHistoryResponse* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::browse(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return CatalogueStore(connection).prices(asked);
        });
}

runtime::Unary* Handler::ReceiveStock(
    Context* context, const v1::ReceiveStockRequest* request, v1::StockResponse* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return StockStore(connection).receive(asked);
        });
}

runtime::Unary* Handler::AdjustStock(
    Context* context, const v1::AdjustStockRequest* request, v1::StockResponse* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return StockStore(connection).adjust(asked);
        });
}

runtime::Unary* Handler::ListStockMoves(Context* context, const v1::ListStockMovesRequest* request,
    v1::ListStockMovesResponse* response)
{
    return runtime::browse(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return StockStore(connection).list(asked);
        });
}

runtime::Unary* Handler::ReserveStock(
    Context* context, const v1::ReserveStockRequest* request, v1::Reservation* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ReservationStore(connection).reserve(asked);
        });
}

runtime::Unary* Handler::CommitReservation(
    Context* context, const v1::CommitReservationRequest* request, v1::Reservation* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ReservationStore(connection).commit(asked);
        });
}

runtime::Unary* Handler::ReleaseReservation(
    Context* context, const v1::ReleaseReservationRequest* request, v1::Reservation* response)
{
    if (auto status = check(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ReservationStore(connection).release(asked);
        });
}

runtime::Unary* Handler::ListReservations(Context* context,
    const v1::ListReservationsRequest* request, v1::ListReservationsResponse* response)
{
    return runtime::browse(
        context, m_database, request, response, [](Connection& connection, const auto& asked) {
            return ReservationStore(connection).list(asked);
        });
}

} // namespace shopfleet::inventory
