// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/eventstore.h"

#include "services/runtime/changes.h"
#include "services/runtime/clock.h"

namespace shopfleet::orders {

absl::Status addEvent(runtime::Connection& db, const std::string& orderId, const std::string& kind,
    common::v1::Severity severity, const Facts& facts, const Cause& cause)
{
    common::v1::TimelineEvent event;
    event.set_kind(kind);
    event.set_severity(severity);
    event.mutable_actor()->set_id(cause.actor);
    event.mutable_actor()->set_service("orders");
    event.mutable_actor()->set_version(SHOPFLEET_VERSION);
    event.set_trace_id(cause.traceId);
    for (const auto& [name, value] : facts)
        (*event.mutable_facts())[name] = value;
    return db
        .execute(R"sql(
            INSERT INTO event (order_id, number, at, body) VALUES (:1,
                (SELECT coalesce(max(number), 0) + 1 FROM event WHERE order_id = :2), :3, :4))sql",
            orderId, orderId, cause.now, event.SerializeAsString())
        .status();
}

absl::Status readTimeline(runtime::Connection& db, v1::Order& order)
{
    auto events = db.select(
        "SELECT number, at, body FROM event WHERE order_id = :1 ORDER BY number",
        [&](std::int64_t number, std::int64_t at, const std::string& body) {
            common::v1::TimelineEvent event;
            event.ParseFromString(body);
            event.set_id(order.id() + "/" + std::to_string(number));
            *event.mutable_at() = runtime::toTimestamp(at);
            return event;
        },
        order.id());
    if (!events.ok())
        return events.status();
    for (auto& event : *events)
        *order.add_timeline() = std::move(event);
    return absl::OkStatus();
}

} // namespace shopfleet::orders
