// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/operationstore.h"
#include "services/payments/provider.h"
#include "services/runtime/connection.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

/// What each step of a payment writes, each in one transaction on the writer: begin before the
/// provider is asked, end with its answer. Between the two a crash leaves a question to repeat,
/// never a charge to guess.
namespace shopfleet::payments::books {

using runtime::Connection;

/// The order attempt's payment: the one there is, or a new one in state CREATED.
absl::StatusOr<v1::Payment> beginAuthorise(
    Connection& db, const v1::AuthorisePaymentRequest& request, std::int64_t nowUs);
/// The answer to the authorisation; one that comes after the payment was settled changes nothing.
absl::StatusOr<v1::Payment> endAuthorise(
    Connection& db, const std::string& paymentId, const ProviderAnswer& answer, std::int64_t nowUs);

/// A capture, void or refund that somebody asks for. No `amount`: all there is.
struct Wish {
    ProviderRequest::Kind kind = ProviderRequest::Kind::Capture;
    std::string paymentId;
    std::string requestId;
    std::optional<common::v1::Money> amount = {};
    std::string reason = {};
    std::string actor = {};
};

struct Begun {
    v1::Payment payment;
    operations::Operation operation; ///< Without a key: there is nothing to ask.
};
/// Sets the amount aside, so that no other request can use it, or finds what this request has begun
/// before. One that never reached the provider and was closed there is begun anew, with a new key.
absl::StatusOr<Begun> begin(Connection& db, const Wish& wish, std::int64_t nowUs);
/// Moves the money by the provider's answer, with its entries in the ledger.
absl::StatusOr<v1::Payment> end(
    Connection& db, const std::string& key, const ProviderAnswer& answer, std::int64_t nowUs);

/// Was the provider asked this, and is its answer still out? NOT_FOUND where it was never asked.
absl::StatusOr<bool> isOut(Connection& db, const std::string& key);
/// An answer to whatever was asked with this key.
absl::StatusOr<v1::Payment> learn(
    Connection& db, const std::string& key, const ProviderAnswer& answer, std::int64_t nowUs);

absl::StatusOr<v1::ImportPaymentsResponse> import(
    Connection& db, const v1::ImportPaymentsRequest& request);

/// What the provider calls the request that authorised this payment.
std::string authorisationKey(const v1::Payment& payment);
ProviderRequest providerRequest(const v1::Payment& payment, const operations::Operation& operation);

} // namespace shopfleet::payments::books
