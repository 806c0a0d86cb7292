// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"
#include "shopfleet/control/v1/control.pb.h"

namespace api {
class ControlClient;
}
class EventModel;
class EventPanel;

/// What happened to the fleet, and who did it: newest first, as it happens.
class EventsPage final : public ListPage {
    Q_OBJECT
public:
    EventsPage(const theme::Theme& theme, api::ControlClient& control, QWidget* parent = nullptr);
    ~EventsPage() override;

    PageInfo info() const override;
    QList<PageKey> keys() const override;
    std::optional<qint64> count() const override { return {}; } // They only become more.

private:
    EventsPage(const theme::Theme& theme, api::ControlClient& control, EventModel* model,
        EventPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override { return !m_fetching; }

    api::ControlClient& m_control;
    EventModel* m_model;
    EventPanel* m_panel;
    std::unique_ptr<api::Feed> m_feed;
    QString m_shown;
    bool m_fetching = false;
};
