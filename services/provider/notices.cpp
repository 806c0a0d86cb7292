// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/provider/notices.h"

#include "services/provider/store.h"
#include "services/runtime/client.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <chrono>

namespace shopfleet::provider {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 100ms;
constexpr auto kAnswer = 2s;
constexpr std::int64_t kFirstPauseUs = 250'000;
constexpr std::int64_t kLongestPauseUs = 60'000'000;
constexpr int kMostAttempts = 128;

/// What payments will never take, however often it is told.
bool isFinal(grpc::StatusCode code)
{
    return code == grpc::StatusCode::OK || code == grpc::StatusCode::NOT_FOUND
        || code == grpc::StatusCode::INVALID_ARGUMENT;
}

} // namespace

Notices::Notices(runtime::Database& database, const std::shared_ptr<grpc::Channel>& payments)
    : m_database(database)
    , m_payments(payments::v1::Payments::NewStub(payments))
    , m_thread([this] { run(); })
{
}

Notices::~Notices()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_woken.notify_one();
    m_thread.join();
}

void Notices::poke()
{
    {
        const std::lock_guard lock(m_mutex);
        m_poked = true;
    }
    m_woken.notify_one();
}

void Notices::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_woken.wait_for(lock, kLook, [this] { return m_stopping || m_poked; });
        m_poked = false;
        if (m_stopping || !m_database.isWriter())
            continue;
        lock.unlock();
        deliverDue();
        lock.lock();
    }
}

void Notices::deliverDue()
{
    const auto reader = m_database.reader();
    if (!reader.ok())
        return;
    const auto due = store::dueNotices(**reader, runtime::nowUs());
    if (!due.ok())
        return;
    for (const store::Notice& notice : *due) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopping)
                return;
        }
        deliver(notice.id, notice.key, notice.attempts);
    }
}

void Notices::deliver(std::int64_t id, const std::string& key, int attempts)
{
    grpc::ClientContext context;
    runtime::prepare(context, kAnswer);
    payments::v1::NotifyPaymentRequest request;
    request.set_key(key);
    payments::v1::NotifyPaymentResponse response;
    const grpc::Status status = m_payments->NotifyPayment(&context, request, &response);
    const bool givesUp = attempts + 1 >= kMostAttempts;
    if (!status.ok() && (isFinal(status.error_code()) || givesUp))
        spdlog::warn("webhook for {} is not delivered: {}", key, status.error_message());
    const std::int64_t pause = std::min(kLongestPauseUs, kFirstPauseUs << std::min(attempts, 10));
    // Not written: it is delivered again, which changes nothing.
    (void)m_database.writeAndWait(
        [&, isOver = givesUp || isFinal(status.error_code())](runtime::Connection& db) {
            return isOver ? store::deleteNotice(db, id)
                          : store::postponeNotice(db, id, runtime::nowUs() + pause);
        });
}

} // namespace shopfleet::provider
