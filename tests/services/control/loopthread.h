// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"

#include <future>
#include <thread>

/// An event loop that runs on a thread of its own, and a way to do something on it and wait for
/// that.
class LoopThread {
public:
    LoopThread()
        : m_thread([this] { loop.run(); })
    {
    }

    ~LoopThread()
    {
        loop.stop();
        m_thread.join();
    }

    template <typename Act>
    auto on(Act act) -> decltype(act())
    {
        std::packaged_task<decltype(act())()> task(std::move(act));
        auto result = task.get_future();
        loop.post([&task] { task(); });
        return result.get();
    }

    shopfleet::control::EventLoop loop;

private:
    std::thread m_thread;
};
