// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/connection.h"

#include "services/runtime/text.h"

#include <cstdlib>
#include <soci/sqlite3/soci-sqlite3.h>
#include <spdlog/spdlog.h>

namespace shopfleet::runtime {
namespace {

sqlite_api::sqlite3* handle(soci::session& session)
{
    return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

} // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::open(const std::string& path, bool readOnly)
{
    try {
        std::unique_ptr<Connection> connection(new Connection);
        connection->m_session = std::make_unique<soci::session>(soci::sqlite3,
            text("dbname=\"", path, "\" timeout=5", readOnly ? " readonly=true" : ""));
        auto& session = *connection->m_session;
        session << "PRAGMA foreign_keys=ON";
        session << "PRAGMA trusted_schema=OFF";
        session << "PRAGMA cell_size_check=ON";
        session << "PRAGMA mmap_size=0";
        session << "PRAGMA wal_autocheckpoint=0"; // Only the writer checkpoints, between batches.
        if (!readOnly) {
            session << "PRAGMA journal_mode=WAL";
            session << "PRAGMA synchronous=FULL";
            sqlite_api::sqlite3_wal_hook(
                handle(session),
                [](void* self, sqlite_api::sqlite3*, const char*, int pages) {
                    static_cast<Connection*>(self)->m_walPages = pages;
                    return SQLITE_OK;
                },
                connection.get());
        }
        return connection;
    } catch (const soci::soci_error& error) {
        return absl::DataLossError(text(path, ": ", error.what()));
    }
}

absl::Status Connection::script(const std::string& sql)
{
    char* message = nullptr;
    if (sqlite_api::sqlite3_exec(handle(*m_session), sql.c_str(), nullptr, nullptr, &message)
        == SQLITE_OK)
        return absl::OkStatus();
    const std::string text = message ? message : "unknown error";
    sqlite_api::sqlite3_free(message);
    return absl::InternalError(text);
}

bool Connection::inTransaction() const
{
    return sqlite_api::sqlite3_get_autocommit(handle(*m_session)) == 0;
}

void Connection::interrupt()
{
    sqlite_api::sqlite3_interrupt(handle(*m_session));
}

absl::Status Connection::failed(std::string_view sql, const soci::soci_error& error)
{
    const int code = sqlite_api::sqlite3_extended_errcode(handle(*m_session));
    const std::string cause = text(error.what(), " in ", sql);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
            ? absl::AlreadyExistsError("there is one with this key already")
            : absl::FailedPreconditionError("a rule of the database forbids this");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return unavailable("the database is busy");
    case SQLITE_FULL:
        return exhausted("DISK_FULL", "database", "the disk is full");
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        if (m_onDamage)
            m_onDamage(absl::DataLossError(cause));
        spdlog::critical("the database is damaged: {}", cause);
        return absl::DataLossError("the database is damaged; the service's log says how");
    case SQLITE_INTERRUPT:
        return absl::CancelledError("stopped");
    default:
        return internal(cause);
    }
}

} // namespace shopfleet::runtime
