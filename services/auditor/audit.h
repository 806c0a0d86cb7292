// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/auditor/books.h"

#include <absl/status/statusor.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace shopfleet::auditor {

/// One thing that must always hold.
struct Check {
    std::string id; ///< "M1"
    std::string what; ///< "each transaction of the ledger adds up to zero"
    std::string sql; ///< Finds what violates it; empty: it is done in code.
};

struct Violation {
    std::string check;
    std::string subject; ///< An id: of an order, a payment, a SKU …
    std::string found;

    auto operator<=>(const Violation&) const = default;
};

struct Report {
    std::vector<Violation> violations;
    std::int64_t orders = 0;
    std::int64_t payments = 0;
    std::int64_t shipments = 0;
    std::int64_t reservations = 0;
};

const std::vector<Check>& checks();

/// Runs all checks. What is found is looked for again `rounds` times, `pause` apart, and counts
/// only if it was there each time: work that is under way is seen by one service sooner than by
/// another.
absl::StatusOr<Report> audit(const Books& books, int rounds, std::chrono::milliseconds pause);

} // namespace shopfleet::auditor
