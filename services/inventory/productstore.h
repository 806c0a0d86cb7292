// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

namespace shopfleet::inventory {

/// The SQL that writes products with their categories, search words, shelves and prices.
class ProductStore {
public:
    explicit ProductStore(runtime::Connection& connection)
        : m_connection(connection)
    {
    }

    absl::StatusOr<v1::Product> create(const v1::CreateProductRequest& request);
    absl::StatusOr<v1::Product> update(const v1::UpdateProductRequest& request);
    absl::StatusOr<v1::ImportProductsResponse> import(const v1::ImportProductsRequest& request);

private:
    struct Stored {
        std::int64_t seq = 0;
        std::int64_t version = 0;
        std::string body;
        v1::Product product;
    };

    absl::StatusOr<std::optional<Stored>> find(const std::string& id);
    absl::Status insert(const v1::Product& product, std::int64_t now);
    absl::Status replace(const Stored& old, const v1::Product& product, std::int64_t now);
    absl::Status dropParts(const Stored& old, const v1::Product& product);
    absl::Status writeParts(std::int64_t seq, const v1::Product& product);
    absl::Status writePrices(
        std::int64_t seq, const v1::Product& old, const v1::Product& product, std::int64_t now);

    runtime::Connection& m_connection;
};

} // namespace shopfleet::inventory
