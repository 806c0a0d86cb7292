// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/database.h"
#include "services/runtime/ticker.h"

#include <cstdint>
#include <functional>
#include <string>

namespace shopfleet::runtime {

/// Tells another service what stands in an outbox, while this process writes: each message until it
/// is taken, with pauses that grow to a minute, for two hours. Messages may arrive late, more than
/// once and out of order. The outbox is a table of the service's own, written with what it tells
/// of: (id INTEGER PRIMARY KEY, key TEXT, due INTEGER, attempts INTEGER DEFAULT 0), due in
/// microseconds, with an index on due.
class Relay {
public:
    /// Tells of what `key` names; blocks for a few seconds at most. Called on the relay's thread.
    using Tell = std::function<grpc::Status(const std::string& key)>;

    Relay(Database& database, std::string table, Tell tell);

    /// To be called in the transaction that writes what is told of.
    absl::Status add(Connection& db, const std::string& key, std::int64_t dueUs) const;
    /// There may be one that is due.
    void poke() { m_ticker.poke(); }

private:
    struct Message {
        std::int64_t id = 0;
        std::string key;
        int attempts = 0;
    };
    void tellDue();
    void settle(const Message& message, const grpc::Status& answer);

    Database& m_database;
    const std::string m_table;
    const Tell m_tell;
    Ticker m_ticker;
};

} // namespace shopfleet::runtime
