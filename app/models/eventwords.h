// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/timeline/timeline.h"
#include "shopfleet/common/v1/common.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

/// A service's fact as a sentence: services record "stock.reserved", people read "Stock reserved".
namespace eventwords {

/// A kind that a newer service made up is shown as it is: better a plain word than nothing.
Timeline::Event describe(const shopfleet::common::v1::TimelineEvent& event);

/// What an order waits for its service to do: "authorise the payment".
QString step(const shopfleet::orders::v1::Waiting& waiting);
/// Why it waits, in a line; the whole error is for whoever looks closer.
QString reason(const shopfleet::orders::v1::Waiting& waiting);

} // namespace eventwords
