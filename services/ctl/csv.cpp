// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/csv.h"

#include <algorithm>
#include <fmt/format.h>

namespace shopfleet::ctl {
namespace {

constexpr size_t kBlock = 1U << 18;
/// No row of the world's is longer; a quote that is open for more than this was never meant to be
/// one.
constexpr size_t kLongestRow = 1U << 16;
constexpr size_t kShownText = 80;

} // namespace

CsvReader::CsvReader(Source source, size_t columns)
    : m_source(std::move(source))
    , m_columns(columns)
{
}

absl::Status CsvReader::fill()
{
    m_buffer.erase(0, m_position);
    m_position = 0;
    const size_t had = m_buffer.size();
    m_buffer.resize(had + kBlock);
    const auto count = m_source(m_buffer.data() + had, kBlock);
    m_buffer.resize(had + (count.ok() ? *count : 0));
    if (!count.ok())
        return count.status();
    m_ended = *count == 0;
    return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::next(CsvRecord* record)
{
    if (!m_started) {
        m_started = true;
        if (auto status = fill(); !status.ok())
            return status;
        if (m_buffer.starts_with("\xEF\xBB\xBF"))
            m_position = 3;
    }
    for (;;) {
        if (m_ended && m_position == m_buffer.size())
            return false;
        size_t length = 0;
        const Outcome outcome = scan(record, &length);
        if (outcome == Outcome::NeedMore) {
            if (auto status = fill(); !status.ok())
                return status;
            continue;
        }
        record->line = m_line;
        if (outcome == Outcome::Broken)
            giveUpLine(record);
        else
            skip(length);
        return true;
    }
}

/// Reads one row at m_position without consuming it. At the end of the stream what is there is all
/// there will be.
CsvReader::Outcome CsvReader::scan(CsvRecord* record, size_t* length)
{
    record->fields.assign(1, {});
    record->problem.clear();
    record->text.clear();
    const std::string_view text = std::string_view(m_buffer).substr(m_position);
    bool quoted = false; // The field began with a quote,
    bool closed = false; // and that quote is closed.
    size_t at = 0;
    bool ended = false;
    for (; at < text.size() && !ended; ++at) {
        const char c = text[at];
        std::string& field = record->fields.back();
        if (at >= kLongestRow)
            return broken(quoted && !closed ? "a quote is not closed" : "the row is too long");
        if (c == '\0')
            return broken("holds a NUL byte");
        if (quoted && !closed) {
            if (c != '"') {
                field += c;
            } else if (at + 1 < text.size()) {
                if (text[at + 1] == '"')
                    field += text[++at];
                else
                    closed = true;
            } else if (m_ended) {
                closed = true;
            } else {
                return Outcome::NeedMore;
            }
        } else if (c == ',') {
            record->fields.emplace_back();
            quoted = closed = false;
        } else if (c == '\n') {
            ended = true;
        } else if (c == '\r' && (at + 1 < text.size() ? text[at + 1] == '\n' : m_ended)) {
            continue;
        } else if (c == '\r' && at + 1 == text.size()) {
            return Outcome::NeedMore;
        } else if (c == '"' && field.empty() && !quoted) {
            quoted = true;
        } else if (c == '"' || closed) {
            return broken("a quote stands inside a field");
        } else {
            field += c;
        }
    }
    if (!ended && !m_ended)
        return Outcome::NeedMore;
    if (quoted && !closed)
        return broken("a quote is not closed");
    if (record->fields.size() == 1 && record->fields.front().empty() && !closed)
        return broken("the line is blank");
    if (record->fields.size() != m_columns) {
        return broken(fmt::format("has {} fields instead of {}", record->fields.size(), m_columns));
    }
    *length = at;
    return Outcome::Row;
}

CsvReader::Outcome CsvReader::broken(std::string why)
{
    m_why = std::move(why);
    return Outcome::Broken;
}

void CsvReader::giveUpLine(CsvRecord* record)
{
    const std::string_view text = std::string_view(m_buffer).substr(m_position);
    const size_t end = std::min(text.find('\n'), text.size());
    record->fields.clear();
    record->problem = m_why;
    record->text = std::string(text.substr(0, std::min(end, kShownText)));
    skip(std::min(end + 1, text.size()));
}

void CsvReader::skip(size_t length)
{
    const auto begin = m_buffer.begin() + static_cast<std::ptrdiff_t>(m_position);
    m_line += std::count(begin, begin + static_cast<std::ptrdiff_t>(length), '\n');
    m_position += length;
}

} // namespace shopfleet::ctl
