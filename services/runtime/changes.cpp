// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/changes.h"

#include "services/runtime/clock.h"

#include <algorithm>
#include <utility>

namespace shopfleet::runtime {
namespace {

constexpr std::int64_t kKeep = 1'000'000;
constexpr auto kPoll = std::chrono::milliseconds(50);
constexpr auto kBeat = std::chrono::milliseconds(900);

} // namespace

absl::Status recordChange(
    Connection& connection, std::string_view kind, std::string_view id, bool deleted)
{
    return connection
        .execute("INSERT INTO change_log (kind, id, deleted, at) VALUES (:1, :2, :3, :4)",
            std::string(kind), std::string(id), deleted, nowUs())
        .status();
}

absl::Status trimChanges(Connection& connection)
{
    return connection
        .execute("DELETE FROM change_log WHERE seq IN (SELECT seq FROM change_log WHERE seq <= "
                 "(SELECT max(seq) FROM change_log) - :1 ORDER BY seq LIMIT 1000)",
            kKeep)
        .status();
}

absl::StatusOr<std::int64_t> lastChange(Connection& connection)
{
    const auto last = connection.selectOne(
        "SELECT coalesce(max(seq), 0) FROM change_log", [](std::int64_t seq) { return seq; });
    if (!last.ok())
        return last.status();
    return last->value_or(0);
}

absl::StatusOr<Changes> changesSince(Connection& connection, std::int64_t since, int limit)
{
    struct Bounds {
        std::int64_t first, last;
    };
    const auto bounds = connection.selectOne(
        "SELECT coalesce(min(seq), 0), coalesce(max(seq), 0) FROM change_log",
        [](std::int64_t first, std::int64_t last) {
            return Bounds{first, last};
        });
    if (!bounds.ok())
        return bounds.status();
    Changes result;
    const auto [first, last] = **bounds;
    result.next = last;
    // A token from the future belongs to a log that was replaced.
    if (since > last || (first > 0 && since < first - 1)) {
        result.reload = true;
        return result;
    }
    auto rows = connection.select(
        "SELECT seq, kind, id, deleted FROM change_log WHERE seq > :1 ORDER BY seq LIMIT :2",
        [](std::int64_t seq, std::string kind, std::string id, bool deleted) {
            return std::pair(seq, Changed{std::move(kind), std::move(id), deleted});
        },
        since, limit);
    if (!rows.ok())
        return rows.status();
    result.next = rows->empty() ? since : rows->back().first;
    std::map<std::pair<std::string, std::string>, std::size_t> seen;
    for (auto& [seq, change] : *rows) {
        const auto [at, fresh] = seen.try_emplace({change.kind, change.id}, result.items.size());
        if (fresh)
            result.items.push_back(std::move(change));
        else
            result.items[at->second].deleted = change.deleted;
    }
    return result;
}

ChangeFeed::ChangeFeed(Database& database)
    : m_database(database)
    , m_thread([this] { run(); })
{
    database.onCommit([this] {
        bool first = false;
        {
            const std::lock_guard lock(m_mutex);
            first = !std::exchange(m_committed, true);
        }
        if (first)
            m_grown.notify_one();
    });
}

ChangeFeed::~ChangeFeed()
{
    m_database.onCommit({});
    stop();
}

std::uint64_t ChangeFeed::add(Wake wake)
{
    const std::lock_guard lock(m_watchersMutex);
    m_watchers.emplace(m_nextWatcher, std::move(wake));
    return m_nextWatcher++;
}

void ChangeFeed::remove(std::uint64_t watcher)
{
    const std::lock_guard lock(m_watchersMutex);
    m_watchers.erase(watcher);
}

void ChangeFeed::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_grown.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void ChangeFeed::run()
{
    auto beat = std::chrono::steady_clock::now();
    while (true) {
        std::unique_lock lock(m_mutex);
        m_grown.wait_for(lock, kPoll, [this] { return m_committed || m_stopping; });
        m_committed = false;
        lock.unlock();

        std::int64_t newest = m_last;
        if (const auto reader = m_database.reader(); reader.ok())
            if (const auto seen = lastChange(**reader); seen.ok())
                newest = *seen;
        const auto now = std::chrono::steady_clock::now();
        if (m_last.exchange(newest) == newest && now - beat < kBeat && !m_stopping)
            continue;
        beat = now;
        // Before the watchers are: who is added later sees it for itself.
        const bool ending = m_stopping;
        {
            const std::lock_guard watching(m_watchersMutex);
            for (const auto& [watcher, wake] : m_watchers)
                wake();
        }
        if (ending)
            return;
        // What changes at every step, as an order under way does, is read once for many steps.
        lock.lock();
        m_grown.wait_for(lock, kPoll, [this] { return m_stopping.load(); });
    }
}

} // namespace shopfleet::runtime
