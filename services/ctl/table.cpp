// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/table.h"

#include "services/runtime/money.h"

#include <algorithm>
#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

bool beginsCharacter(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

size_t width(std::string_view text)
{
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), beginsCharacter));
}

} // namespace

Table::Table(std::vector<std::string> headings)
    : m_headings(std::move(headings))
{
    for (std::string& heading : m_headings) {
        m_right.push_back(heading.starts_with('>'));
        if (m_right.back())
            heading.erase(0, 1);
    }
}

void Table::add(std::vector<std::string> cells)
{
    cells.resize(m_headings.size());
    m_rows.push_back(std::move(cells));
}

void Table::write(std::ostream& out) const
{
    std::vector<size_t> widths;
    for (size_t column = 0; column < m_headings.size(); ++column) {
        size_t widest = width(m_headings[column]);
        for (const auto& row : m_rows)
            widest = std::max(widest, width(row[column]));
        widths.push_back(widest);
    }
    const auto writeRow = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (size_t column = 0; column < cells.size(); ++column) {
            const std::string gap(widths[column] - width(cells[column]), ' ');
            line += m_right[column] ? gap + cells[column] : cells[column] + gap;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    };
    writeRow(m_headings);
    for (const auto& row : m_rows)
        writeRow(row);
}

std::string moneyText(std::string_view currency, int64_t minor)
{
    const int digits = runtime::minorDigits(currency).value_or(0);
    const auto size = minor < 0 ? 0 - static_cast<uint64_t>(minor) : static_cast<uint64_t>(minor);
    std::string number = std::to_string(size);
    if (digits > 0) {
        const auto places = static_cast<size_t>(digits);
        if (number.size() <= places)
            number.insert(0, places + 1 - number.size(), '0');
        number.insert(number.size() - places, 1, '.');
    }
    return fmt::format("{}{} {}", minor < 0 ? "-" : "", number, currency);
}

std::string shortened(std::string_view text, size_t characters)
{
    if (width(text) <= characters)
        return std::string(text);
    size_t end = 0;
    for (size_t kept = 0; end < text.size(); ++end)
        if (beginsCharacter(text[end]) && ++kept == characters)
            break;
    return std::string(text.substr(0, end)) + "…";
}

std::string enumText(std::string_view name, std::string_view prefix)
{
    return std::string(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
}

} // namespace shopfleet::ctl
