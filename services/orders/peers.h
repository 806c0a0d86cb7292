// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/checkout.h"
#include "services/orders/steps.h"
#include "services/runtime/trace.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace grpc {
class Channel;
}

namespace shopfleet::orders {

/// The other services, as orders talks to them. Never blocks: answers come on gRPC's threads, each
/// exactly once, within the deadline.
class Peers {
public:
    struct Channels {
        std::shared_ptr<grpc::Channel> cart;
        std::shared_ptr<grpc::Channel> inventory;
        std::shared_ptr<grpc::Channel> payments;
        std::shared_ptr<grpc::Channel> deliveries;
        std::shared_ptr<grpc::Channel> accounts;
    };

    explicit Peers(const Channels& channels);
    ~Peers();

    /// What the request's cart holds, at what prices, and who buys. Customers buy on while accounts
    /// is away.
    void basket(const v1::PlaceOrderRequest& request, std::chrono::milliseconds timeout,
        const runtime::Trace& trace, std::function<void(absl::StatusOr<Basket>)> then);

    /// What these SKUs are and cost now.
    void prices(std::vector<std::string> skus, std::chrono::milliseconds timeout,
        const runtime::Trace& trace,
        std::function<void(absl::StatusOr<inventory::v1::BatchGetVariantsResponse>)> then);

    /// Makes the call of the progress's step, as a part of what set it off.
    void perform(const v1::Order& order, const Progress& progress, int attempt,
        const runtime::Trace& trace, const std::function<void(Outcome)>& then);

    /// The services that were out of reach and are connected again since this was last asked. One
    /// thread at a time.
    std::vector<std::string> returned();

private:
    struct Stubs;
    struct Link {
        std::string service;
        std::shared_ptr<grpc::Channel> channel;
        bool away = false;
    };

    std::unique_ptr<Stubs> m_stubs;
    std::vector<Link> m_links; ///< To those that steps call.
};

} // namespace shopfleet::orders
