// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/database.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shopfleet::runtime {

/// Appends to the change log, inside the writer's transaction.
absl::Status recordChange(
    Connection& connection, std::string_view kind, std::string_view id, bool deleted = false);

/// Keeps the log's newest 1,000,000 rows; trims a few at a time.
absl::Status trimChanges(Connection& connection);

struct Changed {
    std::string kind, id;
    bool deleted = false;
};

/// A stretch of the log: each thing once, with its last state.
struct Changes {
    std::vector<Changed> items;
    std::int64_t next = 0; ///< Where to go on.
    bool reload = false; ///< The log no longer reaches back that far.
};

absl::StatusOr<std::int64_t> lastChange(Connection& connection);
absl::StatusOr<Changes> changesSince(Connection& connection, std::int64_t since, int limit = 500);

/// Tells watchers that the log has grown: at once for this replica's own commits after 50 quiet
/// milliseconds, else within 50 ms, so that many changes are one message.
class ChangeFeed {
public:
    explicit ChangeFeed(Database& database);
    ~ChangeFeed();

    using Wake = std::function<void()>;
    /// Calls `wake` on the feed's thread after each growth and at least every second, until
    /// removed.
    std::uint64_t add(Wake wake);
    void remove(std::uint64_t watcher);
    std::int64_t last() const { return m_last; }
    bool stopping() const { return m_stopping; }
    /// Wakes everybody a last time: streams end.
    void stop();

private:
    void run();

    Database& m_database;
    std::mutex m_mutex; ///< Held for a moment only: the writer's thread takes it.
    std::condition_variable m_grown;
    std::mutex m_watchersMutex; ///< Held while watchers are being woken.
    std::map<std::uint64_t, Wake> m_watchers;
    std::uint64_t m_nextWatcher = 1;
    std::atomic<std::int64_t> m_last = 0;
    std::atomic<bool> m_stopping = false;
    bool m_committed = false;
    std::thread m_thread;
};

} // namespace shopfleet::runtime
