// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/ordersclient.h"
#include "app/models/windowedmodel.h"

/// The orders that match what is asked for.
class OrderModel final : public WindowedModel<shopfleet::orders::v1::Order,
                             shopfleet::orders::v1::ListOrdersResponse> {
    Q_OBJECT
public:
    explicit OrderModel(api::OrdersClient& orders, QObject* parent = nullptr);

    /// Shows what each order waits on, since when, and why, in place of what was bought.
    void setShowsWaiting(bool shows);

private:
    api::Reply<shopfleet::orders::v1::ListOrdersResponse> list(const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::orders::v1::Order>& itemsOf(
        const shopfleet::orders::v1::ListOrdersResponse& page) const override
    {
        return page.orders();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("placed_at desc"); }

    api::OrdersClient& m_orders;
    bool m_showsWaiting = false;
};
