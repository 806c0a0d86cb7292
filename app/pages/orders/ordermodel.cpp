// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/orders/ordermodel.h"

#include "app/models/eventwords.h"
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

void OrderModel::setShowsWaiting(bool shows)
{
    if (shows == m_showsWaiting)
        return;
    beginResetModel();
    m_showsWaiting = shows;
    endResetModel();
}

std::span<const OrderModel::Column> OrderModel::columns() const
{
    static constexpr Column kId = {QT_TRANSLATE_NOOP("OrderModel", "Order"), "id", Kind::Strong,
        104, "id", 0, [](const Order& o) -> QVariant { return format::text(o.id()); }};
    static constexpr Column kStatus
        = {QT_TRANSLATE_NOOP("OrderModel", "Status"), "state", Kind::Badge, 148, "state", 0,
            [](const Order& o) -> QVariant { return QVariant::fromValue(status::of(o)); },
            [](const Order& o) -> QVariant { return format::text(o.waiting().last_error()); }};
    static constexpr Column kTotal
        = {QT_TRANSLATE_NOOP("OrderModel", "Total"), "total", Kind::Figure, 112, "total", 0,
            [](const Order& o) -> QVariant { return format::money(o.total()); }};
    static constexpr Column kUsual[] = {kId, kStatus,
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
        kTotal,
        {QT_TRANSLATE_NOOP("OrderModel", "Placed"), "placed", Kind::Figure, 120, "placed_at", 0,
            [](const Order& o) -> QVariant { return format::when(o.placed_at()); },
            [](const Order& o) -> QVariant { return format::moment(o.placed_at()); }}};
    static constexpr Column kWaiting[] = {kId,
        {kStatus.title, "trouble", Kind::Badge, 116, kStatus.sort, 0, kStatus.value, kStatus.tip},
        {QT_TRANSLATE_NOOP("OrderModel", "Waits on"), "waits", Kind::Text, 112, "waiting_service",
            0, [](const Order& o) -> QVariant { return format::text(o.waiting().service()); }},
        {QT_TRANSLATE_NOOP("OrderModel", "To"), "step", Kind::Text, 148, nullptr, 780,
            [](const Order& o) -> QVariant { return eventwords::step(o.waiting()); },
            [](const Order& o) -> QVariant { return format::text(o.waiting().method()); }},
        {QT_TRANSLATE_NOOP("OrderModel", "Why"), "error", Kind::Text, 0, nullptr, 0,
            [](const Order& o) -> QVariant { return eventwords::reason(o.waiting()); },
            [](const Order& o) -> QVariant { return format::text(o.waiting().last_error()); }},
        {kTotal.title, "money", Kind::Figure, 96, kTotal.sort, 0, kTotal.value},
        {QT_TRANSLATE_NOOP("OrderModel", "Since"), "since", Kind::Figure, 104, nullptr, 0,
            [](const Order& o) -> QVariant {
                return o.has_waiting() ? format::when(o.waiting().since()) : QString();
            },
            [](const Order& o) -> QVariant {
                return o.has_waiting() ? format::moment(o.waiting().since()) : QString();
            }}};
    if (m_showsWaiting)
        return kWaiting;
    return kUsual;
}
