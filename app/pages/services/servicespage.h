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
class Chip;
class ElidedLabel;
class Label;
} // namespace parts
class FleetState;
class FleetModel;
class QPushButton;
class ServiceCharts;
class ServiceLinks;

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
    void dismissNotice() override;
    std::optional<theme::Status> health() const override;

private:
    QWidget* buildStrip();
    void select(const QString& id);
    void follow();
    void tell(const shopfleet::control::v1::Event& event);
    void chooseRange();
    void step(int by);
    void scale();
    void restart();

    const theme::Theme& m_theme;
    FleetState& m_fleet;
    api::ControlClient& m_control;
    FleetModel* m_model;
    table::TreeView* m_tree;
    states::Pane* m_pane;
    ServiceCharts* m_charts;
    parts::Label* m_title;
    ServiceLinks* m_links;
    parts::ElidedLabel* m_detail;
    parts::Chip* m_range;
    QPushButton* m_pause;
    QPushButton* m_less;
    parts::Label* m_number;
    QPushButton* m_more;
    parts::BusyButton* m_scale;
    parts::BusyButton* m_restart;
    std::optional<Notice> m_notice;
    QHash<QString, shopfleet::control::v1::Event> m_died; ///< By replica, until it serves again.
    QString m_service;
    int m_desired = 0; ///< What the user set; asked for by Scale.
    QString m_wanted; ///< From an address, until the fleet is known.
};
