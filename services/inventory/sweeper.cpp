// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/sweeper.h"

#include "services/inventory/reservationstore.h"
#include "services/runtime/clock.h"

#include <chrono>
#include <spdlog/spdlog.h>

namespace shopfleet::inventory {
namespace {

constexpr auto kPause = std::chrono::seconds(1);
constexpr int kMostAtOnce = 200; // So that a crowd of them does not hold up the shoppers' writes.

} // namespace

Sweeper::Sweeper(runtime::Database& database)
    : m_database(database)
    , m_ticker(kPause, [this] { sweep(); })
{
}

void Sweeper::sweep()
{
    if (!m_database.isWriter())
        return;
    const auto reader = m_database.reader();
    if (!reader.ok())
        return;
    const auto due = ReservationStore(**reader).anyExpired(runtime::nowUs());
    if (!due.ok() || !*due)
        return;
    m_database.write(
        [](runtime::Connection& connection) {
            return ReservationStore(connection).expire(runtime::nowUs(), kMostAtOnce).status();
        },
        [](const absl::Status& status) {
            if (!status.ok())
                spdlog::warn(
                    "expired reservations were not given back: {}", std::string(status.message()));
        });
}

} // namespace shopfleet::inventory
