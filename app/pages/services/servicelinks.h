// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/widgets/theme/theme.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <QTimer>
#include <QWidget>

namespace api {
class OrdersClient;
}
class QPushButton;

/// From a service to what it does to the store: the orders that wait on it, with their money, and
/// what it failed at.
class ServiceLinks final : public QWidget {
    Q_OBJECT
public:
    explicit ServiceLinks(api::OrdersClient& orders, QWidget* parent = nullptr);

    void showService(const QString& service);
    void openOrders();
    void openTraces();
    void openRollout();
    void openLogs(const QString&
            replica); ///< Of all replicas, if empty. ///< Asks which version comes to it.

Q_SIGNALS:
    void openRequested(const Address& address);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void fetch();
    void refresh();

    api::OrdersClient& m_orders;
    QTimer m_tick;
    QPushButton* m_waiting;
    QPushButton* m_traces;
    QString m_service;
    shopfleet::orders::v1::OrderStats m_stats;
    QString m_error; ///< Why it is not known who waits.
    bool m_asking = false;
    bool m_known = false;
};
