// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/relay.h"

#include "services/runtime/clock.h"
#include "services/runtime/log.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace shopfleet::runtime {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
constexpr int kAtOnce = 50;
constexpr std::int64_t kFirstPauseUs = 250'000;
constexpr std::int64_t kLongestPauseUs = 60'000'000;
constexpr int kMostAttempts = 128;

/// What the other service will never take, however often it is told.
bool isFinal(grpc::StatusCode code)
{
    return code == grpc::StatusCode::OK || code == grpc::StatusCode::NOT_FOUND
        || code == grpc::StatusCode::INVALID_ARGUMENT;
}

} // namespace

Relay::Relay(Database& database, std::string table, Tell tell)
    : m_database(database)
    , m_table(std::move(table))
    , m_tell(std::move(tell))
    , m_ticker(kLook, [this] { tellDue(); })
{
}

absl::Status Relay::add(Connection& db, const std::string& key, std::int64_t dueUs) const
{
    return db.execute("INSERT INTO " + m_table + " (key, due) VALUES (:1, :2)", key, dueUs)
        .status();
}

void Relay::tellDue()
{
    if (!m_database.isWriter())
        return;
    const auto reader = m_database.reader();
    if (!reader.ok())
        return;
    const auto due = (*reader)->select(
        "SELECT id, key, attempts FROM " + m_table + " WHERE due <= :1 ORDER BY due, id LIMIT :2",
        [](std::int64_t id, std::string key, int attempts) {
            return Message{id, std::move(key), attempts};
        },
        nowUs(), kAtOnce);
    if (!due.ok())
        return;
    for (const Message& message : *due) {
        if (m_ticker.isStopping())
            return;
        settle(message, m_tell(message.key));
    }
}

void Relay::settle(const Message& message, const grpc::Status& answer)
{
    const bool givesUp = message.attempts + 1 >= kMostAttempts;
    const bool isOver = givesUp || isFinal(answer.error_code());
    if (isOver && !answer.ok())
        spdlog::warn("{} {} is not told: {}", m_table, message.key, answer.error_message());
    const std::int64_t pause
        = std::min(kLongestPauseUs, kFirstPauseUs << std::min(message.attempts, 10));
    // Not written: it is told again, which changes nothing.
    (void)m_database.writeAndWait([&](Connection& db) {
        return isOver ? db.execute("DELETE FROM " + m_table + " WHERE id = :1", message.id).status()
                      : db.execute("UPDATE " + m_table
                                  + " SET attempts = attempts + 1, due = :1 WHERE id = :2",
                              nowUs() + pause, message.id)
                            .status();
    });
}

} // namespace shopfleet::runtime
