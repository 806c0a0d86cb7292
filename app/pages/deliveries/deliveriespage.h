// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"

namespace api {
class DeliveriesClient;
}
class ShipmentModel;
class ShipmentPanel;

/// The goods' way to the customers.
class DeliveriesPage final : public ListPage {
    Q_OBJECT
public:
    DeliveriesPage(
        const theme::Theme& theme, api::DeliveriesClient& deliveries, QWidget* parent = nullptr);
    ~DeliveriesPage() override;

    QList<PageKey> keys() const override;

private:
    DeliveriesPage(const theme::Theme& theme, api::DeliveriesClient& deliveries,
        ShipmentModel* model, ShipmentPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override;

    api::DeliveriesClient& m_deliveries;
    ShipmentModel* m_model;
    ShipmentPanel* m_panel;
    std::unique_ptr<api::Feed> m_feed;
    QString m_shown;
    bool m_fetching = false;
};
