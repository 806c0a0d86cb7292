// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/provider.h"
#include "services/payments/rules.h"
#include "services/runtime/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The SQL of what the provider was asked to do with a payment's money.
namespace shopfleet::payments::operations {

using runtime::Connection;

struct Operation {
    std::string key; ///< The provider's idempotency key.
    std::string paymentId;
    std::string requestId;
    ProviderRequest::Kind kind = ProviderRequest::Kind::Capture;
    std::int64_t minor = 0;
    int outcome = 0; ///< 0: asked, no answer yet; then ProviderAnswer::Outcome.
    std::string reason; ///< Why somebody asked for it.
    std::string actor;
    std::string declineReason;

    bool isOpen() const
    {
        return outcome == 0 || outcome == static_cast<int>(ProviderAnswer::Outcome::Unknown);
    }
};

absl::StatusOr<std::optional<Operation>> find(Connection& db, const std::string& key);
/// What this request has begun with this payment.
absl::StatusOr<std::optional<Operation>> findByRequest(
    Connection& db, const std::string& paymentId, const std::string& requestId);
/// Gives the operation its key.
absl::Status add(Connection& db, Operation& operation, std::int64_t nowUs);
/// Asks again under a new key, which the operation gets: the old one is closed at the provider.
absl::Status renew(Connection& db, Operation& operation, std::int64_t nowUs);
absl::Status answer(Connection& db, const std::string& key, const ProviderAnswer& answer);

/// What is asked for and not answered, oldest first.
absl::StatusOr<std::vector<Operation>> openOf(Connection& db, const std::string& paymentId);
/// What has been out for longer: the keys of authorisations and of operations, oldest first.
struct Overdue {
    std::int64_t unknownBeforeUs = 0; ///< Whose answer was lost.
    std::int64_t askedBeforeUs = 0; ///< Asked for, perhaps, by a process that has died since.
};
absl::StatusOr<std::vector<std::string>> overdue(Connection& db, const Overdue& since, int most);
absl::StatusOr<Pending> pendingOf(Connection& db, const std::string& paymentId);

} // namespace shopfleet::payments::operations
