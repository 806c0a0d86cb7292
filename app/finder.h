// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class MainWindow;
class FleetState;
namespace api {
class AccountsClient;
class DeliveriesClient;
class InventoryClient;
class OrdersClient;
} // namespace api

/// What Ctrl+K finds beside pages and commands: orders, customers, products, shipments and
/// services, by whatever the services themselves search.
void addFinders(MainWindow& window, api::OrdersClient& orders, api::AccountsClient& accounts,
    api::InventoryClient& inventory, api::DeliveriesClient& deliveries, const FleetState& fleet);
