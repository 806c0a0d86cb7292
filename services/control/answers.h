// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/journal.h"

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace shopfleet::control {

/// What was answered to each request_id in the last 24 hours, so that a repeated request changes
/// nothing twice.
class Answers {
public:
    explicit Answers(const std::string& file);

    /// The bytes of the first answer, nothing if the id is new, or ABORTED if it was used for
    /// another request.
    absl::StatusOr<std::optional<std::string>> find(
        const std::string& requestId, const google::protobuf::Message& request) const;
    absl::Status keep(const std::string& requestId, const google::protobuf::Message& request,
        const std::string& answer);

private:
    struct Entry {
        std::int64_t at = 0; // Seconds since 1970.
        std::string request; // Its type and content, hashed.
        std::string answer;
    };

    Journal m_journal;
    std::map<std::string, Entry> m_entries;
};

} // namespace shopfleet::control
