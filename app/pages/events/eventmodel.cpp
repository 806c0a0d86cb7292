// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/events/eventmodel.h"

#include "app/models/fleetwords.h"
#include "app/models/format.h"
#include "app/models/status.h"

using shopfleet::control::v1::Event;
using table::Kind;

EventModel::EventModel(api::ControlClient& control, QObject* parent)
    : WindowedModel(parent)
    , m_control(control)
{
}

api::Reply<shopfleet::control::v1::ListEventsResponse> EventModel::list(const ListQuery& query)
{
    return m_control.listEvents(makeRequest<shopfleet::control::v1::ListEventsRequest>(query));
}

std::span<const EventModel::Column> EventModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("EventModel", "What"), "what", Kind::Badge, 232, nullptr, 0,
            [](const Event& e) -> QVariant {
                return QVariant::fromValue(theme::Status{fleetwords::event(e),
                    status::shape(e.severity()), status::tone(e.severity()), false});
            },
            [](const Event& e) -> QVariant { return format::text(e.kind()); }},
        {QT_TRANSLATE_NOOP("EventModel", "Where"), "where", Kind::Strong, 160, nullptr, 0,
            [](const Event& e) -> QVariant { return fleetwords::subject(e); }},
        {QT_TRANSLATE_NOOP("EventModel", "Why"), "why", Kind::Text, 0, nullptr, 0,
            [](const Event& e) -> QVariant { return format::text(e.reason()); },
            [](const Event& e) -> QVariant { return format::text(e.reason()); }},
        {QT_TRANSLATE_NOOP("EventModel", "By"), "by", Kind::Text, 120, nullptr, 760,
            [](const Event& e) -> QVariant { return fleetwords::actor(e); }},
        {QT_TRANSLATE_NOOP("EventModel", "When"), "when", Kind::Figure, 128, "at", 0,
            [](const Event& e) -> QVariant { return format::when(e.at()); },
            [](const Event& e) -> QVariant { return format::moment(e.at()); }},
    };
    return kColumns;
}
