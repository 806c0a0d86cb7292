// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/ordermodel.h"

#include "app/models/format.h"
#include "app/models/status.h"

#include <QRegularExpression>

using shopfleet::orders::v1::Order;
using table::Kind;

OrderModel::OrderModel(api::OrdersClient& orders, QObject* parent)
    : WindowedModel(parent)
    , m_orders(orders)
{
}

api::Reply<shopfleet::orders::v1::ListOrdersResponse> OrderModel::list(const ListQuery& query)
{
    return m_orders.listOrders(makeRequest<shopfleet::orders::v1::ListOrdersRequest>(query));
}

std::span<const OrderModel::Column> OrderModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("OrderModel", "Order"), "id", Kind::Strong, 104, "id", 0,
            [](const Order& o) -> QVariant { return format::text(o.id()); }},
        {QT_TRANSLATE_NOOP("OrderModel", "Status"), "state", Kind::Badge, 148, "state", 0,
            [](const Order& o) -> QVariant { return QVariant::fromValue(status::of(o)); },
            [](const Order& o) -> QVariant { return format::text(o.waiting().last_error()); }},
        {QT_TRANSLATE_NOOP("OrderModel", "Customer"), "customer", Kind::Text, 112, "customer_id",
            720,
            [](const Order& o) -> QVariant {
                if (!o.customer_name().empty())
                    return format::text(o.customer_name());
                return o.customer_id().empty() ? QCoreApplication::translate("OrderModel", "Guest")
                                               : format::text(o.customer_id());
            },
            [](const Order& o) -> QVariant {
                return QStringList({format::text(o.customer_name()), format::text(o.customer_id()),
                                       format::text(o.email()), format::text(o.country())})
                    .filter(QRegularExpression(QStringLiteral(".")))
                    .join(QStringLiteral("\n"));
            }},
        {QT_TRANSLATE_NOOP("OrderModel", "Items"), "items", Kind::Text, 0, nullptr, 0,
            [](const Order& o) -> QVariant { return format::text(o.first_title()); }, nullptr,
            [](const Order& o) -> QVariant {
                return o.line_count() > 1 ? QVariant(QStringLiteral("+%1").arg(o.line_count() - 1))
                                          : QVariant();
            }},
        {QT_TRANSLATE_NOOP("OrderModel", "Units"), "units", Kind::Figure, 68, "units", 660,
            [](const Order& o) -> QVariant { return format::count(o.units()); }},
        {QT_TRANSLATE_NOOP("OrderModel", "Total"), "total", Kind::Figure, 112, "total", 0,
            [](const Order& o) -> QVariant { return format::money(o.total()); }},
        {QT_TRANSLATE_NOOP("OrderModel", "Placed"), "placed", Kind::Figure, 120, "placed_at", 0,
            [](const Order& o) -> QVariant { return format::when(o.placed_at()); },
            [](const Order& o) -> QVariant { return format::moment(o.placed_at()); }},
    };
    return kColumns;
}
