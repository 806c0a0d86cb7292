// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/provider.h"
#include "services/runtime/database.h"

namespace shopfleet::payments {

/// A payment provider to try the store with: no money moves. It keeps books of its own and checks
/// as a real one does. What it answers depends on the token alone: tok_visa and tok_mastercard are
/// good, tok_declined and tok_insufficient_funds are not, and for tok_timeout it acts and its
/// answer is lost.
class SandboxProvider final : public Provider {
public:
    explicit SandboxProvider(runtime::Database& database)
        : m_database(database)
    {
    }

    void act(const ProviderRequest& request, Answered answered) override;
    void settle(const std::string& key, Answered answered) override;

private:
    runtime::Database& m_database;
};

} // namespace shopfleet::payments
