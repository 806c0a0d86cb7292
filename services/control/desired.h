// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/journal.h"

#include <map>
#include <string>

namespace shopfleet::control {

/// How many replicas people asked for, kept across restarts. A number in the fleet file that was
/// changed since wins.
class Desired {
public:
    explicit Desired(const std::string& file);

    int replicas(const std::string& service, int inFile) const;
    absl::Status set(const std::string& service, int replicas, int inFile);

private:
    struct Entry {
        int replicas = 0;
        int inFile = 0;
    };

    Journal m_journal;
    std::map<std::string, Entry> m_entries;
};

} // namespace shopfleet::control
