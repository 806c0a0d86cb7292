// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/accountsclient.h"
#include "app/models/windowedmodel.h"

/// The customers that match what is asked for.
class CustomerModel final : public WindowedModel<shopfleet::accounts::v1::Customer,
                                shopfleet::accounts::v1::ListCustomersResponse> {
    Q_OBJECT
public:
    explicit CustomerModel(api::AccountsClient& accounts, QObject* parent = nullptr);

private:
    api::Reply<shopfleet::accounts::v1::ListCustomersResponse> list(
        const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::accounts::v1::Customer>& itemsOf(
        const shopfleet::accounts::v1::ListCustomersResponse& page) const override
    {
        return page.customers();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("created_at desc"); }

    api::AccountsClient& m_accounts;
};
