// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/eventlog.h"

#include <google/protobuf/util/json_util.h>

#include <spdlog/spdlog.h>

namespace shopfleet::control {

namespace {

constexpr std::size_t kMost = 5'000;

std::string toLine(const v1::Event& event)
{
    std::string line;
    // Any text that is not UTF-8 would fail here; reasons are our own words and names.
    if (!google::protobuf::util::MessageToJsonString(event, &line).ok())
        line = "{}";
    return line;
}

} // namespace

EventLog::EventLog(const std::string& file)
    : m_journal(file)
{
    for (const auto& line : m_journal.read()) {
        v1::Event event;
        ++m_lines;
        if (!google::protobuf::util::JsonStringToMessage(line, &event).ok()
            || event.id() <= m_newest)
            continue;
        m_newest = event.id();
        m_events.push_back(std::move(event));
        if (m_events.size() > kMost)
            m_events.pop_front();
    }
}

void EventLog::add(v1::Event event)
{
    event.set_id(++m_newest);
    if (const auto status = m_journal.append(toLine(event), false); !status.ok())
        spdlog::error("event not kept: {}", status.ToString());
    m_events.push_back(std::move(event));
    if (m_events.size() > kMost)
        m_events.pop_front();
    if (++m_lines > 2 * kMost)
        compact();
}

void EventLog::compact()
{
    std::vector<std::string> lines;
    for (const auto& event : m_events)
        lines.push_back(toLine(event));
    if (m_journal.replace(lines).ok())
        m_lines = lines.size();
}

} // namespace shopfleet::control
