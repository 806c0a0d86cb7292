// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"

namespace api {
class OrdersClient;
}
class ManyPanel;
class OrderModel;
class OrderPanel;
class QStackedWidget;

/// What customers bought, and what each order waits on.
class OrdersPage final : public ListPage {
    Q_OBJECT
public:
    OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, QWidget* parent = nullptr);
    ~OrdersPage() override;

    QList<PageKey> keys() const override;

private:
    OrdersPage(const theme::Theme& theme, api::OrdersClient& orders, OrderModel* model,
        QStackedWidget* panels, QWidget* parent);

    void showSelection(); ///< One order, or several together.
    void resume() const;

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override;
    bool isPanelReady() const override;

    OrderModel* m_model;
    QStackedWidget* m_panels;
    OrderPanel* m_panel;
    ManyPanel* m_many;
    std::unique_ptr<api::Feed> m_feed;
};
