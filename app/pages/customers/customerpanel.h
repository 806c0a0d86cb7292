// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/api/accountsclient.h"
#include "app/api/ordersclient.h"
#include "app/widgets/panel.h"

/// The selected customer: who, where, and what they ordered last, with the sum of it.
class CustomerPanel final : public panel::Panel {
    Q_OBJECT
public:
    CustomerPanel(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent = nullptr);

    void show(const shopfleet::accounts::v1::Customer& customer);
    void showNothing();
    bool isReady() const { return !m_loading; }

Q_SIGNALS:
    void openRequested(const Address& address);
    void loaded();

private:
    void fetchOrders();
    void rebuild();
    void addOrders();

    api::OrdersClient& m_orders;
    shopfleet::accounts::v1::Customer m_customer;
    shopfleet::orders::v1::ListOrdersResponse m_latest;
    QString m_error;
    bool m_loading = false;
    int m_generation = 0;
};
