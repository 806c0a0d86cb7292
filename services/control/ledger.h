// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/journal.h"

#include <absl/strings/numbers.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace shopfleet::control {

/// Messages with an id, kept in a journal: the last line of each is how it is. The newest so many
/// stay.
template <typename Message>
class Ledger {
public:
    Ledger(const std::string& file, std::size_t most)
        : m_journal(file)
        , m_most(most)
    {
        for (const auto& line : m_journal.read()) {
            Message message;
            ++m_lines;
            if (google::protobuf::util::JsonStringToMessage(line, &message).ok()
                && !message.id().empty())
                set(std::move(message));
        }
        compact();
    }

    const std::deque<Message>& all() const { return m_messages; } // Newest first.

    const Message* find(const std::string& id) const
    {
        const auto found = std::ranges::find(m_messages, id, &Message::id);
        return found == m_messages.end() ? nullptr : &*found;
    }

    /// "a12" after "a11".
    std::string nextId(char prefix) { return prefix + std::to_string(++m_newest); }

    /// In memory alone: figures, which are gone after a restart.
    void set(Message message)
    {
        std::int64_t number = 0;
        if (absl::SimpleAtoi(message.id().substr(1), &number))
            m_newest = std::max(m_newest, number);
        const auto found = std::ranges::find(m_messages, message.id(), &Message::id);
        if (found != m_messages.end())
            *found = std::move(message);
        else
            m_messages.push_front(std::move(message));
        if (m_messages.size() > m_most)
            m_messages.pop_back();
    }

    absl::Status keep(Message message)
    {
        if (auto status = m_journal.append(toLine(message), true); !status.ok())
            return status;
        set(std::move(message));
        if (++m_lines > 4 * m_most)
            compact();
        return absl::OkStatus();
    }

private:
    static std::string toLine(const Message& message)
    {
        std::string line;
        if (!google::protobuf::util::MessageToJsonString(message, &line).ok())
            line = "{}";
        return line;
    }

    void compact()
    {
        if (m_lines == m_messages.size())
            return;
        std::vector<std::string> lines;
        for (auto message = m_messages.rbegin(); message != m_messages.rend(); ++message)
            lines.push_back(toLine(*message));
        // If it cannot be written, the longer file still says the same.
        if (m_journal.replace(lines).ok())
            m_lines = lines.size();
    }

    Journal m_journal;
    const std::size_t m_most;
    std::deque<Message> m_messages;
    std::size_t m_lines = 0;
    std::int64_t m_newest = 0; // The greatest number of an id.
};

} // namespace shopfleet::control
