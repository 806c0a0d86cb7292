// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/deliveriesclient.h"
#include "app/models/windowedmodel.h"

/// The shipments that match what is asked for.
class ShipmentModel final : public WindowedModel<shopfleet::deliveries::v1::Shipment,
                                shopfleet::deliveries::v1::ListShipmentsResponse> {
    Q_OBJECT
public:
    explicit ShipmentModel(api::DeliveriesClient& deliveries, QObject* parent = nullptr);

private:
    api::Reply<shopfleet::deliveries::v1::ListShipmentsResponse> list(
        const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::deliveries::v1::Shipment>& itemsOf(
        const shopfleet::deliveries::v1::ListShipmentsResponse& page) const override
    {
        return page.shipments();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("created_at desc"); }

    api::DeliveriesClient& m_deliveries;
};
