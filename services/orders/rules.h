// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

// What an order may be and become. Pure: no clock, no database, no calls.
namespace shopfleet::orders {

struct Progress;

/// The state machine: whether an order may go from one state to another.
bool mayMove(v1::OrderState from, v1::OrderState to);

/// Nothing moves it any more.
bool isFinal(v1::OrderState state);

/// Whether a customer has his answer: promised, or refused.
bool isDecided(v1::OrderState state);

/// Whether its money belongs into revenue: sales and credits that are neither rejected nor
/// cancelled.
bool isRevenue(const v1::Order& order);

/// Imported or made up: it has no money and no parcels of ours.
bool isOfElsewhere(const v1::Order& order);

/// Whether it may still be called off: promised or on the way there, and not shipped.
bool isCancellable(v1::OrderState state);

/// Fills what follows from the lines (sums, units, line_count, first_title, ids of lines) and holds
/// what was given against it. The error names the field, beginning with `path` ("orders[3]").
absl::Status settleSums(v1::Order& order, const std::string& path);

/// The sums of lines that have changed; the total is what they add up to.
absl::Status settleAnew(v1::Order& order);

/// What an import may bring: a past order, complete and consistent. Calls settleSums.
absl::Status checkImported(v1::Order& order, const std::string& path);
absl::Status checkImport(v1::ImportOrdersRequest& request);

/// Before shipping, of an order of our own, once, and not while its parcel is repacked. `underWay`:
/// null where nothing is.
absl::Status checkCancel(const v1::Order& order, const Progress* underWay);

absl::Status checkPlace(const v1::PlaceOrderRequest& request);
/// Its fields, whatever the order is like; and whether this order may be changed so.
absl::Status checkUpdate(const v1::UpdateOrderRequest& request);
absl::Status checkUpdate(const v1::Order& order, const Progress* underWay);
absl::Status checkAnnotate(const v1::AnnotateOrderRequest& request);

/// Text that people typed: at most `most` bytes and no control characters but the line break.
absl::Status checkText(std::string_view text, std::string_view field, std::size_t most);

/// A fingerprint of an imported order's content, the same in every process and on every day.
std::int64_t contentHash(const v1::Order& order);
std::int64_t bytesHash(std::string_view bytes);

constexpr int kMostImported = 1000;
constexpr int kMostLines = 10'000;
constexpr std::int64_t kLargestQuantity = 1'000'000'000;

} // namespace shopfleet::orders
