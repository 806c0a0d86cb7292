// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "orders_schema.h"
#include "services/orders/rules.h"
#include "services/orders/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/testing.h"

#include <QByteArray>

#include <cstdint>
#include <string>

/// Made-up orders for the store's tests, and the store that takes them.
namespace shopfleet::orders {

inline constexpr int kOrders = 600;
inline constexpr std::int64_t kStart = 1'291'191'960; // 2010-12-01 08:26.

inline v1::OrderLine line(v1::LineKind kind, const std::string& sku, const std::string& title,
    std::int64_t quantity, std::int64_t total)
{
    v1::OrderLine line;
    line.set_kind(kind);
    line.set_sku(sku);
    line.set_title(title);
    line.set_quantity(quantity);
    line.mutable_total()->set_currency("GBP");
    line.mutable_total()->set_minor(total);
    return line;
}

/// Orders that differ in all that a list looks at; every fifth shares its minute with the one
/// before.
inline v1::Order order(int i)
{
    v1::Order order;
    order.set_id(std::to_string(536'000 + i));
    order.set_kind(i % 50 == 7 ? v1::ORDER_KIND_CREDIT : v1::ORDER_KIND_SALE);
    order.set_state(i % 50 == 7 ? v1::ORDER_STATE_REFUNDED
            : i % 10 == 3       ? v1::ORDER_STATE_CANCELLED
                                : v1::ORDER_STATE_DELIVERED);
    order.set_customer_id(i % 4 ? std::to_string(12'000 + i % 30) : "");
    order.set_customer_name(i % 3 ? "Jane Müller" : "John O'Neill");
    order.set_email("person" + std::to_string(i % 30) + "@example.com");
    order.set_country(i % 7 ? "United Kingdom" : "France");
    order.set_origin("import:test");
    order.mutable_placed_at()->set_seconds(kStart + std::int64_t{i - (i % 5 == 4)} * 3'660);
    order.add_payment_ids("P-" + order.id());
    *order.add_lines()
        = line(v1::LINE_KIND_PRODUCT, "85123A", "WHITE HANGING HEART", 1 + i % 9, 100 + i);
    if (i % 2)
        *order.add_lines() = line(
            v1::LINE_KIND_PRODUCT, "2263" + std::to_string(i % 10), "RED RETROSPOT BAG", 2, 250);
    order.mutable_total()->set_currency("GBP");
    order.mutable_total()->set_minor(100 + i + (i % 2 ? 250 : 0));
    return order;
}

inline v1::ImportOrdersRequest importOf(int from, int to)
{
    v1::ImportOrdersRequest request;
    for (int i = from; i < to; ++i)
        *request.add_orders() = order(i);
    if (auto status = checkImport(request); !status.ok())
        qFatal("%s", std::string(status.message()).c_str());
    return request;
}

inline QByteArray sayOf(const absl::Status& status)
{
    return QByteArray::fromStdString(status.ToString());
}

inline absl::StatusOr<v1::ImportOrdersResponse> importInto(
    runtime::TestDatabase& database, Writes& writes, const v1::ImportOrdersRequest& request)
{
    v1::ImportOrdersResponse response;
    const auto status = database.write([&](runtime::Connection& db) {
        auto result = writes.import(db, request, {"staff:owner", "", runtime::nowUs()});
        if (result.ok())
            response = *result;
        return result.status();
    });
    if (!status.ok())
        return status;
    return response;
}

} // namespace shopfleet::orders
