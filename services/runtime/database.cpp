// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/database.h"

#include "services/runtime/schema.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/text.h"

#include <cassert>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <prometheus/histogram.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_map>

namespace shopfleet::runtime {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::size_t kQueue = 20'000;
constexpr std::int64_t kRetryMs = 100;
constexpr std::uintmax_t kCheckAtStart = std::uintmax_t{64} << 20U; // Takes about 0.15 s.
constexpr int kCheckpointPages = 4'000; // 16 MB.
constexpr int kLongLogPages = 32'000;
constexpr auto kLockPause = std::chrono::milliseconds(5);
constexpr int kDamaged = 74; // EX_IOERR

std::atomic<std::uint64_t> nextId = 1;

/// Readers by database: a thread may serve several (tests do).
thread_local std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> readers;

/// Ends the process: whoever restarts it sees why, and nothing wrong is served meanwhile.
[[noreturn]] void quit(std::string_view why)
{
    spdlog::critical("{}", why);
    spdlog::shutdown();
    std::_Exit(kDamaged);
}

[[noreturn]] void quitDamaged(const std::string& path, const absl::Status& status)
{
    quit(text("the database ", path, " cannot be trusted: ", status.message(),
        ". Nothing is served from it; check the disk, or restore it from a backup."));
}

struct Figures {
    prometheus::Histogram& batch;
    prometheus::Histogram& seconds;

    static Figures& all()
    {
        static Figures figures{
            prometheus::BuildHistogram()
                .Name("shopfleet_batch_writes")
                .Help("Writes that share a transaction.")
                .Register(metrics())
                .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64, 128, 256}),
            prometheus::BuildHistogram()
                .Name("shopfleet_commit_seconds")
                .Help("A transaction, from its begin until it is durable.")
                .Register(metrics())
                .Add({},
                    prometheus::Histogram::BucketBoundaries{
                        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1})};
        return figures;
    }
};

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
    const std::string lock = database->m_path + ".lock";
    database->m_lock = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (database->m_lock < 0)
        return absl::FailedPreconditionError(text(lock, " cannot be opened for writing"));
    if (auto status = database->verify(); !status.ok())
        return status;
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
    readers.erase(m_id);
    if (m_lock >= 0)
        ::close(m_lock); // And the lock with it.
}

absl::StatusOr<std::unique_ptr<Connection>> Database::connect(bool readOnly)
{
    auto connection = Connection::open(m_path, readOnly);
    if (connection.ok())
        (*connection)->onDamage([path = m_path](const absl::Status& status) {
            quitDamaged(path, status);
        });
    return connection;
}

/// What is there at start, if anything is.
absl::Status Database::verify()
{
    std::error_code error;
    const auto size = std::filesystem::file_size(m_path, error);
    if (error || size == 0)
        return absl::OkStatus();
    auto connection = Connection::open(m_path, true);
    if (!connection.ok())
        return absl::DataLossError(text(m_path, " is damaged or is no database"));
    if (size <= kCheckAtStart) {
        if (auto status = quickCheck(**connection, m_path); !status.ok())
            return status;
    }
    if (auto status = checkSchema(**connection, m_path, m_options.schema);
        !status.ok() && !absl::IsUnavailable(status))
        return absl::IsDataLoss(status)
            ? absl::DataLossError(text(m_path, " is damaged or is no database"))
            : status;
    if (size > kCheckAtStart) {
        m_verified = *std::move(connection);
        m_verifier = std::thread([this] {
            const auto status = quickCheck(*m_verified, m_path);
            const std::lock_guard lock(m_verifierMutex);
            if (absl::IsDataLoss(status) && !m_stopping)
                quitDamaged(m_path, status);
            m_verified.reset();
        });
    }
    return absl::OkStatus();
}

absl::StatusOr<Connection*> Database::reader()
{
    auto& slot = readers[m_id];
    if (!slot) {
        if (!std::filesystem::exists(m_path))
            return unavailable("the database is being prepared");
        auto connection = connect(true);
        if (!connection.ok())
            return unavailable("the database is being prepared");
        if (auto status = checkSchema(**connection, m_path, m_options.schema); !status.ok())
            return absl::IsUnavailable(status) ? status : internal(std::string(status.message()));
        slot = *std::move(connection);
    }
    return slot.get();
}

void Database::write(Work work, Done done)
{
    absl::Status refusal;
    {
        std::unique_lock lock(m_mutex);
        if (!m_isWriter || m_stopping) {
            refusal = unavailable("not the writer");
        } else if (m_queue.size() >= kQueue) {
            refusal = overloaded("too many writes wait; try again in a moment", kRetryMs);
        } else {
            m_queue.push_back(
                {std::move(work), std::move(done), SpanTimer("write"), currentTrace()});
            lock.unlock();
            return m_filled.notify_one();
        }
    }
    done(refusal);
}

absl::Status Database::writeAndWait(Work work)
{
    assert(std::this_thread::get_id() != m_thread.get_id());
    std::promise<absl::Status> answer;
    write(std::move(work), [&answer](const absl::Status& status) { answer.set_value(status); });
    return answer.get_future().get();
}

void Database::onWriter(std::function<void()> notice)
{
    const std::lock_guard lock(m_noticeMutex);
    m_onWriter = std::move(notice);
    if (m_isWriter)
        write([](Connection&) { return absl::OkStatus(); },
            [this](const absl::Status& status) {
                const std::lock_guard again(m_noticeMutex);
                if (status.ok() && m_onWriter)
                    m_onWriter();
            });
}

void Database::onCommit(std::function<void()> notice)
{
    const std::lock_guard lock(m_noticeMutex);
    m_onCommit = std::move(notice);
}

std::size_t Database::queued() const
{
    const std::lock_guard lock(m_mutex);
    return m_queue.size();
}

void Database::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_filled.notify_all();
    {
        const std::lock_guard lock(m_verifierMutex);
        if (m_verified)
            m_verified->interrupt();
    }
    if (m_verifier.joinable())
        m_verifier.join();
    if (m_thread.joinable())
        m_thread.join();
}

absl::Status Database::takeOver()
{
    auto connection = connect(false);
    if (!connection.ok())
        return connection.status();
    m_connection = *std::move(connection);
    if (auto status = migrate(*m_connection, m_path, m_options.schema); !status.ok())
        return status;
    // What an entry's savepoint would put back is then kept in memory: at SQLite's 64 KiB it became
    // a file for each order, which touches some forty pages. An entry is at most a message's work.
    if (auto status = m_connection->execute("PRAGMA temp_store=MEMORY").status(); !status.ok())
        return status;
    const std::lock_guard lock(m_noticeMutex);
    m_isWriter = true;
    if (m_onWriter)
        m_onWriter();
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
            quit(text("this replica cannot write: ", status.message()));
        spdlog::info("this replica writes now");
    }
    if (m_isWriter)
        work();
    m_isWriter = false;
    m_connection.reset(); // Before the lock goes: the next writer finds all in order.
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
        if (m_connection->walPages() >= kCheckpointPages)
            checkpoint();
    }
    checkpoint();
}

/// Each entry under a savepoint of its own; an error here is everybody's.
absl::Status Database::attempt(std::vector<Entry>& batch, std::vector<absl::Status>& results)
{
    Connection& connection = *m_connection;
    if (auto begun = connection.execute("BEGIN IMMEDIATE"); !begun.ok())
        return begun.status();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (auto point = connection.execute("SAVEPOINT entry"); !point.ok())
            return point.status();
        const TraceScope scope(batch[i].trace);
        results[i] = batch[i].work(connection);
        if (!connection.inTransaction()) // SQLite gave up the whole: the disk is full.
            return results[i].ok() ? internal("the transaction is gone") : results[i];
        if (!results[i].ok())
            if (auto back = connection.execute("ROLLBACK TO entry"); !back.ok())
                return back.status();
        if (auto released = connection.execute("RELEASE entry"); !released.ok())
            return released.status();
    }
    return connection.execute("COMMIT").status();
}

void Database::commit(std::vector<Entry>& batch)
{
    const auto start = std::chrono::steady_clock::now();
    std::vector<absl::Status> results(batch.size());
    const absl::Status whole = attempt(batch, results);
    if (!whole.ok() && m_connection->inTransaction())
        (void)m_connection->execute("ROLLBACK");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    Figures::all().batch.Observe(static_cast<double>(batch.size()));
    Figures::all().seconds.Observe(took.count());
    ++m_commits;
    m_written += batch.size();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const absl::Status& result = whole.ok() || !results[i].ok() ? results[i] : whole;
        batch[i].timer.end(result);
        const TraceScope scope(batch[i].trace);
        batch[i].done(result);
    }
    if (!whole.ok())
        return;
    const std::lock_guard lock(m_noticeMutex);
    if (m_onCommit)
        m_onCommit();
}

/// Between batches and by the writer alone: no other connection commits meanwhile, which is what
/// SQLite 3.40's WAL-reset bug would need.
void Database::checkpoint()
{
    const auto three = [](std::int64_t, std::int64_t, std::int64_t) { return 0; };
    if (m_connection->walPages() < kLongLogPages && !m_stopping) {
        (void)m_connection->select("PRAGMA wal_checkpoint(PASSIVE)", three);
        return;
    }
    // Readers that never all pause would let the log grow for ever: now and then, and at the end,
    // it waits for them a little.
    const auto one = [](std::int64_t) { return 0; };
    (void)m_connection->select("PRAGMA busy_timeout=50", one);
    (void)m_connection->select("PRAGMA wal_checkpoint(TRUNCATE)", three);
    (void)m_connection->select("PRAGMA busy_timeout=5000", one);
}

} // namespace shopfleet::runtime
