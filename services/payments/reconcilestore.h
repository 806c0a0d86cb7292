// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The SQL of our side of the provider's statement.
namespace shopfleet::payments::reconcile {

using runtime::Connection;

/// A request that the provider was asked, as we know it.
struct OurLine {
    std::string key;
    std::string paymentId;
    std::string reference;
    std::string currency;
    std::int64_t minor = 0;
    int outcome = 0; ///< 0: still out; then ProviderAnswer::Outcome.
};

/// All of them by key, a page at a time: those after this key.
absl::StatusOr<std::vector<OurLine>> linesAfter(Connection& db, const std::string& key);
absl::StatusOr<std::optional<OurLine>> lineOf(Connection& db, const std::string& key);

} // namespace shopfleet::payments::reconcile
