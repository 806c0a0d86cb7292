// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

/// What a product must look like, and what follows from it. Pure functions: they know no rows and
/// no RPCs, and every refusal names the field and the rule.
namespace shopfleet::inventory {

/// Everything but the id. `field` says where it stands in the request: "product", "products[3]".
absl::Status checkProduct(const std::string& field, const v1::Product& product);

/// The product as it is after the request: what the mask names is replaced, all else stays. Without
/// a mask every field that the request fills is meant.
absl::StatusOr<v1::Product> updated(v1::Product current, const v1::UpdateProductRequest& request);

/// What its owner wrote, as bytes that are equal for equal products: no stock, no times, no etag.
std::string document(const v1::Product& product);

/// "Kitchen/Teapots" lists a product under "Kitchen", too. Each path once, in order.
std::vector<std::string> categoryPaths(const v1::Product& product);

/// The lowest price of its variants: what a list sorts and filters by.
std::int64_t lowestPrice(const v1::Product& product);

} // namespace shopfleet::inventory
