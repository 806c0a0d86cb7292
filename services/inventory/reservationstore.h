// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace shopfleet::inventory {

/// The SQL of what is set aside for orders. A reservation's lines are the units in the state that
/// it is in: still held, committed, or given back.
class ReservationStore {
public:
    explicit ReservationStore(runtime::Connection& connection)
        : m_connection(connection)
    {
    }

    /// All lines or none: RESOURCE_EXHAUSTED names every SKU that is short.
    absl::StatusOr<v1::Reservation> reserve(const v1::ReserveStockRequest& request);
    absl::StatusOr<v1::Reservation> commit(const v1::CommitReservationRequest& request);
    absl::StatusOr<v1::Reservation> release(const v1::ReleaseReservationRequest& request);
    absl::StatusOr<v1::ListReservationsResponse> list(const v1::ListReservationsRequest& request);

    absl::StatusOr<bool> anyExpired(std::int64_t nowUs);
    /// Gives back what is held beyond its time, at most `most` reservations; says how many.
    absl::StatusOr<std::size_t> expire(std::int64_t nowUs, int most);

private:
    struct Head;
    absl::StatusOr<Head> find(const std::string& id);
    absl::StatusOr<v1::Reservation> withLines(Head head);
    absl::StatusOr<std::vector<v1::StockLine>> held(std::int64_t reservation);
    absl::Status setAside(const std::vector<v1::StockLine>& lines);
    absl::Status commitLine(const Head& head, const v1::StockLine& line);
    absl::Status giveBackAll(
        const Head& head, v1::ReservationState state, const std::string& reason);
    absl::Status giveBackSome(
        const Head& head, const std::vector<v1::StockLine>& lines, const std::string& reason);
    absl::Status giveBack(const Head& head, const std::vector<v1::StockLine>& lines);
    absl::Status end(const Head& head, v1::ReservationState state, const std::string& reason);

    runtime::Connection& m_connection;
};

} // namespace shopfleet::inventory
