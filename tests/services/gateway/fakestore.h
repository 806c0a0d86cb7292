// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/cart/v1/cart.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "tests/services/gateway/tokens.h"

#include <grpcpp/server.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace shopfleet::gateway::testing {

/// What the fakes saw, for the tests to look at.
struct Seen {
    std::mutex mutex;
    inventory::v1::ListProductsRequest listProducts;
    cart::v1::AddItemRequest addItem;
    cart::v1::SetItemRequest setItem;
    orders::v1::PlaceOrderRequest placeOrder;
    std::string traceparent;
    std::atomic<int> failuresLeft{0}; ///< Calls that still fail with this code.
    std::atomic<grpc::StatusCode> failure{grpc::StatusCode::UNAVAILABLE};
    std::atomic<int> calls{0};
};

/// Four services of the store in one gRPC server on a port of the kernel's. Some ids misbehave:
/// "missing", "boom", "slow", "garbage".
class FakeStore {
public:
    FakeStore();
    ~FakeStore();

    const Signer& signer() const { return m_signer; }
    Seen& seen() { return m_seen; }
    std::string address() const;
    void stop();
    /// On the port that it had.
    void start();

private:
    class FakeAccounts;
    class FakeCart;
    class FakeInventory;
    class FakeOrders;

    Signer m_signer;
    Seen m_seen;
    int m_port = 0;
    std::unique_ptr<FakeAccounts> m_accounts;
    std::unique_ptr<FakeCart> m_cart;
    std::unique_ptr<FakeInventory> m_inventory;
    std::unique_ptr<FakeOrders> m_orders;
    std::unique_ptr<grpc::Server> m_server;
};

} // namespace shopfleet::gateway::testing
