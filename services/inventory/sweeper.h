// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/database.h"
#include "services/runtime/ticker.h"

namespace shopfleet::inventory {

/// Gives back what is reserved beyond its time. Looks once a second, on the replica that writes.
class Sweeper {
public:
    explicit Sweeper(runtime::Database& database);

private:
    void sweep();

    runtime::Database& m_database;
    runtime::Ticker m_ticker;
};

} // namespace shopfleet::inventory
