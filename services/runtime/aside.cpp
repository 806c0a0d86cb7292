// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/aside.h"

#include <algorithm>
#include <utility>

namespace shopfleet::runtime {
namespace {

constexpr int kFewestThreads = 2;
/// Beyond these nobody would have an answer within his patience.
constexpr std::size_t kMostWaiting = 512;

} // namespace

Aside::Aside(int threads, std::size_t mostWaiting)
    : m_mostWaiting(mostWaiting)
{
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { serve(); });
}

Aside::~Aside()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_filled.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

bool Aside::run(Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.size() >= m_mostWaiting)
            return false;
        m_waiting.push_back(std::move(work));
    }
    m_filled.notify_one();
    return true;
}

Aside& Aside::shared()
{
    static Aside aside(
        std::max<int>(kFewestThreads, static_cast<int>(std::thread::hardware_concurrency())),
        kMostWaiting);
    return aside;
}

void Aside::serve()
{
    while (true) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            m_filled.wait(lock, [this] { return m_stopping || !m_waiting.empty(); });
            if (m_waiting.empty())
                return;
            work = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        work();
    }
}

} // namespace shopfleet::runtime
