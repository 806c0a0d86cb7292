// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/timetext.h"

#include <chrono>
#include <fmt/format.h>

namespace shopfleet::ctl {
namespace {

using namespace std::chrono;

/// Takes numbers and signs off the front of a text; stays false after the first that does not fit.
class Scanner {
public:
    explicit Scanner(std::string_view text)
        : m_text(text)
    {
    }

    int number(size_t fewest, size_t most)
    {
        size_t digits = 0;
        int value = 0;
        while (digits < most && digits < m_text.size() && m_text[digits] >= '0'
            && m_text[digits] <= '9')
            value = value * 10 + (m_text[digits++] - '0');
        m_ok = m_ok && digits >= fewest;
        m_text.remove_prefix(digits);
        return value;
    }

    bool take(char sign)
    {
        const bool there = !m_text.empty() && m_text.front() == sign;
        if (there)
            m_text.remove_prefix(1);
        return there;
    }

    void need(char sign) { m_ok = take(sign) && m_ok; }
    bool complete() const { return m_ok && m_text.empty(); }

private:
    std::string_view m_text;
    bool m_ok = true;
};

} // namespace

absl::StatusOr<int64_t> parseFileTime(std::string_view text)
{
    Scanner scan(text);
    int year = 0;
    int month = 0;
    int day = 0;
    const bool monthFirst = text.find('/') != std::string_view::npos;
    if (monthFirst) {
        month = scan.number(1, 2);
        scan.need('/');
        day = scan.number(1, 2);
        scan.need('/');
        year = scan.number(4, 4);
    } else {
        year = scan.number(4, 4);
        scan.need('-');
        month = scan.number(2, 2);
        scan.need('-');
        day = scan.number(2, 2);
    }
    if (!scan.take('T'))
        scan.need(' ');
    const int hour = scan.number(monthFirst ? 1 : 2, 2);
    scan.need(':');
    const int minute = scan.number(2, 2);
    const int second = scan.take(':') ? scan.number(2, 2) : 0;
    if (!scan.complete())
        return absl::InvalidArgumentError("is not a date and time");

    const year_month_day date{std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || year < 1990 || year > 2100 || hour > 23 || minute > 59 || second > 59)
        return absl::InvalidArgumentError("is no date of the calendar");
    const auto at = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    return at.time_since_epoch().count();
}

std::string formatTime(int64_t seconds)
{
    const sys_seconds at{std::chrono::seconds(seconds)};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", int(date.year()), unsigned(date.month()),
        unsigned(date.day()), time.hours().count(), time.minutes().count());
}

std::string formatTime(int64_t seconds, int milliseconds)
{
    const int64_t second = ((seconds % 60) + 60) % 60;
    return fmt::format("{}:{:02}.{:03}", formatTime(seconds), second, milliseconds);
}

} // namespace shopfleet::ctl
