// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/archive.h"

#include "control_schema.h"
#include "services/runtime/clock.h"
#include "services/runtime/schema.h"
#include "services/runtime/telemetry.h"

#include <filesystem>
#include <prometheus/counter.h>
#include <spdlog/spdlog.h>

namespace shopfleet::control {

namespace {

constexpr std::size_t kMostWaiting = 30; // Batches: five minutes of a disk that does not answer.
constexpr std::int64_t kTidyEvery = 60; // Seconds.
constexpr int kPagesBeforeCheckpoint = 1'000;

prometheus::Counter& lost()
{
    static auto& counter = prometheus::BuildCounter()
                               .Name("shopfleet_metric_points_lost_total")
                               .Help("Figures that could not be kept on the disk.")
                               .Register(runtime::metrics())
                               .Add({});
    return counter;
}

std::int64_t now()
{
    return runtime::machineUs() / 1'000'000;
}

} // namespace

Archive::Archive(std::string folder, std::int64_t mostBytes)
    : m_path(std::move(folder) + "/metrics.db")
    , m_mostBytes(mostBytes)
{
    if (!open())
        putAside();
    m_thread = std::thread([this] { run(); });
}

Archive::~Archive()
{
    {
        const std::lock_guard lock(m_mutex);
        m_over = true;
    }
    m_filled.notify_all();
    m_thread.join();
}

void Archive::putAside()
{
    spdlog::error("figures are put aside, since they cannot be read: {}.damaged", m_path);
    m_writer.reset();
    {
        const std::lock_guard lock(m_readMutex);
        m_reader.reset();
        std::error_code ignored;
        for (const auto* suffix : {"", "-wal", "-shm"})
            std::filesystem::rename(m_path + suffix, m_path + suffix + ".damaged", ignored);
    }
    if (!open())
        spdlog::error("figures will not be kept: {} cannot be written", m_path);
}

// Not checked as a whole: that would take longer with each day, and damage shows when it is met.
bool Archive::open()
{
    m_writer.reset();
    auto connection = runtime::Connection::open(m_path, false);
    if (!connection.ok())
        return false;
    // What was written in the last seconds before the machine goes down may be lost; the file not.
    auto status = (*connection)->script("PRAGMA synchronous=NORMAL");
    if (status.ok())
        status = runtime::migrate(**connection, m_path, kSchema);
    if (!status.ok()) {
        spdlog::error("figures: {}", std::string(status.message()));
        return false;
    }
    m_writer = *std::move(connection);
    return true;
}

void Archive::add(std::vector<Row> rows)
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.size() >= kMostWaiting) {
        lost().Increment(static_cast<double>(m_waiting.front().size()));
        m_waiting.pop_front();
    }
    m_waiting.push_back(std::move(rows));
    m_filled.notify_all();
}

void Archive::flush()
{
    std::unique_lock lock(m_mutex);
    m_written.wait(lock, [this] { return m_waiting.empty() && !m_writing; });
}

void Archive::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_filled.wait(lock, [this] { return m_over || !m_waiting.empty(); });
        if (m_waiting.empty())
            return;
        const auto rows = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_writing = true;
        lock.unlock();
        write(rows);
        lock.lock();
        m_writing = false;
        m_written.notify_all();
    }
}

void Archive::write(const std::vector<Row>& rows)
{
    if (!m_writer)
        return lost().Increment(static_cast<double>(rows.size()));
    auto status = m_writer->script("BEGIN IMMEDIATE");
    if (status.ok())
        status = writeAll(rows);
    if (status.ok())
        status = m_writer->script("COMMIT");
    if (!status.ok()) {
        if (m_writer->inTransaction())
            (void)m_writer->script("ROLLBACK");
        lost().Increment(static_cast<double>(rows.size()));
        spdlog::error("figures are not kept: {}", std::string(status.message()));
        if (absl::IsDataLoss(status))
            putAside();
        return;
    }
    if (now() - m_tidied >= kTidyEvery)
        tidy();
    if (m_writer->walPages() > kPagesBeforeCheckpoint)
        (void)m_writer->script("PRAGMA wal_checkpoint(TRUNCATE)");
}

absl::Status Archive::writeAll(const std::vector<Row>& rows)
{
    for (const auto& row : rows) {
        if (auto status = store::add(*m_writer, row.tier, row.key, row.at, row.points);
            !status.ok())
            return status;
    }
    return absl::OkStatus();
}

// What is too old goes; and of what is left the oldest where it is too much.
void Archive::tidy()
{
    m_tidied = now();
    auto status = store::forget(*m_writer, m_tidied);
    const auto size = store::bytes(*m_writer);
    if (status.ok() && size.ok() && *size > m_mostBytes)
        status = store::shorten(*m_writer);
    if (!status.ok() || !size.ok())
        spdlog::error(
            "figures: {}", std::string(status.ok() ? size.status().message() : status.message()));
}

runtime::Connection* Archive::reader()
{
    if (!m_reader) {
        auto connection = runtime::Connection::open(m_path, true);
        if (connection.ok())
            m_reader = *std::move(connection);
    }
    return m_reader.get();
}

std::vector<std::pair<History::Key, std::vector<store::Point>>> Archive::secondsSince(
    std::int64_t from)
{
    std::vector<std::pair<History::Key, std::vector<store::Point>>> found;
    const std::lock_guard lock(m_readMutex);
    auto* db = reader();
    if (!db)
        return found;
    const auto keys = store::allKeys(*db);
    if (!keys.ok())
        return found;
    for (const auto& key : *keys) {
        auto points = store::points(*db, 0, key, from, std::numeric_limits<std::int64_t>::max());
        if (points.ok() && !points->empty())
            found.emplace_back(key, *std::move(points));
    }
    return found;
}

std::vector<History::Key> Archive::match(const History::Key& pattern)
{
    const std::lock_guard lock(m_readMutex);
    auto* db = reader();
    auto keys = db ? store::keys(*db, pattern)
                   : absl::StatusOr<std::vector<History::Key>>(std::vector<History::Key>());
    return keys.ok() ? *std::move(keys) : std::vector<History::Key>();
}

std::vector<store::Point> Archive::points(
    int tier, const History::Key& key, std::int64_t from, std::int64_t to)
{
    const std::lock_guard lock(m_readMutex);
    auto* db = reader();
    auto points = db ? store::points(*db, tier, key, from, to)
                     : absl::StatusOr<std::vector<store::Point>>(std::vector<store::Point>());
    return points.ok() ? *std::move(points) : std::vector<store::Point>();
}

std::int64_t Archive::oldest()
{
    const std::lock_guard lock(m_readMutex);
    auto* db = reader();
    return db ? store::oldest(*db).value_or(0) : 0;
}

} // namespace shopfleet::control
