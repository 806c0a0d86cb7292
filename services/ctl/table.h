// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::ctl {

/// Columns as wide as their widest cell. A heading that begins with '>' is aligned to the right, as
/// numbers are read.
class Table {
public:
    explicit Table(std::vector<std::string> headings);

    void add(std::vector<std::string> cells);
    bool empty() const { return m_rows.empty(); }
    void write(std::ostream& out) const;

private:
    std::vector<std::string> m_headings;
    std::vector<bool> m_right;
    std::vector<std::vector<std::string>> m_rows;
};

/// 1240 GBP is "12.40 GBP": the code, because nobody knows all symbols.
std::string moneyText(std::string_view currency, int64_t minor);

/// At most so many characters, the last of them "…" if something was cut.
std::string shortened(std::string_view text, size_t characters);

/// "ORDER_STATE_SHIPPED" without its prefix.
std::string enumText(std::string_view name, std::string_view prefix);

} // namespace shopfleet::ctl
