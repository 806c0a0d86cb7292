// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>
#include <thread>

namespace shopfleet::ctl {

/// Says on `err` how far it is: on a terminal one line that is written over, elsewhere a new line
/// every few seconds.
class Progress {
public:
    Progress(std::ostream& err, std::function<std::string()> line);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

private:
    void follow();

    std::ostream& m_err;
    std::function<std::string()> m_line;
    bool m_terminal;
    std::atomic<bool> m_ended = false;
    std::thread m_thread;
};

} // namespace shopfleet::ctl
