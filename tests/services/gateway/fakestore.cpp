// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/gateway/fakestore.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

#include <grpcpp/server_builder.h>

#include <chrono>
#include <thread>

namespace shopfleet::gateway::testing {
namespace {

grpc::Status badField(const std::string& field, const std::string& rule)
{
    google::rpc::BadRequest details;
    auto* violation = details.add_field_violations();
    violation->set_field(field);
    violation->set_description(rule);
    google::rpc::Status status;
    status.set_code(grpc::INVALID_ARGUMENT);
    status.add_details()->PackFrom(details);
    return {grpc::INVALID_ARGUMENT, field + " " + rule, status.SerializeAsString()};
}

bool isAway(Seen& seen)
{
    ++seen.calls;
    return seen.failuresLeft.fetch_sub(1) > 0;
}

grpc::Status away(const Seen& seen)
{
    return {seen.failure.load(), "not the writer, ask 10.0.0.7:4711"};
}

} // namespace

class FakeStore::FakeAccounts final : public accounts::v1::Accounts::Service {
public:
    explicit FakeAccounts(const Signer& signer)
        : m_signer(signer)
    {
    }

    grpc::Status SignIn(grpc::ServerContext*, const accounts::v1::SignInRequest* request,
        accounts::v1::Session* session) override
    {
        if (request->password() != "correct horse")
            return {grpc::UNAUTHENTICATED, "the e-mail or the password is wrong"};
        session->set_access_token(m_signer.token("c1"));
        session->mutable_customer()->set_id("c1");
        return grpc::Status::OK;
    }
    grpc::Status ListSigningKeys(grpc::ServerContext*, const accounts::v1::ListSigningKeysRequest*,
        accounts::v1::ListSigningKeysResponse* response) override
    {
        auto* key = response->add_keys();
        key->set_key_id("k1");
        key->set_public_key(m_signer.publicKey());
        return grpc::Status::OK;
    }

private:
    const Signer& m_signer;
};

class FakeStore::FakeCart final : public cart::v1::Cart::Service {
public:
    explicit FakeCart(Seen& seen)
        : m_seen(seen)
    {
    }

    grpc::Status AddItem(grpc::ServerContext*, const cart::v1::AddItemRequest* request,
        cart::v1::ShoppingCart* cart) override
    {
        const bool fails = isAway(m_seen);
        const std::lock_guard lock(m_seen.mutex);
        m_seen.addItem = *request;
        if (fails)
            return away(m_seen);
        if (request->quantity() < 1)
            return badField("quantity", "must be 1 to 1,000,000");
        cart->set_id(request->cart_id());
        cart->set_state(cart::v1::CART_STATE_OPEN);
        auto* item = cart->add_items();
        item->set_sku(request->sku());
        item->set_quantity(request->quantity());
        return grpc::Status::OK;
    }
    grpc::Status SetItem(grpc::ServerContext*, const cart::v1::SetItemRequest* request,
        cart::v1::ShoppingCart* cart) override
    {
        const std::lock_guard lock(m_seen.mutex);
        m_seen.setItem = *request;
        cart->set_id(request->cart_id());
        return grpc::Status::OK;
    }

private:
    Seen& m_seen;
};

class FakeStore::FakeInventory final : public inventory::v1::Inventory::Service {
public:
    explicit FakeInventory(Seen& seen)
        : m_seen(seen)
    {
    }

    grpc::Status GetProduct(grpc::ServerContext* context,
        const inventory::v1::GetProductRequest* request, inventory::v1::Product* product) override
    {
        {
            const std::lock_guard lock(m_seen.mutex);
            const auto trace = context->client_metadata().find("traceparent");
            if (trace != context->client_metadata().end())
                m_seen.traceparent.assign(trace->second.data(), trace->second.size());
        }
        if (isAway(m_seen))
            return away(m_seen);
        if (request->id() == "missing")
            return {grpc::NOT_FOUND, "there is no such product"};
        if (request->id() == "boom")
            return {grpc::INTERNAL, "disk I/O error in /var/lib/shopfleet/inventory.db"};
        while (request->id() == "slow" && !context->IsCancelled())
            std::this_thread::yield();
        product->set_id(request->id());
        product->set_title(request->id() == "garbage" ? std::string("a\"b\\c\n") : "Tea");
        product->set_state(inventory::v1::PRODUCT_STATE_ACTIVE);
        auto* variant = product->add_variants();
        variant->set_sku(request->id());
        variant->mutable_price()->set_currency("GBP");
        variant->mutable_price()->set_minor(255);
        product->mutable_created_at()->set_seconds(1291191960);
        return grpc::Status::OK;
    }
    grpc::Status ListProducts(grpc::ServerContext*,
        const inventory::v1::ListProductsRequest* request,
        inventory::v1::ListProductsResponse* response) override
    {
        const std::lock_guard lock(m_seen.mutex);
        m_seen.listProducts = *request;
        response->add_products()->set_id("85123A");
        response->set_next_page_token("next");
        response->set_total_size(2);
        return grpc::Status::OK;
    }

private:
    Seen& m_seen;
};

class FakeStore::FakeOrders final : public orders::v1::Orders::Service {
public:
    explicit FakeOrders(Seen& seen)
        : m_seen(seen)
    {
    }

    grpc::Status PlaceOrder(grpc::ServerContext*, const orders::v1::PlaceOrderRequest* request,
        orders::v1::Order* order) override
    {
        const std::lock_guard lock(m_seen.mutex);
        m_seen.placeOrder = *request;
        if (request->shipping_address().postal_code().empty())
            return badField("shipping_address.postal_code", "must not be empty");
        order->set_id("o1");
        order->set_state(orders::v1::ORDER_STATE_CONFIRMED);
        m_orders[request->customer_id()].push_back(order->id());
        return grpc::Status::OK;
    }
    grpc::Status ListMyOrders(grpc::ServerContext*, const orders::v1::ListMyOrdersRequest* request,
        orders::v1::ListOrdersResponse* response) override
    {
        const std::lock_guard lock(m_seen.mutex);
        for (const auto& id : m_orders[request->customer_id()])
            response->add_orders()->set_id(id);
        response->set_total_size(response->orders_size());
        return grpc::Status::OK;
    }

private:
    Seen& m_seen;
    std::map<std::string, std::vector<std::string>> m_orders;
};

FakeStore::FakeStore()
    : m_accounts(std::make_unique<FakeAccounts>(m_signer))
    , m_cart(std::make_unique<FakeCart>(m_seen))
    , m_inventory(std::make_unique<FakeInventory>(m_seen))
    , m_orders(std::make_unique<FakeOrders>(m_seen))
{
    start();
}

FakeStore::~FakeStore()
{
    stop();
}

std::string FakeStore::address() const
{
    return "127.0.0.1:" + std::to_string(m_port);
}

void FakeStore::start()
{
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(m_accounts.get());
    builder.RegisterService(m_cart.get());
    builder.RegisterService(m_inventory.get());
    builder.RegisterService(m_orders.get());
    m_server = builder.BuildAndStart();
    m_port = port;
}

void FakeStore::stop()
{
    if (m_server)
        m_server->Shutdown(std::chrono::system_clock::now());
    m_server.reset();
}

} // namespace shopfleet::gateway::testing
