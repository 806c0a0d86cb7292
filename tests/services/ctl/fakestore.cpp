// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/ctl/fakestore.h"

#include <grpcpp/server_builder.h>

#include <algorithm>

namespace shopfleet::ctl::tests {
namespace {

template <class Items, class Response>
void store(const Items& items, std::map<std::string, std::string>* to, Response* response)
{
    for (const auto& item : items) {
        const auto [at, isNew] = to->try_emplace(item.id());
        const std::string content = item.SerializeAsString();
        if (isNew)
            response->set_created(response->created() + 1);
        else if (at->second == content)
            response->set_unchanged(response->unchanged() + 1);
        else if constexpr (requires { response->updated(); })
            response->set_updated(response->updated() + 1);
        at->second = content;
    }
}

} // namespace

/// One transaction with its request_id, as the real ones do it.
template <class Request, class Response, class Apply>
grpc::Status FakeStore::write(const Request& request, Response* response, Apply apply)
{
    const Fault what = fault ? fault(++writes) : (++writes, Fault::None);
    if (what == Fault::Refuse)
        return {grpc::StatusCode::UNAVAILABLE, "not the writer"};
    const std::lock_guard lock(m_mutex);
    const auto [answer, isNew] = m_answers.try_emplace(request.request_id());
    const std::string body = request.GetTypeName() + request.SerializeAsString();
    if (isNew) {
        apply();
        answer->second = {body, response->SerializeAsString()};
    } else if (answer->second.first != body) {
        return {grpc::StatusCode::ABORTED, "request_id was used with another body"};
    } else {
        response->ParseFromString(answer->second.second);
    }
    if (what == Fault::LoseAnswer)
        return {grpc::StatusCode::UNAVAILABLE, "the connection broke"};
    return grpc::Status::OK;
}

struct FakeStore::Services {
    FakeStore& fake;

    struct Accounts : accounts::v1::Accounts::Service {
        FakeStore* fake;
        grpc::Status ImportCustomers(grpc::ServerContext*,
            const accounts::v1::ImportCustomersRequest* request,
            accounts::v1::ImportCustomersResponse* response) override
        {
            fake->largestBatch = std::max(fake->largestBatch.load(), request->customers_size());
            return fake->write(*request, response,
                [&] { store(request->customers(), &fake->customers, response); });
        }
        grpc::Status ListCustomers(grpc::ServerContext*, const accounts::v1::ListCustomersRequest*,
            accounts::v1::ListCustomersResponse* response) override
        {
            const std::lock_guard lock(fake->m_mutex);
            for (const auto& [id, bytes] : fake->customers)
                response->add_customers()->ParseFromString(bytes);
            response->set_total_size(response->customers_size());
            return grpc::Status::OK;
        }
    } accounts;

    struct Inventory : inventory::v1::Inventory::Service {
        FakeStore* fake;
        grpc::Status ImportProducts(grpc::ServerContext*,
            const inventory::v1::ImportProductsRequest* request,
            inventory::v1::ImportProductsResponse* response) override
        {
            fake->largestBatch = std::max(fake->largestBatch.load(), request->products_size());
            return fake->write(
                *request, response, [&] { store(request->products(), &fake->products, response); });
        }
        grpc::Status ReceiveStock(grpc::ServerContext*,
            const inventory::v1::ReceiveStockRequest* request,
            inventory::v1::StockResponse* response) override
        {
            return fake->write(*request, response, [&] {
                for (const auto& line : request->lines()) {
                    fake->stock[line.sku()] += line.quantity();
                    inventory::v1::StockMove move;
                    move.set_sku(line.sku());
                    move.set_kind(inventory::v1::STOCK_MOVE_KIND_RECEIPT);
                    move.set_quantity(line.quantity());
                    move.set_reason(request->reason());
                    fake->moves.push_back(move);
                }
            });
        }
        grpc::Status ListStockMoves(grpc::ServerContext*,
            const inventory::v1::ListStockMovesRequest* request,
            inventory::v1::ListStockMovesResponse* response) override
        {
            const std::lock_guard lock(fake->m_mutex);
            const size_t begin
                = request->page_token().empty() ? 0 : std::stoul(request->page_token());
            const size_t end
                = std::min(fake->moves.size(), begin + static_cast<size_t>(request->page_size()));
            for (size_t i = begin; i < end; ++i)
                *response->add_moves() = fake->moves[i];
            if (end < fake->moves.size())
                response->set_next_page_token(std::to_string(end));
            return grpc::Status::OK;
        }
    } inventory;

    struct Orders : orders::v1::Orders::Service {
        FakeStore* fake;
        grpc::Status ImportOrders(grpc::ServerContext*,
            const orders::v1::ImportOrdersRequest* request,
            orders::v1::ImportOrdersResponse* response) override
        {
            fake->largestBatch = std::max(fake->largestBatch.load(), request->orders_size());
            return fake->write(
                *request, response, [&] { store(request->orders(), &fake->orders, response); });
        }
        grpc::Status GetOrder(grpc::ServerContext*, const orders::v1::GetOrderRequest* request,
            orders::v1::Order* order) override
        {
            const std::lock_guard lock(fake->m_mutex);
            const auto found = fake->orders.find(request->id());
            if (found == fake->orders.end())
                return {grpc::StatusCode::NOT_FOUND, "order.id: there is no such order"};
            order->ParseFromString(found->second);
            return grpc::Status::OK;
        }
        grpc::Status ListOrders(grpc::ServerContext*, const orders::v1::ListOrdersRequest* request,
            orders::v1::ListOrdersResponse* response) override
        {
            const std::lock_guard lock(fake->m_mutex);
            fake->lastListOrders = *request;
            auto at = fake->orders.upper_bound(request->page_token());
            for (; at != fake->orders.end() && response->orders_size() < request->page_size(); ++at)
                response->add_orders()->ParseFromString(at->second);
            if (at != fake->orders.end() && response->orders_size() > 0)
                response->set_next_page_token(std::prev(at)->first);
            response->set_total_size(static_cast<int64_t>(fake->orders.size()));
            return grpc::Status::OK;
        }
    } orders;

    struct Deliveries : deliveries::v1::Deliveries::Service {
        FakeStore* fake;
        grpc::Status ImportShipments(grpc::ServerContext*,
            const deliveries::v1::ImportShipmentsRequest* request,
            deliveries::v1::ImportShipmentsResponse* response) override
        {
            return fake->write(*request, response,
                [&] { store(request->shipments(), &fake->shipments, response); });
        }
    } deliveries;

    struct Payments : payments::v1::Payments::Service {
        FakeStore* fake;
        grpc::Status ImportPayments(grpc::ServerContext*,
            const payments::v1::ImportPaymentsRequest* request,
            payments::v1::ImportPaymentsResponse* response) override
        {
            return fake->write(
                *request, response, [&] { store(request->payments(), &fake->payments, response); });
        }
    } payments;
};

FakeStore::FakeStore()
    : m_services(new Services{.fake = *this,
        .accounts = {},
        .inventory = {},
        .orders = {},
        .deliveries = {},
        .payments = {}})
{
    m_services->accounts.fake = m_services->inventory.fake = m_services->orders.fake = this;
    m_services->deliveries.fake = m_services->payments.fake = this;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &m_port);
    builder.RegisterService(&m_services->accounts);
    builder.RegisterService(&m_services->inventory);
    builder.RegisterService(&m_services->orders);
    builder.RegisterService(&m_services->deliveries);
    builder.RegisterService(&m_services->payments);
    m_server = builder.BuildAndStart();
}

FakeStore::~FakeStore()
{
    m_server->Shutdown(std::chrono::system_clock::now());
    m_server->Wait();
}

std::string FakeStore::contents() const
{
    const std::lock_guard lock(m_mutex);
    std::string text;
    for (const auto* part : {&customers, &products, &orders, &shipments, &payments})
        for (const auto& [id, bytes] : *part)
            text += id + '=' + bytes + '\n';
    for (const auto& [sku, units] : stock)
        text += sku + '=' + std::to_string(units) + '\n';
    return text;
}

} // namespace shopfleet::ctl::tests
