// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/inventoryclient.h"
#include "app/models/windowedmodel.h"

/// The products that match what is asked for.
class ProductModel final : public WindowedModel<shopfleet::inventory::v1::Product,
                               shopfleet::inventory::v1::ListProductsResponse> {
    Q_OBJECT
public:
    explicit ProductModel(api::InventoryClient& inventory, QObject* parent = nullptr);

private:
    api::Reply<shopfleet::inventory::v1::ListProductsResponse> list(
        const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::inventory::v1::Product>& itemsOf(
        const shopfleet::inventory::v1::ListProductsResponse& page) const override
    {
        return page.products();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("title"); }

    api::InventoryClient& m_inventory;
};
