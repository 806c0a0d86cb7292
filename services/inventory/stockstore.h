// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/statusor.h>

#include <string>

namespace shopfleet::inventory {

/// The SQL of the shelves and their ledger. Every change of on_hand goes through move(), which
/// writes the ledger's row in the same transaction.
class StockStore {
public:
    explicit StockStore(runtime::Connection& connection)
        : m_connection(connection)
    {
    }

    absl::StatusOr<v1::StockResponse> receive(const v1::ReceiveStockRequest& request);
    absl::StatusOr<v1::StockResponse> adjust(const v1::AdjustStockRequest& request);
    absl::StatusOr<v1::ListStockMovesResponse> list(const v1::ListStockMovesRequest& request);

    /// One row of the ledger and what it does to the shelf. The units of a COMMIT leave what is
    /// reserved, too.
    absl::StatusOr<v1::StockLevel> move(const v1::StockMove& move);

private:
    template <class Request>
    absl::StatusOr<v1::StockResponse> moveAll(const Request& request, v1::StockMoveKind kind);
    absl::Status record(const v1::StockMove& move);

    runtime::Connection& m_connection;
};

} // namespace shopfleet::inventory
