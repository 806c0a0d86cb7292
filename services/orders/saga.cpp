// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/saga.h"

#include "services/orders/dwell.h"
#include "services/orders/rules.h"
#include "services/runtime/clock.h"
#include "services/runtime/failpoint.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace shopfleet::orders {
namespace {

using std::chrono::milliseconds;

// A write that failed is tried again after this: the disk is full, or the writer is on its way out.
constexpr milliseconds kWritePause{1000};
// Pauses grow to half a minute while a service is away. That it is back is noticed much sooner, and
// from then on they are short for a while: it may have to begin yet, and calls of before may fail.
constexpr milliseconds kLook{100};
constexpr std::chrono::seconds kFresh{10};
constexpr milliseconds kFreshPause{1000};

/// An order on hold goes no further than its promise.
bool isParked(const Unfinished& unfinished)
{
    return unfinished.order.held() && unfinished.progress.step == Step::Plan
        && unfinished.progress.goal == Goal::Confirm;
}

/// Once it is past the step that it was at.
void countStep(const Unfinished& was, const std::optional<Unfinished>& now)
{
    const v1::Waiting& waiting = was.order.waiting();
    if (!waiting.service().empty() && (!now || now->progress.step != was.progress.step))
        countDwell(
            waiting.service(), waiting.method(), runtime::nowUs() - runtime::toUs(waiting.since()));
}

milliseconds pauseOf(const v1::Order& order)
{
    const std::int64_t left = runtime::toUs(order.waiting().next_try_at()) - runtime::nowUs();
    return milliseconds(std::clamp<std::int64_t>(left / 1000, 0, 60'000));
}

} // namespace

Saga::Saga(Peers& peers, Write write)
    : m_peers(peers)
    , m_write(std::move(write))
{
    m_timer.after(kLook, [this] { lookAround(); });
}

Saga::~Saga()
{
    stop();
}

void Saga::stop()
{
    std::unique_lock lock(m_mutex);
    m_stopping = true;
    m_quiet.wait(lock, [this] { return m_calls == 0; });
}

void Saga::drive(Unfinished unfinished)
{
    {
        const std::lock_guard lock(m_mutex);
        driveLocked(std::move(unfinished));
    }
    pump();
}

void Saga::drive(Unfinished unfinished, milliseconds timeout, Decided then)
{
    {
        const std::lock_guard lock(m_mutex);
        addWaiterLocked(unfinished.order.id(), timeout, std::move(then));
        driveLocked(std::move(unfinished));
    }
    pump();
}

bool Saga::await(const std::string& id, milliseconds timeout, Decided then)
{
    const std::lock_guard lock(m_mutex);
    const auto run = m_runs.find(id);
    if (run == m_runs.end() || isDecided(run->second.unfinished.order.state()))
        return false;
    addWaiterLocked(id, timeout, std::move(then));
    return true;
}

void Saga::refresh(const v1::Order& order)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto run = m_runs.find(order.id());
        if (run == m_runs.end() || run->second.underWay)
            return; // A write under way reads what is stored.
        run->second.unfinished.order = order;
        run->second.trace = runtime::currentTrace();
        scheduleLocked(order.id(), run->second);
    }
    pump();
}

std::size_t Saga::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_runs.size();
}

void Saga::driveLocked(Unfinished unfinished)
{
    const std::string id = unfinished.order.id();
    Run& run = m_runs[id];
    if (run.underWay)
        return;
    run.unfinished = std::move(unfinished);
    run.trace = runtime::currentTrace();
    scheduleLocked(id, run);
}

void Saga::scheduleLocked(const std::string& id, Run& run)
{
    const v1::Waiting& waiting = run.unfinished.order.waiting();
    ++run.pause;
    if (isParked(run.unfinished))
        return;
    if (waiting.has_next_try_at()) {
        const auto returned = m_returned.find(waiting.service());
        const bool isFresh
            = returned != m_returned.end() && Timer::Clock::now() - returned->second < kFresh;
        const milliseconds pause = pauseOf(run.unfinished.order);
        return restLocked(id, run, isFresh ? std::min(pause, kFreshPause) : pause);
    }
    if (!waiting.needs_person())
        m_ready.push_back(id);
}

void Saga::restLocked(const std::string& id, Run& run, milliseconds pause)
{
    m_timer.after(pause, [this, id, number = ++run.pause] { wake(id, number); });
}

void Saga::addWaiterLocked(const std::string& id, milliseconds timeout, Decided then)
{
    const std::uint64_t number = ++m_numbers;
    m_waiters[id].push_back({number, std::move(then)});
    m_timer.after(timeout, [this, id, number] { giveUp(id, number); });
}

void Saga::wake(const std::string& id, std::uint64_t pause)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto run = m_runs.find(id);
        if (run == m_runs.end() || run->second.underWay || run->second.pause != pause)
            return;
        if (!m_waiters.contains(id))
            run->second.trace = {}; // Who placed it is answered: this is another story.
        m_ready.push_back(id);
    }
    pump();
}

/// Who rests because a service was away is tried again at once when it has come back.
void Saga::lookAround()
{
    const auto returned = m_peers.returned();
    if (!returned.empty()) {
        const std::lock_guard lock(m_mutex);
        for (const std::string& service : returned)
            m_returned[service] = Timer::Clock::now();
        for (auto& [id, run] : m_runs) {
            const v1::Waiting& waiting = run.unfinished.order.waiting();
            if (run.underWay || !waiting.has_next_try_at()
                || std::ranges::find(returned, waiting.service()) == returned.end())
                continue;
            ++run.pause;
            if (!m_waiters.contains(id))
                run.trace = {};
            m_ready.push_back(id);
        }
    }
    pump();
    m_timer.after(kLook, [this] { lookAround(); });
}

void Saga::giveUp(const std::string& id, std::uint64_t number)
{
    Decided then;
    v1::Order order;
    {
        const std::lock_guard lock(m_mutex);
        const auto waiters = m_waiters.find(id);
        if (waiters == m_waiters.end())
            return;
        const auto waiter = std::find_if(waiters->second.begin(), waiters->second.end(),
            [&](const Waiter& one) { return one.number == number; });
        if (waiter == waiters->second.end())
            return;
        then = std::move(waiter->then);
        waiters->second.erase(waiter);
        if (waiters->second.empty())
            m_waiters.erase(waiters);
        if (const auto run = m_runs.find(id); run != m_runs.end())
            order = run->second.unfinished.order;
    }
    then(order);
}

void Saga::pump()
{
    while (true) {
        Unfinished unfinished;
        runtime::Trace trace;
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopping || m_ready.empty() || m_calls >= kMostCalls)
                return;
            const auto run = m_runs.find(m_ready.front());
            m_ready.pop_front();
            if (run == m_runs.end() || run->second.underWay)
                continue;
            if (run->second.trace.traceId.empty())
                run->second.trace = runtime::newTrace(run->first);
            run->second.underWay = true;
            ++m_calls;
            unfinished = run->second.unfinished;
            trace = run->second.trace;
        }
        const Step step = unfinished.progress.step;
        m_peers.perform(unfinished.order, unfinished.progress,
            unfinished.order.waiting().attempts(), trace,
            [this, id = unfinished.order.id(), step](
                const Outcome& outcome) { finish(id, step, outcome); });
    }
}

void Saga::finish(const std::string& id, Step step, const Outcome& outcome)
{
    Cause cause{"service:orders", "", runtime::nowUs()};
    double chance = 0;
    runtime::Trace trace;
    {
        const std::lock_guard lock(m_mutex);
        chance = std::uniform_real_distribution<>(0, 1)(m_chance);
        trace = m_runs[id].trace;
        cause.traceId = trace.traceId;
    }
    const runtime::TraceScope scope(trace);
    m_write(
        [id, step, outcome, chance, cause](runtime::Connection& db, Writes& writes) {
            auto result = writes.advance(db, id, step, outcome, chance, cause);
            runtime::failpoint(methodOf(step), "writing");
            return result;
        },
        [this, id, step](absl::StatusOr<std::optional<Unfinished>> result) {
            runtime::failpoint(methodOf(step), "written");
            written(id, std::move(result));
        });
}

void Saga::written(const std::string& id, absl::StatusOr<std::optional<Unfinished>> result)
{
    std::vector<Waiter> waiters;
    v1::Order order;
    {
        const std::lock_guard lock(m_mutex);
        Run& run = m_runs[id];
        run.underWay = false;
        const bool isWritten = result.ok();
        const bool isGone = isWritten && !*result;
        if (isWritten)
            countStep(run.unfinished, *result);
        if (isWritten && !isGone)
            run.unfinished = **std::move(result);
        const bool isThrough = isGone || (isWritten && run.unfinished.progress.step == Step::None);
        order = run.unfinished.order;
        if (isThrough || isDecided(order.state())) {
            waiters = std::move(m_waiters[id]);
            m_waiters.erase(id);
        }
        if (isThrough)
            m_runs.erase(id);
        else if (!isWritten)
            restLocked(id, run, kWritePause); // Asked again, the step gives the same answer.
        else
            scheduleLocked(id, run);
    }
    for (const Waiter& waiter : waiters)
        waiter.then(order);
    {
        // Last: once the calls are through, nobody may be in here any more.
        const std::lock_guard lock(m_mutex);
        --m_calls;
        if (m_stopping)
            return m_quiet.notify_all();
    }
    pump();
}

} // namespace shopfleet::orders
