// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/cashier.h"
#include "services/payments/provider.h"

#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <string>

namespace shopfleet::payments {

/// Lays the provider's statement beside our own books, both ways. Reads both a page at a time, in
/// the order of their keys; what differs is looked at again afterwards, because both move on
/// meanwhile. Blocks.
class Reconciler {
public:
    Reconciler(runtime::Database& database, Provider& provider, Cashier& cashier)
        : m_database(database)
        , m_provider(provider)
        , m_cashier(cashier)
    {
    }

    /// `goOn`: asked between pages; CANCELLED where it says no.
    absl::StatusOr<v1::ReconcileResponse> run(const std::function<bool()>& goOn);

private:
    /// Looks again at one request; empty where both sides agree by now.
    absl::StatusOr<std::optional<v1::ReconcileResponse::Difference>> look(const std::string& key);

    runtime::Database& m_database;
    Provider& m_provider;
    Cashier& m_cashier;
};

} // namespace shopfleet::payments
