// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace shopfleet::ctl {

/// While one of these lives, Ctrl-C (and SIGTERM) ends the work at the next safe place instead of
/// the process at once. A second Ctrl-C ends the process. `onInterrupt` is called once, from a
/// thread of its own. One at a time.
class InterruptWatch {
public:
    explicit InterruptWatch(std::function<void()> onInterrupt = {});
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

private:
    std::atomic<bool> m_ended = false;
    std::thread m_thread;
};

/// Signals belong to the process, so this is the one thing here that is global.
const std::atomic<bool>& interrupted();

} // namespace shopfleet::ctl
