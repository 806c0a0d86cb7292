// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/auditor/audit.h"

namespace shopfleet::auditor {

/// Works out the ledger's chain by itself, from the contract and not from the code of payments:
/// what it finds is the first entry that does not seal what is before it.
absl::StatusOr<std::vector<Violation>> brokenChain(const Books& books, const std::string& check);

} // namespace shopfleet::auditor
