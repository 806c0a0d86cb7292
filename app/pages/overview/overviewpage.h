// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/ordersclient.h"
#include "app/page.h"
#include "app/widgets/charts/chartgroup.h"

#include <QTimer>

namespace charts {
class TimeChart;
}
namespace panel {
class Figure;
}
class FleetState;
class QVBoxLayout;

/// The store and the fleet at a glance: orders and money over time, what waits and on whom, how
/// each service is.
class OverviewPage final : public Page {
    Q_OBJECT
public:
    OverviewPage(const theme::Theme& theme, api::OrdersClient& orders, FleetState& fleet,
        QWidget* parent = nullptr);

    QString name() const override { return QStringLiteral("overview"); }
    PageInfo info() const override;
    bool open(const Address& address) override;
    Address address() const override { return {name(), {}, {}}; }
    bool isReady() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void fetch();
    void take(const shopfleet::orders::v1::OrderStats& stats);
    void showCharts(const shopfleet::orders::v1::OrderStats& stats);
    void showWaiting(const shopfleet::orders::v1::OrderStats& stats);
    void showFleet();
    void showBooks();

    const theme::Theme& m_theme;
    api::OrdersClient& m_orders;
    FleetState& m_fleet;
    panel::Figure* m_total;
    panel::Figure* m_rate;
    panel::Figure* m_revenue;
    panel::Figure* m_waiting;
    panel::Figure* m_services;
    charts::ChartGroup m_group;
    charts::TimeChart* m_ordersChart;
    charts::TimeChart* m_revenueChart;
    QVBoxLayout* m_waitingList;
    QVBoxLayout* m_fleetList;
    QVBoxLayout* m_books;
    QTimer m_tick;
    std::string m_currency;
    QDateTime m_updated;
    QDateTime m_failedSince;
    QString m_error;
    bool m_asking = false;
};
