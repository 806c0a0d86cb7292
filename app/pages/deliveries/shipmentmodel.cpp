// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/deliveries/shipmentmodel.h"

#include "app/models/format.h"
#include "app/models/status.h"

using shopfleet::deliveries::v1::Shipment;
using table::Kind;

ShipmentModel::ShipmentModel(api::DeliveriesClient& deliveries, QObject* parent)
    : WindowedModel(parent)
    , m_deliveries(deliveries)
{
}

api::Reply<shopfleet::deliveries::v1::ListShipmentsResponse> ShipmentModel::list(
    const ListQuery& query)
{
    return m_deliveries.listShipments(
        makeRequest<shopfleet::deliveries::v1::ListShipmentsRequest>(query));
}

std::span<const ShipmentModel::Column> ShipmentModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("ShipmentModel", "Shipment"), "id", Kind::Strong, 128, "id", 0,
            [](const Shipment& s) -> QVariant { return format::text(s.id()); }},
        {QT_TRANSLATE_NOOP("ShipmentModel", "Status"), "state", Kind::Badge, 132, "state", 0,
            [](const Shipment& s) -> QVariant { return QVariant::fromValue(status::of(s)); }},
        {QT_TRANSLATE_NOOP("ShipmentModel", "Order"), "order", Kind::Text, 104, "order_id", 0,
            [](const Shipment& s) -> QVariant { return format::text(s.order_id()); }},
        {QT_TRANSLATE_NOOP("ShipmentModel", "Contents"), "contents", Kind::Text, 0, nullptr, 620,
            [](const Shipment& s) -> QVariant {
                return s.lines().empty()
                    ? QVariant()
                    : QVariant(format::text(
                        s.lines(0).title().empty() ? s.lines(0).sku() : s.lines(0).title()));
            },
            nullptr,
            [](const Shipment& s) -> QVariant {
                return s.lines_size() > 1 ? QVariant(QStringLiteral("+%1").arg(s.lines_size() - 1))
                                          : QVariant();
            }},
        {QT_TRANSLATE_NOOP("ShipmentModel", "Country"), "country", Kind::Text, 128, "country", 760,
            [](const Shipment& s) -> QVariant { return format::text(s.address().country()); }},
        {QT_TRANSLATE_NOOP("ShipmentModel", "Tracking"), "tracking", Kind::Text, 136,
            "tracking_number", 880,
            [](const Shipment& s) -> QVariant {
                return s.tracking_number().empty() ? QStringLiteral("–")
                                                   : format::text(s.tracking_number());
            }},
        {QT_TRANSLATE_NOOP("ShipmentModel", "Planned"), "created", Kind::Figure, 128, "created_at",
            0, [](const Shipment& s) -> QVariant { return format::when(s.created_at()); },
            [](const Shipment& s) -> QVariant { return format::moment(s.created_at()); }},
    };
    return kColumns;
}
