// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/page.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QHash>

namespace api {
class ControlClient;
class OrdersClient;
} // namespace api
namespace table {
class TreeView;
}
namespace states {
class Pane;
}
namespace parts {
class BusyButton;
class ElidedLabel;
class Label;
} // namespace parts
class ChartChips;
class FleetState;
class FleetModel;
class QMenu;
class QModelIndex;
class QPushButton;
class ServiceCharts;
class ServiceLinks;
class ServiceVerbs;

/// Each service and replica: how it is, what it does, over time; and how many of it there should
/// be.
class ServicesPage final : public Page {
    Q_OBJECT
public:
    ServicesPage(const theme::Theme& theme, FleetState& fleet, api::ControlClient& control,
        api::OrdersClient& orders, QWidget* parent = nullptr);

    QString name() const override { return QStringLiteral("services"); }
    PageInfo info() const override;
    QWidget* keyboardStart() override;
    bool open(const Address& address) override;
    Address address() const override;
    bool isReady() const override;
    QList<PageKey> keys() const override;
    std::optional<theme::Status> health() const override;

private:
    QWidget* buildStrip();
    void select(const QString& id);
    void follow();
    void tell(const shopfleet::control::v1::Event& event);
    void fillMenu(QMenu& menu, const QModelIndex& index);
    void step(int by);
    void scale();
    QString replica() const; ///< That is chosen; empty: the service is.

    const theme::Theme& m_theme;
    FleetState& m_fleet;
    api::ControlClient& m_control;
    FleetModel* m_model;
    table::TreeView* m_tree;
    states::Pane* m_pane;
    ServiceCharts* m_charts;
    parts::Label* m_title;
    ServiceLinks* m_links;
    ServiceVerbs* m_verbs;
    parts::ElidedLabel* m_detail;
    ChartChips* m_chips;
    QPushButton* m_less;
    parts::Label* m_number;
    QPushButton* m_more;
    parts::BusyButton* m_scale;
    QPushButton* m_policy;
    QPushButton* m_restart;
    QHash<QString, shopfleet::control::v1::Event> m_died; ///< By replica, until it serves again.
    QString m_service;
    std::optional<int> m_wantedReplicas; ///< What the user set, until it is asked for by Scale.
    Address m_wanted; ///< Until the fleet is known.
};
