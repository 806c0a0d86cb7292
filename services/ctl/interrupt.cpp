// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/interrupt.h"

#include <chrono>
#include <csignal>

namespace shopfleet::ctl {
namespace {

std::atomic<bool> signalled = false;

void onSignal(int signal)
{
    signalled.store(true);
    std::signal(signal, SIG_DFL);
}

} // namespace

const std::atomic<bool>& interrupted()
{
    return signalled;
}

InterruptWatch::InterruptWatch(std::function<void()> onInterrupt)
{
    signalled.store(false);
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    if (!onInterrupt)
        return;
    m_thread = std::thread([this, onInterrupt = std::move(onInterrupt)] {
        using namespace std::chrono_literals;
        // A signal handler may only set the flag; this thread does what follows from it.
        while (!m_ended.load() && !signalled.load())
            std::this_thread::sleep_for(20ms);
        if (signalled.load())
            onInterrupt();
    });
}

InterruptWatch::~InterruptWatch()
{
    m_ended.store(true);
    if (m_thread.joinable())
        m_thread.join();
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

} // namespace shopfleet::ctl
