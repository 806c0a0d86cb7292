// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/eventloop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace shopfleet::control {

EventLoop::EventLoop()
    : m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    watch(m_wake, EPOLLIN, [this](std::uint32_t) {
        std::uint64_t count = 0;
        while (read(m_wake, &count, sizeof count) > 0) { }
    });
}

EventLoop::~EventLoop()
{
    close(m_wake);
    close(m_epoll);
}

void EventLoop::run()
{
    m_running = true;
    std::array<epoll_event, 64> events{};
    while (m_running) {
        const int count
            = epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), waitMs());
        for (int i = 0; i < count; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            // Looked up each time: an earlier one may have unwatched a later one.
            const auto found = m_watches.find(event.data.fd);
            if (found == m_watches.end())
                continue;
            const auto ready = found->second;
            ready(event.events);
        }
        runPosted();
        runTimers();
    }
}

void EventLoop::stop()
{
    post([this] { m_running = false; });
}

void EventLoop::post(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_posted.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    // A full counter wakes the loop as well.
    [[maybe_unused]] const auto written = write(m_wake, &one, sizeof one);
}

EventLoop::TimerId EventLoop::after(Clock::duration delay, Task task)
{
    const TimerId id(Clock::now() + delay, ++m_lastTimer);
    m_timers.emplace(id, std::move(task));
    return id;
}

void EventLoop::cancel(const TimerId& timer)
{
    m_timers.erase(timer);
}

void EventLoop::watch(
    int descriptor, std::uint32_t events, std::function<void(std::uint32_t)> ready)
{
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    const bool known = m_watches.contains(descriptor);
    m_watches[descriptor] = std::move(ready);
    epoll_ctl(m_epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event);
}

void EventLoop::unwatch(int descriptor)
{
    if (m_watches.erase(descriptor) > 0)
        epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
}

int EventLoop::waitMs() const
{
    if (m_timers.empty())
        return -1;
    const auto left = m_timers.begin()->first.first - Clock::now();
    // Rounded up, so that a timer that is almost due does not spin.
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<long long>(ms, 0, 60'000));
}

void EventLoop::runPosted()
{
    std::vector<Task> tasks;
    {
        const std::lock_guard lock(m_mutex);
        tasks.swap(m_posted);
    }
    for (auto& task : tasks)
        task();
}

void EventLoop::runTimers()
{
    const auto now = Clock::now();
    while (!m_timers.empty() && m_timers.begin()->first.first <= now) {
        auto node = m_timers.extract(m_timers.begin());
        node.mapped()();
    }
}

} // namespace shopfleet::control
