// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QTimer>

namespace api {
class ControlClient;
}
class IncidentModel;
class IncidentPanel;

/// When services were not as they usually are, and who was likeliest to be the cause. An incident
/// is told of on whatever page the user is.
class IncidentsPage final : public ListPage {
    Q_OBJECT
public:
    IncidentsPage(
        const theme::Theme& theme, api::ControlClient& control, QWidget* parent = nullptr);
    ~IncidentsPage() override;

    PageInfo info() const override;
    QList<PageKey> keys() const override;
    std::optional<qint64> count() const override; ///< Those that are open.

private:
    IncidentsPage(const theme::Theme& theme, api::ControlClient& control, IncidentModel* model,
        IncidentPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override;

    void look();
    void take(const shopfleet::control::v1::ListIncidentsResponse& newest);

    api::ControlClient& m_control;
    IncidentModel* m_model;
    IncidentPanel* m_panel;
    QTimer m_tick;
    QString m_shown;
    QString m_told; ///< The last that the user heard of.
    QString m_suspected; ///< At the last look.
    std::optional<qint64> m_open; ///< Unknown until it was said.
    bool m_asking = false;
};
