// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/inventory/v1/inventory.pb.h"

#include <absl/status/status.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What lines of stock must look like. Pure functions.
namespace shopfleet::inventory {

constexpr int kMostLines = 1'000;
constexpr std::int64_t kLargestQuantity = 1'000'000'000;

using StockLines = google::protobuf::RepeatedPtrField<v1::StockLine>;

enum class Sign { Positive, Any };

absl::Status checkLines(const StockLines& lines, Sign sign, int fewest = 1);

/// One line per SKU, whatever case it was written in, in the order of first mention.
std::vector<v1::StockLine> joined(const StockLines& lines);

/// How the same SKU is always spelt, to compare without case.
std::string skuKey(std::string_view sku);

/// RESOURCE_EXHAUSTED with reason OUT_OF_STOCK: each SKU that is short, and what is available.
absl::Status outOfStock(const std::map<std::string, std::int64_t>& available);

} // namespace shopfleet::inventory
