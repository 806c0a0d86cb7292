// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shopfleet::runtime {

/// absl::Status is the error type everywhere; grpc::Status exists only on the wire. These makers
/// attach google.rpc details, so that a caller learns which field, which rule, and what to do.

struct FieldViolation {
    std::string field; ///< As in the contract: "product.variants[0].price.currency".
    std::string rule; ///< "must be an ISO 4217 code".
};

absl::Status invalidField(std::string_view field, std::string_view rule);
absl::Status invalidFields(const std::vector<FieldViolation>& violations);
absl::Status notFound(std::string_view type, std::string_view name);
absl::Status alreadyExists(std::string_view type, std::string_view name, std::string_view field);

/// `reason` is for programs ("PRICE_CHANGED"), `subject` names the thing, `description` says what
/// to do.
absl::Status failedPrecondition(
    std::string_view reason, std::string_view subject, std::string_view description);
absl::Status exhausted(
    std::string_view reason, std::string_view subject, std::string_view description);
/// The same, saying when to come back.
absl::Status overloaded(std::string_view description, std::int64_t retryAfterMs);
absl::Status staleEtag(const google::protobuf::Message& current);
absl::Status aborted(std::string_view reason, std::string_view description);
absl::Status unavailable(std::string_view description);

/// Logs `cause` and says only that something went wrong here: the wire never sees SQL or an
/// exception's text.
absl::Status internal(std::string_view cause);

/// The ErrorInfo reason that a status carries; empty without one.
std::string reason(const absl::Status& status);

grpc::Status toWire(const absl::Status& status);
absl::Status fromWire(const grpc::Status& status);

} // namespace shopfleet::runtime
