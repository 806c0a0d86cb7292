// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/cart/v1/cart.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

/// What a request to the cart must look like. Pure functions: they know no rows and no RPCs, and
/// every refusal names the field and the rule. Paging, filters and request ids are the runtime's.
namespace shopfleet::cart {

constexpr int kMostItems = 500;
constexpr std::int64_t kLargestQuantity = 1'000'000;

absl::Status check(const v1::CreateCartRequest& request);
absl::Status check(const v1::GetCartRequest& request);
absl::Status check(const v1::AddItemRequest& request);
absl::Status check(const v1::SetItemRequest& request);
absl::Status check(const v1::MergeCartRequest& request);
absl::Status check(const v1::CloseCartRequest& request);

/// One item per SKU, whatever case it was written in; refuses what adds up to too many.
absl::StatusOr<std::vector<v1::CartItem>> joined(const v1::CreateCartRequest& request);

/// Whoever knows a cart's id may change it, so nobody may guess one: 128 bits from the system's
/// own randomness, as 26 letters and digits.
std::string newCartId();

} // namespace shopfleet::cart
