// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::ctl {

/// One row, or one line that is none: then `problem` says why and `fields` is empty.
struct CsvRecord {
    int64_t line = 0; ///< Where it begins; the header is line 1.
    std::vector<std::string> fields;
    std::string problem;
    std::string text; ///< Of a line with a problem: its beginning.
};

/// Reads RFC 4180 from a stream: quotes, doubled quotes, line breaks in quotes, CRLF and LF, a byte
/// order mark.
///
/// A stray quote must not swallow what follows it: when a row cannot be read, only its first line
/// is given up and reading goes on at the next one. Holds one block of the file, never all of it.
class CsvReader {
public:
    using Source = std::function<absl::StatusOr<size_t>(char* to, size_t size)>;

    /// Rows that do not have `columns` fields are problems.
    CsvReader(Source source, size_t columns);

    /// False at the end. An error is the source's: nothing more can be read.
    absl::StatusOr<bool> next(CsvRecord* record);

private:
    enum class Outcome { Row, NeedMore, Broken };

    Outcome scan(CsvRecord* record, size_t* length);
    Outcome broken(std::string why);
    void giveUpLine(CsvRecord* record);
    absl::Status fill();
    void skip(size_t length);

    Source m_source;
    size_t m_columns;
    std::string m_buffer;
    size_t m_position = 0;
    int64_t m_line = 1;
    bool m_ended = false;
    bool m_started = false;
    std::string m_why;
};

} // namespace shopfleet::ctl
