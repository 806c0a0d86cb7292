// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/listpage.h"

namespace api {
class AccountsClient;
class OrdersClient;
} // namespace api
class CustomerModel;
class CustomerPanel;

/// Who buys, and what each of them bought.
class CustomersPage final : public ListPage {
    Q_OBJECT
public:
    CustomersPage(const theme::Theme& theme, api::AccountsClient& accounts,
        api::OrdersClient& orders, QWidget* parent = nullptr);
    ~CustomersPage() override;

private:
    CustomersPage(const theme::Theme& theme, api::AccountsClient& accounts, CustomerModel* model,
        CustomerPanel* panel, QWidget* parent);

    QString countText(int total, bool capped) const override;
    void showRow(int row) override;
    void showId(const QString& id) override;
    QString shownId() const override { return m_shown; }
    bool isPanelReady() const override;

    api::AccountsClient& m_accounts;
    CustomerModel* m_model;
    CustomerPanel* m_panel;
    std::unique_ptr<api::Feed> m_feed;
    QString m_shown;
    bool m_fetching = false;
};
