// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/journal.h"
#include "shopfleet/control/v1/control.pb.h"

#include <deque>
#include <string>

namespace shopfleet::control {

/// What happened to the fleet: the newest few thousand events, kept across restarts.
class EventLog {
public:
    explicit EventLog(const std::string& file);

    /// Numbers it and keeps it.
    void add(v1::Event event);
    const std::deque<v1::Event>& events() const
    {
        return m_events;
    } // Oldest first; the numbers are contiguous.
    std::int64_t newest() const { return m_newest; }

private:
    void compact();

    Journal m_journal;
    std::deque<v1::Event> m_events;
    std::int64_t m_newest = 0;
    std::size_t m_lines = 0;
};

} // namespace shopfleet::control
