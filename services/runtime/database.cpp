// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/database.h"

#include "services/runtime/text.h"

#include <absl/strings/numbers.h>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>

namespace shopfleet::runtime {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::size_t kQueue = 20'000;
constexpr std::uintmax_t kCheckAtStart = 64U
    << 20U; // A quick_check of this much takes about 0.15 s.
constexpr std::uint64_t kCheckpointEvery = 512; // Commits.
constexpr auto kLockPause = std::chrono::milliseconds(5);

std::atomic<std::uint64_t> nextId = 1;

/// Readers by database: a thread may serve several (tests do).
thread_local std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> readers;

/// Damage and failing disks end the process: whoever restarts it sees why, and nothing wrong is
/// served.
[[noreturn]] void quit(const std::string& path, const absl::Status& status)
{
    spdlog::critical("the database {} cannot be trusted: {}. Restore it from a backup.", path,
        std::string(status.message()));
    spdlog::shutdown();
    std::_Exit(74); // EX_IOERR
}

absl::Status quickCheck(Connection& connection, const std::string& path)
{
    const auto rows
        = connection.select("PRAGMA quick_check(3)", [](std::string text) { return text; });
    if (!rows.ok())
        return absl::DataLossError(text(path, ": ", rows.status().message()));
    if (rows->size() == 1 && rows->front() == "ok")
        return absl::OkStatus();
    return absl::DataLossError(
        text(path, " is damaged: ", rows->empty() ? "no answer" : rows->front()));
}

} // namespace

Database::Database(Options options)
    : m_options(std::move(options))
    , m_path((std::filesystem::path(m_options.directory) / (m_options.name + ".db")).string())
    , m_id(nextId++)
{
}

absl::StatusOr<std::unique_ptr<Database>> Database::open(Options options)
{
    std::error_code error;
    std::filesystem::create_directories(options.directory, error);
    if (error)
        return absl::FailedPreconditionError(
            text("--data ", options.directory, ": ", error.message()));
    std::unique_ptr<Database> database(new Database(std::move(options)));
    database->m_lock = ::open(
        (database->m_path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (database->m_lock < 0)
        return absl::FailedPreconditionError(
            text(database->m_path, ".lock cannot be opened for writing"));

    const auto size = std::filesystem::file_size(database->m_path, error);
    if (!error && size > 0) {
        auto connection = Connection::open(database->m_path, true);
        if (!connection.ok())
            return connection.status();
        if (size <= kCheckAtStart) {
            if (auto status = quickCheck(**connection, database->m_path); !status.ok())
                return status;
        } else {
            database->verifyInBackground();
        }
    }
    // Whoever gets the lock right away is the writer before it serves; the others go on trying.
    if (::flock(database->m_lock, LOCK_EX | LOCK_NB) == 0)
        if (auto status = database->takeOver(); !status.ok())
            return status;
    database->m_thread = std::thread([raw = database.get()] { raw->run(); });
    return database;
}

Database::~Database()
{
    stop();
    if (m_verifier.joinable())
        m_verifier.join();
    readers.erase(m_id);
    ::close(m_lock);
}

void Database::verifyInBackground()
{
    m_verifier = std::thread([this] {
        auto connection = Connection::open(m_path, true);
        const auto status
            = connection.ok() ? quickCheck(**connection, m_path) : connection.status();
        if (!status.ok() && !m_stopping)
            quit(m_path, status);
    });
}

absl::StatusOr<Connection*> Database::reader()
{
    auto& slot = readers[m_id];
    if (!slot) {
        if (!std::filesystem::exists(m_path))
            return unavailable("the database is not there yet");
        auto connection = Connection::open(m_path, true);
        if (!connection.ok())
            return unavailable("the database cannot be opened yet");
        slot = *std::move(connection);
    }
    return slot.get();
}

void Database::write(Work work, Done done)
{
    absl::Status refusal;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isWriter || m_stopping)
            refusal = unavailable("not the writer");
        else if (m_queue.size() >= kQueue)
            refusal
                = exhausted("OVERLOADED", "writes", "too many writes wait; try again in a moment");
        else
            m_queue.push_back({std::move(work), std::move(done)});
    }
    if (!refusal.ok())
        done(refusal);
    else
        m_filled.notify_one();
}

absl::Status Database::writeAndWait(Work work)
{
    std::promise<absl::Status> answer;
    write(std::move(work), [&answer](const absl::Status& status) { answer.set_value(status); });
    return answer.get_future().get();
}

void Database::onWriter(std::function<void()> notice)
{
    write(
        [this, notice](Connection&) {
            m_onWriter = notice;
            return absl::OkStatus();
        },
        [this, notice](const absl::Status& status) {
            if (status.ok())
                notice();
            else
                m_onWriter = notice; // The writer's thread reads it only once it has the lock.
        });
}

void Database::onCommit(std::function<void()> notice)
{
    m_onCommit = std::move(notice);
}

std::size_t Database::queued() const
{
    const std::lock_guard lock(m_mutex);
    return m_queue.size();
}

void Database::stop()
{
    if (m_stopping.exchange(true))
        return;
    m_filled.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

absl::Status Database::takeOver()
{
    auto connection = Connection::open(m_path, false);
    if (!connection.ok())
        return connection.status();
    m_connection = *std::move(connection);
    if (auto status = migrate(); !status.ok())
        return status;
    m_isWriter = true;
    return absl::OkStatus();
}

absl::Status Database::migrate()
{
    const auto version = m_connection->selectOne(
        "PRAGMA user_version", [](std::int64_t number) { return number; });
    if (!version.ok())
        return version.status();
    std::int64_t seen = version->value_or(0);

    constexpr std::string_view kMark = "-- @";
    const std::string_view schema = m_options.schema;
    std::int64_t newest = 0;
    for (auto at = schema.find(kMark); at != std::string_view::npos;) {
        const auto end = schema.find(kMark, at + kMark.size());
        const std::string_view section = schema.substr(at, end - at);
        at = end;
        const auto digits = section.substr(
            kMark.size(), section.find_first_not_of("0123456789", kMark.size()) - kMark.size());
        if (!absl::SimpleAtoi(std::string(digits), &newest))
            return absl::InternalError("the schema has a section without a number");
        if (newest <= seen)
            continue;
        const auto status = m_connection->script(
            text("BEGIN IMMEDIATE;\n", section, "\n;PRAGMA user_version=", newest, ";\nCOMMIT;"));
        if (!status.ok())
            return absl::InternalError(
                text(m_path, ", schema section ", newest, ": ", status.message()));
        seen = newest;
    }
    if (seen > newest)
        return absl::FailedPreconditionError(text(m_path, " has schema ", seen,
            ", which is newer than this program's ", newest, ". Use the newer program."));
    return absl::OkStatus();
}

void Database::run()
{
    while (!m_isWriter && !m_stopping) {
        if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
            std::this_thread::sleep_for(kLockPause);
            continue;
        }
        if (auto status = takeOver(); !status.ok())
            quit(m_path, status);
        spdlog::info("this replica writes now");
        if (m_onWriter)
            m_onWriter();
    }
    if (m_isWriter)
        work();
    m_connection.reset();
    m_isWriter = false;
    ::flock(m_lock, LOCK_UN);
}

void Database::work()
{
    std::vector<Entry> batch;
    while (true) {
        {
            std::unique_lock lock(m_mutex);
            m_filled.wait(lock, [this] { return !m_queue.empty() || m_stopping; });
            if (m_queue.empty())
                break;
            while (!m_queue.empty() && batch.size() < kBatch) {
                batch.push_back(std::move(m_queue.front()));
                m_queue.pop_front();
            }
        }
        commit(batch);
        batch.clear();
        if (m_commits % kCheckpointEvery == 0)
            checkpoint();
    }
    checkpoint();
}

bool Database::commit(std::vector<Entry>& batch)
{
    std::vector<absl::Status> results(batch.size());
    absl::Status whole = m_connection->execute("BEGIN IMMEDIATE").status();
    for (std::size_t i = 0; whole.ok() && i < batch.size(); ++i) {
        whole = m_connection->execute("SAVEPOINT entry").status();
        if (!whole.ok())
            break;
        results[i] = batch[i].work(*m_connection);
        if (!results[i].ok())
            whole = m_connection->execute("ROLLBACK TO entry").status();
        if (whole.ok())
            whole = m_connection->execute("RELEASE entry").status();
    }
    if (whole.ok())
        whole = m_connection->execute("COMMIT").status();
    if (absl::IsDataLoss(whole))
        quit(m_path, whole); // Nobody was answered, so nobody was told what is not so.
    for (const auto& result : results)
        if (absl::IsDataLoss(result))
            quit(m_path, result);
    if (!whole.ok())
        (void)m_connection->execute("ROLLBACK");
    ++m_commits;
    m_written += batch.size();
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i].done(whole.ok() ? results[i] : whole);
    if (whole.ok() && m_onCommit)
        m_onCommit();
    return whole.ok();
}

void Database::checkpoint()
{
    // Between batches and by the writer alone: no other connection commits meanwhile, which is what
    // SQLite 3.40's WAL-reset bug would need.
    (void)m_connection->select("PRAGMA wal_checkpoint(PASSIVE)",
        [](std::int64_t, std::int64_t, std::int64_t) { return 0; });
}

} // namespace shopfleet::runtime
