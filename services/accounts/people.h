// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/accounts/v1/accounts.pb.h"

#include <absl/status/statusor.h>

/// What each request does to customers' records, in one transaction on the writer.
namespace shopfleet::accounts::people {

using runtime::Connection;

absl::StatusOr<v1::BatchGetCustomersResponse> batch(
    Connection& db, const v1::BatchGetCustomersRequest& request);

absl::StatusOr<v1::Customer> create(Connection& db, const v1::CreateCustomerRequest& request);
absl::StatusOr<v1::Customer> update(Connection& db, const v1::UpdateCustomerRequest& request);
absl::StatusOr<v1::ImportCustomersResponse> import(
    Connection& db, const v1::ImportCustomersRequest& request);
/// Takes away all that names the person, and every way to sign in. Answers to earlier requests keep
/// what they said until they are forgotten, a day later.
absl::StatusOr<v1::Customer> erase(Connection& db, const v1::EraseCustomerRequest& request);

/// Stamps a new record with an id, times and an etag, and stores it. ALREADY_EXISTS for a taken
/// e-mail.
absl::StatusOr<v1::Customer> added(Connection& db, v1::Customer customer);
/// Stores a changed record under a new etag.
absl::StatusOr<v1::Customer> changed(Connection& db, v1::Customer customer);

} // namespace shopfleet::accounts::people
