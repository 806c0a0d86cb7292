// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace shopfleet::inventory {

/// The SQL that reads products: one, many, by words, by category. Writes nothing.
class CatalogueStore {
public:
    explicit CatalogueStore(runtime::Connection& connection)
        : m_connection(connection)
    {
    }

    absl::StatusOr<v1::Product> get(const std::string& id);
    absl::StatusOr<v1::BatchGetVariantsResponse> variants(
        const v1::BatchGetVariantsRequest& request);
    absl::StatusOr<v1::ListProductsResponse> list(const v1::ListProductsRequest& request);
    absl::StatusOr<v1::ListCategoriesResponse> categories();
    absl::StatusOr<v1::ListPriceHistoryResponse> prices(const v1::ListPriceHistoryRequest& request);

private:
    struct Row;
    static Row readRow(std::int64_t seq, std::int64_t version, std::int64_t createdAt,
        std::int64_t updatedAt, const std::string& body);
    static absl::StatusOr<v1::Product> joined(Row row, const std::vector<v1::Stock>& shelves);
    absl::StatusOr<v1::Product> withStock(Row row);

    runtime::Connection& m_connection;
};

} // namespace shopfleet::inventory
