// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/ordersclient.h"
#include "app/pages/orders/verbdialog.h"

/// What support can do to an order in VerbDialog: in words, and as the service is asked for it.
/// `orders` must outlive the dialog.
namespace orderverbs {

VerbDialog::Verb refund(api::OrdersClient& orders, const shopfleet::orders::v1::Order& order);
VerbDialog::Verb takeBack(api::OrdersClient& orders, const shopfleet::orders::v1::Order& order);
VerbDialog::Verb exchange(api::OrdersClient& orders, const shopfleet::orders::v1::Order& order);
VerbDialog::Verb sendAgain(api::OrdersClient& orders, const shopfleet::orders::v1::Order& order);
VerbDialog::Verb takeOut(api::OrdersClient& orders, const shopfleet::orders::v1::Order& order);
VerbDialog::Verb readdress(api::OrdersClient& orders, const shopfleet::orders::v1::Order& order);

} // namespace orderverbs
