// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/eventwords.h"

#include "app/models/format.h"
#include "app/models/status.h"

#include <QCoreApplication>
#include <QStringList>

#include <utility>

namespace eventwords {
namespace {

constexpr std::pair<const char*, const char*> kWords[] = {
    {"order.placed", QT_TRANSLATE_NOOP("event", "Placed")},
    {"order.imported", QT_TRANSLATE_NOOP("event", "Imported")},
    {"order.imported_again", QT_TRANSLATE_NOOP("event", "Imported again")},
    {"order.confirmed", QT_TRANSLATE_NOOP("event", "Confirmed")},
    {"order.rejected", QT_TRANSLATE_NOOP("event", "Rejected")},
    {"order.cancel_asked", QT_TRANSLATE_NOOP("event", "Cancelling")},
    {"order.cancelled", QT_TRANSLATE_NOOP("event", "Cancelled")},
    {"order.held", QT_TRANSLATE_NOOP("event", "Put on hold")},
    {"order.released", QT_TRANSLATE_NOOP("event", "Taken off hold")},
    {"order.annotated", QT_TRANSLATE_NOOP("event", "Note or tags changed")},
    {"stock.reserved", QT_TRANSLATE_NOOP("event", "Stock reserved")},
    {"stock.short", QT_TRANSLATE_NOOP("event", "Not enough stock")},
    {"stock.refused", QT_TRANSLATE_NOOP("event", "Stock not reserved")},
    {"stock.released", QT_TRANSLATE_NOOP("event", "Stock released")},
    {"payment.authorised", QT_TRANSLATE_NOOP("event", "Payment authorised")},
    {"payment.declined", QT_TRANSLATE_NOOP("event", "Payment declined")},
    {"payment.refused", QT_TRANSLATE_NOOP("event", "Payment refused")},
    {"payment.unknown", QT_TRANSLATE_NOOP("event", "Payment's outcome unknown")},
    {"payment.voided", QT_TRANSLATE_NOOP("event", "Payment given up")},
    {"payment.rest_voided", QT_TRANSLATE_NOOP("event", "What is not charged is given up")},
    {"delivery.planned", QT_TRANSLATE_NOOP("event", "Delivery planned")},
    {"delivery.cancelled", QT_TRANSLATE_NOOP("event", "Delivery cancelled")},
    {"order.shipped", QT_TRANSLATE_NOOP("event", "Shipped")},
    {"order.delivered", QT_TRANSLATE_NOOP("event", "Delivered")},
    {"order.returned", QT_TRANSLATE_NOOP("event", "Returned")},
    {"order.refunded", QT_TRANSLATE_NOOP("event", "Refunded in full")},
    {"order.cancel_refused", QT_TRANSLATE_NOOP("event", "Not cancelled: it has left already")},
    {"payment.captured", QT_TRANSLATE_NOOP("event", "Payment taken")},
    {"payment.refunded", QT_TRANSLATE_NOOP("event", "Money given back")},
    {"stock.taken", QT_TRANSLATE_NOOP("event", "Stock taken")},
    {"stock.restocked", QT_TRANSLATE_NOOP("event", "Back in stock")},
    {"refund.asked", QT_TRANSLATE_NOOP("event", "Refund asked for")},
    {"return.asked", QT_TRANSLATE_NOOP("event", "Return asked for")},
    {"return.expected", QT_TRANSLATE_NOOP("event", "Return expected")},
    {"exchange.asked", QT_TRANSLATE_NOOP("event", "To be exchanged")},
    {"reship.asked", QT_TRANSLATE_NOOP("event", "To be sent again")},
    {"order.changed", QT_TRANSLATE_NOOP("event", "Address or contact changed")},
    {"order.address_asked", QT_TRANSLATE_NOOP("event", "Another address asked for")},
    {"order.address_changed", QT_TRANSLATE_NOOP("event", "Goes to the new address")},
    {"order.address_refused", QT_TRANSLATE_NOOP("event", "Old address stays: it has left already")},
    {"order.lines_asked", QT_TRANSLATE_NOOP("event", "Fewer units asked for")},
    {"order.lines_changed", QT_TRANSLATE_NOOP("event", "Taken out of the parcel")},
    {"order.lines_refused", QT_TRANSLATE_NOOP("event", "Not taken out: the parcel stays as it is")},
    {"parcel.called_off", QT_TRANSLATE_NOOP("event", "A part of the parcel was called off")},
    {"step.failed", QT_TRANSLATE_NOOP("event", "A step failed")},
    {"step.needs_person", QT_TRANSLATE_NOOP("event", "Somebody has to look")},
    {"step.resumed", QT_TRANSLATE_NOOP("event", "Tried again by hand")},
    {"cart.missing", QT_TRANSLATE_NOOP("event", "The cart was gone")},
};

QString words(const std::string& kind)
{
    for (const auto& [known, text] : kWords)
        if (kind == known)
            return QCoreApplication::translate("event", text);
    return format::text(kind);
}

constexpr std::pair<std::string_view, const char*> kSteps[]
    = {{"ReserveStock", QT_TRANSLATE_NOOP("step", "reserve stock")},
        {"AuthorisePayment", QT_TRANSLATE_NOOP("step", "authorise payment")},
        {"SettlePayment", QT_TRANSLATE_NOOP("step", "settle payment")},
        {"CloseCart", QT_TRANSLATE_NOOP("step", "close cart")},
        {"PlanShipment", QT_TRANSLATE_NOOP("step", "plan shipment")},
        {"CancelShipment", QT_TRANSLATE_NOOP("step", "cancel shipment")},
        {"VoidPayment", QT_TRANSLATE_NOOP("step", "give up payment")},
        {"ReleaseReservation", QT_TRANSLATE_NOOP("step", "release stock")},
        {"CapturePayment", QT_TRANSLATE_NOOP("step", "capture payment")},
        {"CommitReservation", QT_TRANSLATE_NOOP("step", "take stock")},
        {"RefundPayment", QT_TRANSLATE_NOOP("step", "refund payment")},
        {"ReceiveStock", QT_TRANSLATE_NOOP("step", "restock")},
        {"CreateReturn", QT_TRANSLATE_NOOP("step", "expect return")},
        {"UpdateShipment", QT_TRANSLATE_NOOP("step", "change parcel")}};

} // namespace

QString step(const shopfleet::orders::v1::Waiting& waiting)
{
    const auto* const found = std::ranges::find(
        kSteps, waiting.method(), &std::pair<std::string_view, const char*>::first);
    return found == std::end(kSteps) ? format::text(waiting.method())
                                     : QCoreApplication::translate("step", found->second);
}

QString reason(const shopfleet::orders::v1::Waiting& waiting)
{
    // The service writes "CODE: what it said"; of a call that reached nobody, gRPC's own words say
    // nothing to a person.
    const QString error = format::text(waiting.last_error());
    if (error.startsWith(QLatin1String("UNAVAILABLE")))
        return QCoreApplication::translate("step", "It does not answer");
    if (error.startsWith(QLatin1String("DEADLINE_EXCEEDED")))
        return QCoreApplication::translate("step", "It did not answer in time");
    const qsizetype colon = error.indexOf(QLatin1String(": "));
    return colon < 0 ? error : error.mid(colon + 2);
}

Timeline::Event describe(const shopfleet::common::v1::TimelineEvent& event)
{
    Timeline::Event result;
    result.what = words(event.kind());
    result.when = format::clock(event.at());
    result.shape = status::shape(event.severity());
    result.tone = status::tone(event.severity());

    QStringList details = {format::moment(event.at())};
    const QString actor = format::text(event.actor().id());
    const QString service = format::text(event.actor().service());
    if (!actor.isEmpty())
        details << actor;
    if (!service.isEmpty() && service != actor)
        details << service + QChar(u' ') + format::text(event.actor().version());
    for (const auto& [name, value] : event.facts())
        details << format::text(name) + QStringLiteral(": ") + format::text(value);
    if (!event.trace_id().empty())
        details
            << QCoreApplication::translate("event", "Trace %1").arg(format::text(event.trace_id()));
    result.details = details.join(QChar(u'\n'));
    return result;
}

} // namespace eventwords
