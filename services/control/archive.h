// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/history.h"
#include "services/control/metricstore.h"

#include <absl/status/statusor.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace shopfleet::control {

/// The figures on the disk: an hour by the second, a day by ten seconds, thirty days by the minute.
/// Written on a thread of its own, so that a slow disk holds nobody up; what it cannot keep is
/// counted and left out. A damaged file is put aside, and a new one begun: figures are no reason
/// for a control plane to stay down.
class Archive {
public:
    struct Row {
        int tier = 0;
        History::Key key;
        std::int64_t at = 0;
        std::vector<store::Point> points;
    };

    explicit Archive(std::string folder, std::int64_t mostBytes = std::int64_t{512} << 20);
    ~Archive();
    Archive(const Archive&) = delete;
    Archive& operator=(const Archive&) = delete;

    /// Any thread, at once: they are written soon.
    void add(std::vector<Row> rows);
    /// Any thread; waits for the disk. All seconds of all tracks from then on.
    std::vector<std::pair<History::Key, std::vector<store::Point>>> secondsSince(std::int64_t from);
    /// Any thread; waits for the disk. "*" as in History::match().
    std::vector<History::Key> match(const History::Key& pattern);
    std::vector<store::Point> points(
        int tier, const History::Key& key, std::int64_t from, std::int64_t to);
    /// The oldest second that there is anything of; 0: none.
    std::int64_t oldest();
    /// Until all that was added is written: for tests, and the end.
    void flush();

private:
    bool open();
    void putAside();
    void run();
    void write(const std::vector<Row>& rows);
    absl::Status writeAll(const std::vector<Row>& rows);
    void tidy();
    runtime::Connection* reader();

    const std::string m_path;
    const std::int64_t m_mostBytes;
    std::unique_ptr<runtime::Connection> m_writer; // The thread's own.
    std::int64_t m_tidied = 0;
    std::mutex m_readMutex; // Guards the reader.
    std::unique_ptr<runtime::Connection> m_reader;
    std::mutex m_mutex; // Guards what follows.
    std::condition_variable m_filled, m_written;
    std::deque<std::vector<Row>> m_waiting;
    bool m_writing = false;
    bool m_over = false;
    std::thread m_thread;
};

} // namespace shopfleet::control
