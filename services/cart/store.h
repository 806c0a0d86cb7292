// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/cart/v1/cart.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

namespace shopfleet::cart {

/// All SQL of the carts. Knows rows and messages; knows nothing of RPCs.
class Store {
public:
    explicit Store(runtime::Connection& connection)
        : m_connection(connection)
    {
    }

    absl::StatusOr<v1::ShoppingCart> get(const std::string& id);
    absl::StatusOr<v1::ListCartsResponse> list(const v1::ListCartsRequest& request);

    absl::StatusOr<v1::ShoppingCart> create(const v1::CreateCartRequest& request);
    absl::StatusOr<v1::ShoppingCart> add(const v1::AddItemRequest& request);
    absl::StatusOr<v1::ShoppingCart> set(const v1::SetItemRequest& request);
    absl::StatusOr<v1::ShoppingCart> merge(const v1::MergeCartRequest& request);
    absl::StatusOr<v1::ShoppingCart> close(const v1::CloseCartRequest& request);

private:
    struct Head;
    absl::StatusOr<Head> find(const std::string& id);
    absl::StatusOr<Head> findOpen(const std::string& id);
    absl::StatusOr<std::optional<Head>> openCartOf(const std::string& customerId);
    absl::StatusOr<v1::ShoppingCart> withItems(Head head);
    absl::Status put(std::int64_t cart, const std::string& sku, std::int64_t quantity);
    absl::Status take(std::int64_t cart, const std::string& sku);
    absl::Status pour(const Head& from, const Head& into);
    absl::Status touch(const Head& head);

    runtime::Connection& m_connection;
};

} // namespace shopfleet::cart
