// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "services/runtime/spans.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shopfleet::runtime {

/// A service's database: one file, one writer among all replicas, group commit, readers that never
/// wait.
///
/// The replica that holds the file's lock writes: queued closures run in one transaction, each
/// under its own savepoint, and are answered after the commit. The lock passes to another replica
/// by itself when its holder dies.
class Database {
public:
    using Work = std::function<absl::Status(Connection&)>;
    using Done = std::function<void(const absl::Status&)>;

    struct Options {
        std::string directory;
        std::string name; ///< The file is DIRECTORY/NAME.db.
        std::string schema; ///< Append-only sections, each begun by a line `-- @N title`.
    };

    /// Refuses a file that is damaged, or written by a newer version; the message names it. A large
    /// file is checked while it serves already; damage found then, or by any statement, ends the
    /// process with exit code 74.
    static absl::StatusOr<std::unique_ptr<Database>> open(Options options);
    ~Database();

    /// This thread's read-only connection. UNAVAILABLE until some replica has created the file.
    absl::StatusOr<Connection*> reader();

    /// Queues `work` for the next transaction; `done` is called after the commit, or with the
    /// work's own error, on the writer's thread, which it must not hold up. UNAVAILABLE at once
    /// where this replica does not write, RESOURCE_EXHAUSTED where the queue is full.
    void write(Work work, Done done);
    /// The same for those who may wait: start-up and tests.
    absl::Status writeAndWait(Work work);

    bool isWriter() const { return m_isWriter; }
    /// Called on the writer's thread when this replica becomes the writer, or soon where it is.
    void onWriter(std::function<void()> notice);
    /// Called after every commit of this replica, on the writer's thread. An empty one ends it:
    /// none is running any more when this returns.
    void onCommit(std::function<void()> notice);

    const std::string& path() const { return m_path; }
    std::size_t queued() const;
    std::uint64_t commits() const { return m_commits; }
    std::uint64_t written() const { return m_written; }

    /// Finishes what is queued, gives the lock back, and refuses what comes later.
    void stop();

private:
    struct Entry {
        Work work;
        Done done;
        SpanTimer timer; ///< Until it is stored.
        Trace trace; ///< What both are a part of.
    };

    explicit Database(Options options);
    absl::StatusOr<std::unique_ptr<Connection>> connect(bool readOnly);
    absl::Status verify();
    absl::Status takeOver();
    void run();
    void work();
    void commit(std::vector<Entry>& batch);
    absl::Status attempt(std::vector<Entry>& batch, std::vector<absl::Status>& results);
    void checkpoint();

    const Options m_options;
    const std::string m_path;
    const std::uint64_t m_id;
    int m_lock = -1;
    std::unique_ptr<Connection> m_connection; ///< The writer's own.
    std::atomic<bool> m_isWriter = false;
    std::atomic<bool> m_stopping = false;
    std::atomic<std::uint64_t> m_commits = 0;
    std::atomic<std::uint64_t> m_written = 0;
    std::mutex m_noticeMutex;
    std::function<void()> m_onWriter, m_onCommit;
    mutable std::mutex m_mutex;
    std::condition_variable m_filled;
    std::deque<Entry> m_queue;
    std::thread m_thread;
    std::mutex m_verifierMutex;
    std::unique_ptr<Connection> m_verified; ///< While a large file is being checked.
    std::thread m_verifier;
};

} // namespace shopfleet::runtime
