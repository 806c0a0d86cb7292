// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"
#include "shopfleet/accounts/v1/accounts.pb.h"
#include "shopfleet/control/v1/control.pb.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"
#include "shopfleet/inventory/v1/inventory.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

/// Each state's word, shape and tone: the one place that says how a fact of a contract looks.
/// An unknown value of a newer service is Unknown, never healthy.
namespace status {

/// The order as a whole: "Stuck" and "On hold" go before its state.
theme::Status of(const shopfleet::orders::v1::Order& order);
theme::Status of(shopfleet::orders::v1::OrderState state);
theme::Status of(shopfleet::inventory::v1::ProductState state);
theme::Status of(shopfleet::accounts::v1::CustomerState state);
/// The shipment as a whole: that the carrier has not answered goes before its state.
theme::Status of(const shopfleet::deliveries::v1::Shipment& shipment);
theme::Status of(shopfleet::deliveries::v1::ShipmentState state);
theme::Status of(shopfleet::control::v1::State state);
/// Do the books hold? Unknown while nobody has looked, or could.
theme::Status of(shopfleet::control::v1::RolloutState state);
theme::Status of(const shopfleet::control::v1::Integrity& integrity);

/// A timeline's entry.
theme::Shape shape(shopfleet::common::v1::Severity severity);
theme::Tone tone(shopfleet::common::v1::Severity severity);

} // namespace status
