// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/importcounts.h"
#include "services/ctl/retail.h"

#include <absl/status/status.h>

#include <chrono>

namespace shopfleet::ctl {

class Fleet;
struct BatchSender;
struct Patience;

/// Brings a book into the store: five services at once, each in batches, several batches under way.
///
/// Sending it again changes nothing: ids follow from the file, the services compare content, and
/// stock is received only as far as the ledger does not show it already. So an import that broke
/// off is finished by running it again.
class RetailImport {
public:
    RetailImport(Fleet& fleet, const RetailBook& book, std::chrono::seconds patience);

    /// The first error of any service; CANCELLED when `stop` was set. What was answered until then
    /// is counted.
    absl::Status run(const std::atomic<bool>& stop);

    const StoreCounts& counts() const { return m_counts; }

private:
    BatchSender sender(
        const char* service, const char* what, ImportCounts* counts, const std::atomic<bool>& stop);
    Patience patience(const std::atomic<bool>& stop);
    absl::Status sendCustomers(const std::atomic<bool>& stop);
    absl::Status sendProducts(const std::atomic<bool>& stop);
    absl::Status sendStock(const std::atomic<bool>& stop);
    absl::Status sendOrders(const std::atomic<bool>& stop);
    absl::Status sendShipments(const std::atomic<bool>& stop);
    absl::Status sendPayments(const std::atomic<bool>& stop);

    Fleet& m_fleet;
    const RetailBook& m_book;
    std::chrono::seconds m_patience;
    std::string m_run; ///< Makes this run's request_ids its own, so that the answers are about now.
    StoreCounts m_counts;
};

} // namespace shopfleet::ctl
