// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/incidents/incidentmodel.h"

#include "app/models/fleetwords.h"
#include "app/models/format.h"

using shopfleet::control::v1::Incident;
using table::Kind;

IncidentModel::IncidentModel(api::ControlClient& control, QObject* parent)
    : WindowedModel(parent)
    , m_control(control)
{
}

api::Reply<shopfleet::control::v1::ListIncidentsResponse> IncidentModel::list(
    const ListQuery& query)
{
    shopfleet::control::v1::ListIncidentsRequest request;
    request.set_page_size(query.size);
    request.set_page_token(query.skip > 0 ? std::to_string(query.skip) : std::string());
    request.set_filter(query.filter.toStdString());
    return m_control.listIncidents(request);
}

theme::Status IncidentModel::statusOf(const Incident& incident)
{
    return incident.has_ended_at()
        ? theme::Status{tr("Over"), theme::Shape::Tick, theme::Tone::Good, false}
        : theme::Status{tr("Open"), theme::Shape::Triangle, theme::Tone::Warn, true};
}

QString IncidentModel::length(const Incident& incident)
{
    const auto end = incident.has_ended_at() ? format::time(incident.ended_at())
                                             : QDateTime::currentDateTimeUtc();
    return format::span(format::time(incident.since()).secsTo(end));
}

std::span<const IncidentModel::Column> IncidentModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("IncidentModel", "State"), "state", Kind::Badge, 120, nullptr, 0,
            [](const Incident& i) -> QVariant { return QVariant::fromValue(statusOf(i)); }},
        {QT_TRANSLATE_NOOP("IncidentModel", "Likeliest cause"), "cause", Kind::Strong, 152, nullptr,
            0,
            [](const Incident& i) -> QVariant {
                return i.suspects().empty() ? tr("not known")
                                            : format::text(i.suspects(0).service());
            }},
        {QT_TRANSLATE_NOOP("IncidentModel", "Why"), "why", Kind::Text, 0, nullptr, 0,
            [](const Incident& i) -> QVariant {
                return i.suspects().empty() ? QString()
                                            : fleetwords::evidence(i.suspects(0)).value(0);
            },
            [](const Incident& i) -> QVariant {
                return i.suspects().empty() ? format::text(i.title())
                                            : fleetwords::evidence(i.suspects(0)).join(u'\n');
            }},
        {QT_TRANSLATE_NOOP("IncidentModel", "Orders that wait"), "orders", Kind::Figure, 128,
            nullptr, 700,
            [](const Incident& i) -> QVariant {
                return i.has_waiting_at() ? format::count(i.waiting_orders()) : QStringLiteral("–");
            }},
        {QT_TRANSLATE_NOOP("IncidentModel", "Lasted"), "lasted", Kind::Figure, 104, nullptr, 560,
            [](const Incident& i) -> QVariant { return length(i); }},
        {QT_TRANSLATE_NOOP("IncidentModel", "Since"), "since", Kind::Figure, 128, nullptr, 0,
            [](const Incident& i) -> QVariant { return format::when(i.since()); },
            [](const Incident& i) -> QVariant { return format::moment(i.since()); }},
    };
    return kColumns;
}
