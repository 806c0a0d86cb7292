// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/progress.h"

#include <iostream>
#include <unistd.h>

namespace shopfleet::ctl {

using namespace std::chrono_literals;

Progress::Progress(std::ostream& err, std::function<std::string()> line)
    : m_err(err)
    , m_line(std::move(line))
    , m_terminal(&err == &std::cerr && isatty(STDERR_FILENO) == 1)
    , m_thread([this] { follow(); })
{
}

Progress::~Progress()
{
    m_ended.store(true);
    m_thread.join();
    m_err << (m_terminal ? "\r\x1b[K" : "") << m_line() << '\n' << std::flush;
}

void Progress::follow()
{
    const auto every = m_terminal ? 200ms : 5000ms;
    auto next = std::chrono::steady_clock::now() + every;
    while (!m_ended.load()) {
        std::this_thread::sleep_for(20ms);
        if (std::chrono::steady_clock::now() < next)
            continue;
        next += every;
        m_err << (m_terminal ? "\r\x1b[K" : "") << m_line() << (m_terminal ? "" : "\n")
              << std::flush;
    }
}

} // namespace shopfleet::ctl
