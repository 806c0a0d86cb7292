// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"
#include "shopfleet/control/v1/control.pb.h"

namespace api {
class ControlClient;
}
class FleetState;
class RolloutModel;
class RolloutPanel;

/// Versions on their way to the services, and all that were: step by step, against the stable one,
/// with what can be done about it.
class RolloutsPage final : public ListPage {
    Q_OBJECT
public:
    RolloutsPage(const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet,
        QWidget* parent = nullptr);
    ~RolloutsPage() override;

    /// `new=SERVICE` asks which version comes to it.
    bool open(const Address& address) override;
    PageInfo info() const override;
    QList<PageKey> keys() const override;
    /// Only those that are under way.
    std::optional<qint64> count() const override;

private:
    RolloutsPage(const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet,
        RolloutModel* model, RolloutPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override;

    void take(const shopfleet::control::v1::WatchRolloutsResponse& news);
    void tell(const shopfleet::control::v1::Rollout& rollout);
    void askForNew(const QString& service);

    api::ControlClient& m_control;
    const FleetState& m_fleet;
    RolloutModel* m_model;
    RolloutPanel* m_panel;
    std::unique_ptr<api::Feed> m_feed;
    QHash<QString, shopfleet::control::v1::RolloutState> m_underWay;
    QDateTime m_updated;
    QString m_shown;
    bool m_fetching = false;
    bool m_heard = false; ///< What was already over when this began is no news.
};
