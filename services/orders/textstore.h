// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/searchtext.h"
#include "services/runtime/connection.h"

#include <absl/status/statusor.h>

#include <string>
#include <unordered_set>
#include <vector>

namespace shopfleet::orders {

/// The full text, as the writer keeps it.
class Words {
public:
    absl::Status add(runtime::Connection& db, std::int64_t key, const std::string& document);
    absl::Status remove(runtime::Connection& db, std::int64_t key, const std::string& document);

private:
    absl::Status know(runtime::Connection& db, const std::string& word);

    std::unordered_set<std::string>
        m_known; ///< Words that a transaction before this one has stored.
};

/// The full text's query for what was typed; empty if nothing can match.
absl::StatusOr<std::string> textQuery(
    runtime::Connection& db, const std::vector<SearchWord>& words);

} // namespace shopfleet::orders
