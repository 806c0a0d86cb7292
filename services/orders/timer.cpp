// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/timer.h"

#include <utility>

namespace shopfleet::orders {

Timer::Timer()
    : m_thread([this] { run(); })
{
}

Timer::~Timer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void Timer::after(std::chrono::milliseconds pause, std::function<void()> then)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.emplace(Clock::now() + pause, std::move(then));
    }
    m_changed.notify_one();
}

void Timer::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopped) {
        if (m_waiting.empty()) {
            m_changed.wait(lock);
        } else if (const auto due = m_waiting.begin()->first; due > Clock::now()) {
            m_changed.wait_until(lock, due);
        } else {
            const auto then = std::move(m_waiting.begin()->second);
            m_waiting.erase(m_waiting.begin());
            lock.unlock();
            then();
            lock.lock();
        }
    }
}

} // namespace shopfleet::orders
