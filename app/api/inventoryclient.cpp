// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/inventoryclient.h"

#include "app/api/call.h"
#include "app/api/channels.h"
#include "app/api/subscription.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"

#include <grpcpp/channel.h>

namespace api {
namespace {

using namespace shopfleet::inventory::v1;
using Stub = shopfleet::inventory::v1::Inventory::Stub;
using Async = shopfleet::inventory::v1::Inventory::StubInterface::async_interface;

class GrpcInventoryClient final : public InventoryClient {
public:
    explicit GrpcInventoryClient(const Channels& channels)
        : m_stub(shopfleet::inventory::v1::Inventory::NewStub(channels.service("inventory")))
    {
    }

    Reply<ListProductsResponse> listProducts(ListProductsRequest request) override
    {
        return call(async(), &Async::ListProducts, std::move(request));
    }
    Reply<Product> getProduct(GetProductRequest request) override
    {
        return call(async(), &Async::GetProduct, std::move(request));
    }
    Reply<Product> updateProduct(UpdateProductRequest request) override
    {
        return call(async(), &Async::UpdateProduct, std::move(request));
    }
    Reply<Product> createProduct(CreateProductRequest request) override
    {
        return call(async(), &Async::CreateProduct, std::move(request));
    }
    Reply<StockResponse> receiveStock(ReceiveStockRequest request) override
    {
        return call(async(), &Async::ReceiveStock, std::move(request));
    }
    Reply<StockResponse> adjustStock(AdjustStockRequest request) override
    {
        return call(async(), &Async::AdjustStock, std::move(request));
    }
    Reply<ListReservationsResponse> listReservations(ListReservationsRequest request) override
    {
        return call(async(), &Async::ListReservations, std::move(request));
    }
    Reply<ListStockMovesResponse> listStockMoves(ListStockMovesRequest request) override
    {
        return call(async(), &Async::ListStockMoves, std::move(request));
    }

    std::unique_ptr<Feed> watchProducts(
        std::function<void(const WatchProductsResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchProductsRequest, WatchProductsResponse>>(
            async(), &Async::WatchProducts, WatchProductsRequest(), std::move(use), nullptr);
    }

private:
    Async* async() { return m_stub->async(); }

    std::unique_ptr<Stub> m_stub;
};

} // namespace

std::unique_ptr<InventoryClient> makeInventoryClient(const Channels& channels)
{
    return std::make_unique<GrpcInventoryClient>(channels);
}

} // namespace api
