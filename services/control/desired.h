// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/journal.h"
#include "services/control/revision.h"
#include "shopfleet/control/v1/control.pb.h"

#include <map>
#include <optional>
#include <string>

namespace shopfleet::control {

/// What people asked for of each service, kept across restarts: how many replicas (a number in the
/// fleet file that was changed since wins), and of which revision.
class Desired {
public:
    explicit Desired(const std::string& file);

    int replicas(const std::string& service, int inFile) const;
    absl::Status setReplicas(const std::string& service, int replicas, int inFile);
    /// Without a directory. Nothing: whatever the control plane came with.
    std::optional<Revision> revision(const std::string& service) const;
    absl::Status setRevision(const std::string& service, const Revision& revision);
    /// How it is scaled, and by whom at the moment.
    struct Scaling {
        v1::ScalingPolicy policy;
        std::optional<std::pair<int, int>> limits; // min and max, where they are not the file's.
        google::protobuf::Timestamp overrideUntil;
    };
    Scaling scaling(const std::string& service) const;
    absl::Status setScaling(const std::string& service, const Scaling& scaling);

private:
    struct Entry {
        std::optional<std::pair<int, int>> replicas; // Asked for, and what the file said then.
        std::optional<Revision> revision;
        Scaling scaling;
    };

    static std::string toLine(const std::string& service, const Entry& entry);
    void take(const std::string& line);

    Journal m_journal;
    std::map<std::string, Entry> m_entries;
};

} // namespace shopfleet::control
