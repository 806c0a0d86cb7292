// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/provider.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <string_view>

/// The life of a payment. Pure: no clock, no database, no provider.
///
///     CREATED ─ provider ─┬─ AUTHORISED ─ capture ─ PARTIALLY_CAPTURED ─ CAPTURED ─ refund ─ …
///     REFUNDED
///                         ├─ DECLINED      └─ void ─ VOIDED
///                         └─ UNKNOWN ─ settle ─ AUTHORISED or DECLINED
///
/// At every instant: refunded ≤ captured ≤ authorised ≤ amount.
namespace shopfleet::payments {

absl::Status checkAuthorise(const v1::AuthorisePaymentRequest& request);
absl::Status checkImport(const v1::ImportPaymentsRequest& request);
absl::Status checkId(std::string_view field, std::string_view id);
absl::Status checkReason(std::string_view reason, std::string_view field = "reason");

/// The state that the amounts amount to, once the provider has authorised.
v1::PaymentState stateOf(const v1::Payment& payment);

/// Is the provider's answer to the authorisation still out?
bool isOpen(const v1::Payment& payment);

/// What is asked for and not yet answered counts as done, so that no two may use the same money.
struct Pending {
    std::int64_t captures = 0; ///< And voids: both use up what is authorised.
    std::int64_t refunds = 0;
};

/// How much to capture or give back: an unset amount means all there is. FAILED_PRECONDITION says
/// what the state allows; more than there is is refused whole.
absl::StatusOr<std::int64_t> captureAmount(
    const v1::Payment& payment, const common::v1::Money* wanted, const Pending& pending);
absl::StatusOr<std::int64_t> refundAmount(
    const v1::Payment& payment, const common::v1::Money* wanted, const Pending& pending);
absl::StatusOr<std::int64_t> voidAmount(const v1::Payment& payment, const Pending& pending);

/// The payment after the provider's answer. Outcome Unknown leaves the amounts as they are.
v1::Payment afterAuthorise(v1::Payment payment, const ProviderAnswer& answer);
v1::Payment afterOperation(v1::Payment payment, ProviderRequest::Kind kind, std::int64_t minor,
    const ProviderAnswer& answer);

} // namespace shopfleet::payments
