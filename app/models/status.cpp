// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/status.h"

#include <QCoreApplication>

namespace status {
namespace {

using theme::Shape;
using theme::Status;
using theme::Tone;

Status make(const char* word, Shape shape, Tone tone, bool needsSomeone = false)
{
    return {QCoreApplication::translate("status", word), shape, tone, needsSomeone};
}

Status unknown()
{
    return make(QT_TRANSLATE_NOOP("status", "Unknown"), Shape::Question, Tone::Quiet);
}

/// A step that failed and is tried again is slow; used-up tries, or a minute, make it stuck.
constexpr int kStuckAttempts = 3;

} // namespace

Status of(const shopfleet::orders::v1::Order& order)
{
    const auto& waiting = order.waiting();
    if (order.has_waiting() && (waiting.needs_person() || waiting.attempts() >= kStuckAttempts))
        return make(QT_TRANSLATE_NOOP("status", "Stuck"), Shape::Triangle, Tone::Warn, true);
    if (order.held())
        return make(QT_TRANSLATE_NOOP("status", "On hold"), Shape::Dashed, Tone::Warn, true);
    if (order.kind() == shopfleet::orders::v1::ORDER_KIND_ADJUSTMENT)
        return make(QT_TRANSLATE_NOOP("status", "Adjustment"), Shape::Dashed, Tone::Quiet);
    return of(order.state());
}

Status of(shopfleet::orders::v1::OrderState state)
{
    using namespace shopfleet::orders::v1;
    switch (state) {
    case ORDER_STATE_CREATED:
        return make(QT_TRANSLATE_NOOP("status", "Placed"), Shape::Disc, Tone::Quiet);
    case ORDER_STATE_RESERVED:
        return make(QT_TRANSLATE_NOOP("status", "Reserved"), Shape::Quarter, Tone::Progress);
    case ORDER_STATE_AUTHORISED:
        return make(QT_TRANSLATE_NOOP("status", "Authorised"), Shape::Half, Tone::Progress);
    case ORDER_STATE_CONFIRMED:
        return make(QT_TRANSLATE_NOOP("status", "Confirmed"), Shape::Half, Tone::Progress);
    case ORDER_STATE_SHIPPED:
        return make(QT_TRANSLATE_NOOP("status", "Shipped"), Shape::ThreeQuarters, Tone::Progress);
    case ORDER_STATE_DELIVERED:
        return make(QT_TRANSLATE_NOOP("status", "Delivered"), Shape::Tick, Tone::Good);
    case ORDER_STATE_CANCELLED:
        return make(QT_TRANSLATE_NOOP("status", "Cancelled"), Shape::Dashed, Tone::Quiet);
    case ORDER_STATE_REJECTED:
        return make(QT_TRANSLATE_NOOP("status", "Rejected"), Shape::Square, Tone::Bad);
    case ORDER_STATE_RETURNED:
        return make(QT_TRANSLATE_NOOP("status", "Returned"), Shape::Dashed, Tone::Quiet);
    case ORDER_STATE_REFUNDED:
        return make(QT_TRANSLATE_NOOP("status", "Refunded"), Shape::Dashed, Tone::Quiet);
    default:
        return unknown();
    }
}

Status of(shopfleet::inventory::v1::ProductState state)
{
    using namespace shopfleet::inventory::v1;
    switch (state) {
    case PRODUCT_STATE_ACTIVE:
        return make(QT_TRANSLATE_NOOP("status", "On sale"), Shape::Disc, Tone::Good);
    case PRODUCT_STATE_DRAFT:
        return make(QT_TRANSLATE_NOOP("status", "Draft"), Shape::Dashed, Tone::Quiet);
    case PRODUCT_STATE_ARCHIVED:
        return make(QT_TRANSLATE_NOOP("status", "Archived"), Shape::Dashed, Tone::Quiet);
    default:
        return unknown();
    }
}

Status of(shopfleet::accounts::v1::CustomerState state)
{
    using namespace shopfleet::accounts::v1;
    switch (state) {
    case CUSTOMER_STATE_ACTIVE:
        return make(QT_TRANSLATE_NOOP("status", "Active"), Shape::Disc, Tone::Good);
    case CUSTOMER_STATE_BLOCKED:
        return make(QT_TRANSLATE_NOOP("status", "Blocked"), Shape::Square, Tone::Bad);
    case CUSTOMER_STATE_ERASED:
        return make(QT_TRANSLATE_NOOP("status", "Erased"), Shape::Dashed, Tone::Quiet);
    default:
        return unknown();
    }
}

Status of(const shopfleet::deliveries::v1::Shipment& shipment)
{
    if (!shipment.has_handover())
        return of(shipment.state());
    const auto* word = QT_TRANSLATE_NOOP("status", "Handing over");
    return shipment.handover().last_error().empty() ? make(word, Shape::Quarter, Tone::Progress)
                                                    : make(word, Shape::Triangle, Tone::Warn, true);
}

Status of(shopfleet::deliveries::v1::ShipmentState state)
{
    using namespace shopfleet::deliveries::v1;
    switch (state) {
    case SHIPMENT_STATE_PLANNED:
        return make(QT_TRANSLATE_NOOP("status", "Planned"), Shape::Disc, Tone::Quiet);
    case SHIPMENT_STATE_DISPATCHED:
        return make(QT_TRANSLATE_NOOP("status", "Dispatched"), Shape::Quarter, Tone::Progress);
    case SHIPMENT_STATE_PICKED_UP:
        return make(QT_TRANSLATE_NOOP("status", "Picked up"), Shape::Half, Tone::Progress);
    case SHIPMENT_STATE_IN_TRANSIT:
        return make(
            QT_TRANSLATE_NOOP("status", "In transit"), Shape::ThreeQuarters, Tone::Progress);
    case SHIPMENT_STATE_DELIVERED:
        return make(QT_TRANSLATE_NOOP("status", "Delivered"), Shape::Tick, Tone::Good);
    case SHIPMENT_STATE_RETURNED:
        return make(QT_TRANSLATE_NOOP("status", "Returned"), Shape::Dashed, Tone::Quiet);
    case SHIPMENT_STATE_CANCELLED:
        return make(QT_TRANSLATE_NOOP("status", "Cancelled"), Shape::Dashed, Tone::Quiet);
    case SHIPMENT_STATE_LOST:
        return make(QT_TRANSLATE_NOOP("status", "Lost"), Shape::Square, Tone::Bad, true);
    default:
        return unknown();
    }
}

Status of(shopfleet::control::v1::State state)
{
    using namespace shopfleet::control::v1;
    switch (state) {
    case STATE_STARTING:
        return make(QT_TRANSLATE_NOOP("status", "Starting"), Shape::Quarter, Tone::Progress);
    case STATE_HEALTHY:
        return make(QT_TRANSLATE_NOOP("status", "Healthy"), Shape::Disc, Tone::Good);
    case STATE_DEGRADED:
        return make(QT_TRANSLATE_NOOP("status", "Degraded"), Shape::Triangle, Tone::Warn, true);
    case STATE_DOWN:
        return make(QT_TRANSLATE_NOOP("status", "Down"), Shape::Square, Tone::Bad, true);
    case STATE_DRAINING:
        return make(QT_TRANSLATE_NOOP("status", "Draining"), Shape::Dashed, Tone::Quiet);
    default:
        return unknown();
    }
}

Status of(shopfleet::control::v1::RolloutState state)
{
    using namespace shopfleet::control::v1;
    switch (state) {
    case ROLLOUT_STATE_RUNNING:
        return make(QT_TRANSLATE_NOOP("status", "Under way"), Shape::Half, Tone::Progress);
    case ROLLOUT_STATE_PAUSED:
        return make(QT_TRANSLATE_NOOP("status", "Paused"), Shape::Dashed, Tone::Warn, true);
    case ROLLOUT_STATE_SUCCEEDED:
        return make(QT_TRANSLATE_NOOP("status", "Succeeded"), Shape::Tick, Tone::Good);
    case ROLLOUT_STATE_ROLLING_BACK:
        return make(QT_TRANSLATE_NOOP("status", "Going back"), Shape::Triangle, Tone::Warn);
    case ROLLOUT_STATE_ROLLED_BACK:
        return make(QT_TRANSLATE_NOOP("status", "Rolled back"), Shape::Square, Tone::Bad);
    case ROLLOUT_STATE_FAILED:
        return make(QT_TRANSLATE_NOOP("status", "Failed"), Shape::Square, Tone::Bad);
    default:
        return make(QT_TRANSLATE_NOOP("status", "Waits"), Shape::Disc, Tone::Quiet);
    }
}

Status of(const shopfleet::control::v1::Integrity& integrity)
{
    if (!integrity.has_at() || !integrity.error().empty())
        return unknown();
    if (integrity.violations() == 0)
        return make(QT_TRANSLATE_NOOP("status", "All hold"), Shape::Disc, Tone::Good);
    return make(QT_TRANSLATE_NOOP("status", "Violated"), Shape::Square, Tone::Bad, true);
}

Shape shape(shopfleet::common::v1::Severity severity)
{
    using namespace shopfleet::common::v1;
    switch (severity) {
    case SEVERITY_PROGRESS:
        return Shape::Half;
    case SEVERITY_SUCCESS:
        return Shape::Tick;
    case SEVERITY_WARNING:
        return Shape::Triangle;
    case SEVERITY_FAILURE:
        return Shape::Square;
    default:
        return Shape::Disc;
    }
}

Tone tone(shopfleet::common::v1::Severity severity)
{
    using namespace shopfleet::common::v1;
    switch (severity) {
    case SEVERITY_PROGRESS:
        return Tone::Progress;
    case SEVERITY_SUCCESS:
        return Tone::Good;
    case SEVERITY_WARNING:
        return Tone::Warn;
    case SEVERITY_FAILURE:
        return Tone::Bad;
    default:
        return Tone::Quiet;
    }
}

} // namespace status
