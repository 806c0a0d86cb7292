// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/call.h"
#include "services/ctl/importcounts.h"

#include <string>
#include <vector>

namespace shopfleet::ctl {

struct StockNeed {
    std::string sku;
    int64_t units = 0;
};

/// Receives stock until the ledger shows at least so many units of receipts with this reason,
/// however often it is called: what is there already is read first, and only the rest is received.
absl::Status receiveStock(Fleet& fleet, const Patience& patience, const std::string& reason,
    const std::vector<StockNeed>& needs, ImportCounts* counts);

} // namespace shopfleet::ctl
