// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/keeper/copystore.h"

#include <absl/strings/str_cat.h>
#include <sqlite3.h>

namespace shopfleet::keeper {
namespace {

constexpr int kPatienceMs = 10'000;
constexpr int kPagesAtOnce = 1'000;

absl::Status failed(sqlite3* db, const std::string& file)
{
    const int code = sqlite3_errcode(db);
    const std::string what = absl::StrCat(file, ": ", sqlite3_errmsg(db));
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return absl::DataLossError(what);
    return code == SQLITE_FULL ? absl::ResourceExhaustedError(what) : absl::UnavailableError(what);
}

absl::StatusOr<std::int64_t> number(sqlite3* db, const char* sql, const std::string& file)
{
    sqlite3_stmt* query = nullptr;
    std::int64_t value = 0;
    const bool good = sqlite3_prepare_v2(db, sql, -1, &query, nullptr) == SQLITE_OK
        && sqlite3_step(query) == SQLITE_ROW;
    if (good)
        value = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    if (!good)
        return failed(db, file);
    return value;
}

} // namespace

void CloseDatabase::operator()(sqlite3* db) const
{
    sqlite3_close(db);
}

absl::StatusOr<Snapshot> Snapshot::take(const std::string& file)
{
    Snapshot snapshot;
    snapshot.m_file = file;
    sqlite3* db = nullptr;
    const int opened = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    snapshot.m_db.reset(db);
    if (opened != SQLITE_OK)
        return failed(db, file);
    sqlite3_busy_timeout(db, kPatienceMs);
    // A transaction begins with its first read, and from then on sees nothing newer.
    if (sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr) != SQLITE_OK)
        return failed(db, file);
    const auto version = number(db, "PRAGMA user_version", file);
    if (!version.ok())
        return version.status();
    if (const auto tables = number(db, "SELECT count(*) FROM sqlite_schema", file); !tables.ok())
        return tables.status();
    const auto pages = number(db, "PRAGMA page_count", file);
    if (!pages.ok())
        return pages.status();
    const auto size = number(db, "PRAGMA page_size", file);
    if (!size.ok())
        return size.status();
    snapshot.m_schemaVersion = static_cast<int>(*version);
    snapshot.m_bytes = *pages * *size;
    return snapshot;
}

absl::Status Snapshot::copyTo(const std::string& file, const Progress& progress) const
{
    sqlite3* copy = nullptr;
    const int opened = sqlite3_open_v2(file.c_str(), &copy,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE, nullptr);
    const std::unique_ptr<sqlite3, CloseDatabase> closing(copy);
    if (opened != SQLITE_OK)
        return failed(copy, file);
    sqlite3_backup* backup = sqlite3_backup_init(copy, "main", m_db.get(), "main");
    if (!backup)
        return failed(copy, file);
    int step = SQLITE_OK;
    bool cancelled = false;
    while (!cancelled && step == SQLITE_OK) {
        step = sqlite3_backup_step(backup, kPagesAtOnce);
        const auto total = sqlite3_backup_pagecount(backup);
        const auto left = sqlite3_backup_remaining(backup);
        if (progress && total > 0)
            cancelled = !progress(m_bytes * (total - left) / total, m_bytes);
    }
    sqlite3_backup_finish(backup);
    if (cancelled && step != SQLITE_DONE)
        return absl::CancelledError("cancelled");
    return step == SQLITE_DONE ? absl::OkStatus() : failed(copy, m_file);
}

absl::Status checkCopy(const std::string& file)
{
    // Immutable: a copy has no log beside it, and none is to be made.
    sqlite3* db = nullptr;
    const int opened = sqlite3_open_v2(absl::StrCat("file:", file, "?immutable=1").c_str(), &db,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, nullptr);
    const std::unique_ptr<sqlite3, CloseDatabase> closing(db);
    if (opened != SQLITE_OK)
        return failed(db, file);
    sqlite3_stmt* query = nullptr;
    std::string verdict;
    if (sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &query, nullptr) == SQLITE_OK
        && sqlite3_step(query) == SQLITE_ROW)
        verdict = reinterpret_cast<const char*>(sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    return verdict == "ok" ? absl::OkStatus()
                           : absl::DataLossError(absl::StrCat(file, " is damaged: ", verdict));
}

} // namespace shopfleet::keeper
