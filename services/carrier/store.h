// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "shopfleet/carrier/v1/carrier.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

/// The SQL of the carrier's books.
namespace shopfleet::carrier::store {

using runtime::Connection;

absl::StatusOr<std::optional<v1::Parcel>> find(Connection& db, const std::string& key);
/// The number of the next parcel, from 1.
absl::StatusOr<std::int64_t> nextSerial(Connection& db);
absl::Status insert(Connection& db, std::int64_t serial, const v1::Parcel& parcel);

} // namespace shopfleet::carrier::store
