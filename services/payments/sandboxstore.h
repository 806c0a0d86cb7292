// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/provider.h"
#include "services/runtime/connection.h"

#include <cstdint>
#include <optional>
#include <string>

/// The sandbox provider's own books: what it was asked and what it did. No other part reads them.
namespace shopfleet::payments::sandbox {

using runtime::Connection;

absl::StatusOr<std::optional<ProviderAnswer>> answerTo(Connection& db, const std::string& key);
absl::Status record(Connection& db, const ProviderRequest& request, const ProviderAnswer& answer,
    std::int64_t nowUs);

/// What was done with the authorisation that has this reference, by kind of request.
struct Done {
    std::int64_t authorised = 0;
    std::int64_t captured = 0;
    std::int64_t voided = 0;
    std::int64_t refunded = 0;
};
absl::StatusOr<Done> doneAbout(Connection& db, const std::string& reference);

} // namespace shopfleet::payments::sandbox
