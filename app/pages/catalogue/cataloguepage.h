// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"

namespace api {
class InventoryClient;
}
class ProductModel;
class ProductPanel;

/// What is sold, at what price, and how many there are.
class CataloguePage final : public ListPage {
    Q_OBJECT
public:
    CataloguePage(
        const theme::Theme& theme, api::InventoryClient& inventory, QWidget* parent = nullptr);
    ~CataloguePage() override;

private:
    CataloguePage(const theme::Theme& theme, api::InventoryClient& inventory, ProductModel* model,
        ProductPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override;

    api::InventoryClient& m_inventory;
    ProductModel* m_model;
    ProductPanel* m_panel;
    std::unique_ptr<api::Feed> m_feed;
    QString m_shown;
    bool m_fetching = false;
};
