// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/eventloop.h"
#include "services/control/process.h"
#include "shopfleet/control/v1/control.pb.h"

#include <chrono>
#include <functional>
#include <string>

namespace shopfleet::control {

/// Has the auditor look at all services' books now and then, and keeps what it said. The auditor is
/// a process of its own, at a low priority; the pause after it is never shorter than twenty times
/// what it took, so that a large store does not spend its time on being looked at.
class Inspector {
public:
    struct Options {
        std::string program; ///< The auditor's path.
        std::string data;
        std::chrono::seconds every{60}; ///< 0: never.
    };
    using Told = std::function<void()>;

    Inspector(EventLoop& loop, Options options, Told told);
    ~Inspector();

    void begin();
    void end();
    const v1::Integrity& found() const { return m_found; }

private:
    void look();
    void looked();
    void lookLater(std::chrono::milliseconds pause);

    EventLoop& m_loop;
    const Options m_options;
    Told m_told;
    v1::Integrity m_found;
    Process m_process;
    EventLoop::TimerId m_timer;
    EventLoop::Clock::time_point m_began;
};

} // namespace shopfleet::control
