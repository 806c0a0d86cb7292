// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"

namespace api {
class OrdersClient;
}
class OrderModel;
class OrderPanel;

/// What customers bought, and what each order waits on.
class OrdersPage final : public ListPage {
    Q_OBJECT
public:
    OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent = nullptr);
    ~OrdersPage() override;

    QList<PageKey> keys() const override;

private:
    OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, OrderModel* model,
        OrderPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override;
    bool isPanelReady() const override;

    OrderModel* m_model;
    OrderPanel* m_panel;
    std::unique_ptr<api::Feed> m_feed;
};
