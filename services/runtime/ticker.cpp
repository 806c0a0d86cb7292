// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/ticker.h"

#include <utility>

namespace shopfleet::runtime {

Ticker::Ticker(std::chrono::milliseconds pause, std::function<void()> work)
    : m_work(std::move(work))
    , m_thread([this, pause] { run(pause); })
{
}

void Ticker::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_woken.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void Ticker::poke()
{
    {
        const std::lock_guard lock(m_mutex);
        m_poked = true;
    }
    m_woken.notify_one();
}

void Ticker::run(std::chrono::milliseconds pause)
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_woken.wait_for(lock, pause, [this] { return m_stopping || m_poked; });
        if (m_stopping)
            return;
        m_poked = false;
        lock.unlock();
        m_work();
        lock.lock();
    }
}

} // namespace shopfleet::runtime
