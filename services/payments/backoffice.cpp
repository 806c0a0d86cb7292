// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/backoffice.h"

#include "services/payments/operationstore.h"
#include "services/runtime/clock.h"
#include "services/runtime/log.h"
#include "services/runtime/status.h"

#include <future>
#include <utility>

namespace shopfleet::payments {
namespace {

constexpr std::size_t kMostJobs = 4;
constexpr int kSettledAtOnce = 100;

std::int64_t before(std::chrono::milliseconds age)
{
    return runtime::nowUs() - std::chrono::microseconds(age).count();
}

} // namespace

Backoffice::Backoffice(runtime::Database& database, Provider& provider, Cashier& cashier, Pace pace)
    : m_database(database)
    , m_cashier(cashier)
    , m_reconciler(database, provider, cashier)
    , m_pace(pace)
    , m_thread([this] { run(); })
{
}

Backoffice::~Backoffice()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_woken.notify_one();
    m_thread.join();
    for (const Job& job : m_jobs)
        job.done(runtime::unavailable("this replica is stopping"));
}

absl::Status Backoffice::reconcile(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return runtime::unavailable("this replica is stopping");
        if (m_jobs.size() >= kMostJobs)
            return runtime::overloaded("comparisons are under way; ask again later", 1'000);
        m_jobs.push_back(std::move(job));
    }
    m_woken.notify_one();
    return absl::OkStatus();
}

bool Backoffice::isStopping()
{
    const std::lock_guard lock(m_mutex);
    return m_stopping;
}

void Backoffice::run()
{
    auto next = std::chrono::steady_clock::now() + m_pace.reconcile;
    std::unique_lock lock(m_mutex);
    while (!m_stopping) {
        m_woken.wait_for(lock, m_pace.look, [this] { return m_stopping || !m_jobs.empty(); });
        if (m_stopping)
            break;
        if (!m_jobs.empty()) {
            const Job job = std::move(m_jobs.front());
            m_jobs.pop_front();
            lock.unlock();
            job.done(m_reconciler.run([&] { return !isStopping() && job.goOn(); }));
            lock.lock();
            continue;
        }
        if (!m_database.isWriter())
            continue;
        lock.unlock();
        settleOverdue();
        if (std::chrono::steady_clock::now() >= next) {
            report(m_reconciler.run([this] { return !isStopping(); }));
            next = std::chrono::steady_clock::now() + m_pace.reconcile;
        }
        lock.lock();
    }
}

void Backoffice::settleOverdue()
{
    const auto reader = m_database.reader();
    if (!reader.ok())
        return;
    const auto keys = operations::overdue(
        **reader, {before(m_pace.unknown), before(m_pace.asked)}, kSettledAtOnce);
    if (!keys.ok())
        return;
    for (const std::string& key : *keys) {
        if (isStopping())
            return;
        std::promise<absl::Status> settled;
        m_cashier.close(key, [&settled](const absl::Status& status) { settled.set_value(status); });
        const absl::Status status = settled.get_future().get();
        if (!status.ok())
            return; // The provider is away; the rest would only wait for it as well.
        spdlog::info("settled {}, whose answer never came", key);
    }
}

void Backoffice::report(const absl::StatusOr<v1::ReconcileResponse>& found)
{
    if (!found.ok()) {
        spdlog::warn(
            "the comparison with the provider failed: {}", std::string(found.status().message()));
        return;
    }
    for (const auto& difference : found->differences())
        spdlog::error("payment {} and the provider disagree ({}): {} is {} here and {} there",
            difference.payment_id(), difference.what(), difference.key(), difference.ours().minor(),
            difference.theirs().minor());
    spdlog::info("compared {} requests with the provider: {} differences", found->compared(),
        found->differences_size());
}

} // namespace shopfleet::payments
