// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <re2/re2.h>
#include <string>
#include <vector>

namespace shopfleet::control {

std::string logFileOf(const std::string& folder, const std::string& replica);
/// Before a start: a file that has grown large becomes `.1`, and the `.1` before it goes.
void rotateLog(const std::string& file);
/// While they are written: a file that has grown far too large is copied to `.1` and begins anew.
/// What is written in that moment may be lost; a full disk would cost more.
void boundLogs(const std::string& folder);

/// A line as our services write it (JSON), or any other text as the message of a line.
v1::LogLine parseLogLine(
    absl::string_view text, const std::string& service, const std::string& replica);

/// Which lines are asked for. A regular expression that does not compile is refused.
class LogFilter {
public:
    static absl::StatusOr<LogFilter> of(const v1::GetLogsRequest& request);
    /// On the raw text, before it is parsed: most lines end here.
    bool mayMatch(absl::string_view text) const;
    bool matches(const v1::LogLine& line) const;

private:
    v1::GetLogsRequest m_request;
    std::shared_ptr<const RE2> m_regex; // Null: none.
    int m_minLevel = 0;
};

/// One log file, read from where the last read ended.
class LogTail {
public:
    LogTail(std::string file, std::string service, std::string replica);

    /// The newest lines that match, at most `limit`, oldest first; what is written later is left to
    /// readNew().
    std::vector<v1::LogLine> readLast(const LogFilter& filter, std::size_t limit);
    /// At most 256 KiB at a time, so that a noisy replica cannot hold the others up.
    std::vector<v1::LogLine> readNew(const LogFilter& filter);
    const std::string& replica() const { return m_replica; }

private:
    std::string m_file;
    std::string m_service;
    std::string m_replica;
    std::int64_t m_offset = 0;
    std::uint64_t m_inode = 0;
};

/// Lines of several files become one list, and only the newest `limit` of them stay.
void mergeByTime(std::vector<v1::LogLine>* lines, std::size_t limit);

} // namespace shopfleet::control
