// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.pb.h"

#include <absl/status/statusor.h>
#include <google/protobuf/field_mask.pb.h>

#include <cstdint>
#include <string>
#include <string_view>

/// What a customer's record must satisfy. Pure: no clock, no database, no RPC.
namespace shopfleet::accounts {

/// Looks like an address that mail reaches: printable ASCII, one @, a dotted domain. ASCII alone,
/// so that no two accounts look alike to a person.
absl::Status checkEmail(std::string_view field, std::string_view email);
/// E-mails are compared without case.
std::string emailKey(std::string_view email);

absl::Status checkPassword(std::string_view field, std::string_view password);

/// Everything that a person or an import may set; name, e-mail and the rest may be empty.
absl::Status checkCustomer(std::string_view field, const v1::Customer& customer);

absl::Status checkCreate(const v1::CreateCustomerRequest& request);
absl::Status checkUpdate(const v1::UpdateCustomerRequest& request);
absl::Status checkImport(const v1::ImportCustomersRequest& request);
absl::Status checkSignUp(const v1::SignUpRequest& request);
absl::Status checkSignIn(const v1::SignInRequest& request);

/// Copies the named fields. Ids, times, etag, has_password and state ERASED are not for callers to
/// set.
absl::StatusOr<v1::Customer> updated(const v1::Customer& current, const v1::Customer& changes,
    const google::protobuf::FieldMask& mask);

/// "+44 (0)20 7946-0958" → "4402079460958": how a phone number is found whatever its format.
std::string digitsOf(std::string_view phone);
/// The digits and each of their endings, so that a search finds the number without its country or
/// area.
std::string phoneTerms(std::string_view phone);
/// The digits, where the whole filter is a phone number as a person may write it; else nothing.
std::string phoneIn(std::string_view filter);
/// The places of all addresses in one text, for search.
std::string placeOf(const v1::Customer& customer);
/// The same person's record, whatever the times and the etag: for imports that change nothing.
bool sameContent(const v1::Customer& a, const v1::Customer& b);

/// How long to refuse sign-ins after so many failures in a row: nothing before the fifth, then
/// twice as long each time, to a quarter of an hour.
std::int64_t refusalUs(std::int64_t failures);

} // namespace shopfleet::accounts
