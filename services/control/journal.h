// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <string>
#include <vector>

namespace shopfleet::control {

/// A file of lines that only grows while it is open. A last line that was cut off by a crash is
/// left out when it is read.
class Journal {
public:
    explicit Journal(std::string file);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    std::vector<std::string> read() const;
    /// Durable when it returns, if `sync`.
    absl::Status append(const std::string& line, bool sync);
    /// Puts these lines in place of all of them, atomically.
    absl::Status replace(const std::vector<std::string>& lines);

private:
    absl::Status open();

    const std::string m_file;
    int m_descriptor = -1;
};

} // namespace shopfleet::control
