// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/incidents/incidentpanel.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/fleetwords.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/pages/incidents/incidentmodel.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLocale>
#include <QUuid>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using theme::kUnit;

namespace {

constexpr int kEvents = 40; ///< The newest; the rest is on the page of events.
constexpr qint64 kBefore = 15; ///< Seconds: what led to it was written before.

QString isoTime(const QDateTime& time)
{
    return time.toUTC().toString(Qt::ISODate);
}

bool needsSomeone(const Alert& alert)
{
    return !alert.has_ended_at() && !alert.has_acknowledged_by() && !alert.has_muted_until();
}

} // namespace

IncidentPanel::IncidentPanel(
    const theme::Theme& theme, api::ControlClient& control, QWidget* parent)
    : Panel(theme, parent)
    , m_control(control)
{
}

void IncidentPanel::showNothing()
{
    ++m_generation;
    m_loading = false;
    m_id.clear();
    m_incident.Clear();
    clear();
}

void IncidentPanel::show(const QString& id)
{
    if (id == m_id)
        return;
    m_id = id;
    m_incident.Clear();
    fetch();
}

void IncidentPanel::refresh()
{
    if (!m_loading && !m_id.isEmpty() && !m_incident.has_ended_at())
        fetch();
}

void IncidentPanel::fetch()
{
    m_loading = true;
    GetIncidentRequest request;
    request.set_id(m_id.toStdString());
    api::onReply(this, m_control.getIncident(request), [this, mine = ++m_generation](auto whole) {
        if (mine != m_generation)
            return;
        m_loading = false;
        if (whole.ok()) {
            // Whoever is about to press a button keeps it under the finger.
            const bool same = m_incident.id() == whole->id();
            const bool busy = same && isAncestorOf(QApplication::focusWidget());
            const bool changed = m_incident.SerializeAsString() != whole->SerializeAsString();
            m_incident = *std::move(whole);
            if (!same || std::exchange(m_answered, false) || (changed && !busy))
                rebuild();
        } else if (m_incident.id().empty()) {
            clear();
            const QString why = api::describe(whole.status());
            Q_EMIT noticed({theme::Tone::Bad, tr("Incident %1: %2").arg(m_id, why)});
        }
        Q_EMIT loaded();
    });
}

QString IncidentPanel::suspected() const
{
    return m_incident.suspects().empty() ? QString()
                                         : format::text(m_incident.suspects(0).service());
}

void IncidentPanel::rebuild()
{
    clear();
    m_acknowledge = nullptr;
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(
        new parts::ElidedLabel(m_theme, suspected().isEmpty() ? tr("Cause not known") : suspected(),
            theme::Role::Text, parts::Face::Title),
        1);
    row->addWidget(new parts::Badge(m_theme, IncidentModel::statusOf(m_incident)));
    content()->addLayout(row);
    content()->addWidget(new parts::ElidedLabel(m_theme,
        tr("Incident %1 · since %2 · %3")
            .arg(format::text(m_incident.id()), format::clock(m_incident.since()),
                IncidentModel::length(m_incident)),
        theme::Role::Muted));
    addGap();
    content()->addWidget(panel::fact(m_theme, tr("Orders that wait"),
        !m_incident.has_waiting_at() ? tr("not known")
            : m_incident.waiting_orders() == 0
            ? tr("none")
            : u"%1 · %2"_s.arg(format::count(m_incident.waiting_orders()),
                format::money(m_incident.waiting_money()))));
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Likely causes"), tr("how likely")));
    if (!m_incident.has_traces_at() && !m_incident.has_ended_at()) {
        auto* words = new parts::Label(
            m_theme, tr("Without traces: nobody keeps them at the moment."), theme::Role::Muted);
        words->setWordWrap(true);
        content()->addWidget(words);
    }
    bool first = true;
    for (const Suspect& suspect : m_incident.suspects())
        addSuspect(suspect, std::exchange(first, false));
    addAlerts();
    if (!m_incident.events().empty()) {
        addRule();
        content()->addWidget(panel::heading(m_theme, tr("What happened")));
        QList<Timeline::Event> events;
        for (int i = m_incident.events_size() - 1; i >= 0 && events.size() < kEvents; --i)
            events.append(fleetwords::entry(m_incident.events(i), true));
        content()->addWidget(new Timeline(m_theme, events));
    }
    content()->addStretch(1);
    addActions();
}

void IncidentPanel::addSuspect(const Suspect& suspect, bool first)
{
    const QString who
        = format::text(suspect.replica().empty() ? suspect.service() : suspect.replica());
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(new parts::ElidedLabel(m_theme, who, theme::Role::Text,
                       first ? parts::Face::Strong : parts::Face::Normal),
        1);
    row->addWidget(
        new parts::Label(m_theme, QLocale().toString(suspect.score() * 100, 'f', 0) + u" %"_s,
            first ? theme::Role::Text : theme::Role::Muted));
    content()->addLayout(row);
    for (const QString& evidence : fleetwords::evidence(suspect)) {
        auto* words = new parts::Label(m_theme, evidence, theme::Role::Muted);
        words->setWordWrap(true);
        words->setContentsMargins(kUnit, 0, 0, 0);
        content()->addWidget(words);
    }
    addGap(1);
}

void IncidentPanel::addAlerts()
{
    if (m_incident.alerts().empty())
        return;
    addRule();
    content()->addWidget(panel::heading(m_theme, tr("Alerts")));
    QList<Timeline::Event> alerts;
    for (const Alert& alert : m_incident.alerts()) {
        const QString subject = format::text(alert.service());
        QString words = format::text(alert.title());
        if (!subject.isEmpty())
            words.prepend(subject + u": "_s);
        if (alert.has_acknowledged_by())
            words += u" · "_s
                + tr("acknowledged by %1").arg(format::text(alert.acknowledged_by().id()));
        alerts.append({words, format::clock(alert.since()),
            alert.has_ended_at() ? theme::Shape::Tick : status::shape(alert.severity()),
            alert.has_ended_at() ? theme::Tone::Good : status::tone(alert.severity()),
            format::text(alert.reason())});
    }
    content()->addWidget(new Timeline(m_theme, alerts));
}

void IncidentPanel::addActions()
{
    const auto add = [this](const QString& text, const QString& tip, const QString& key,
                         const char* kind, void (IncidentPanel::*act)()) {
        auto* button = parts::button(text, kind);
        button->setToolTip(tip);
        connect(button, &QPushButton::clicked, this, act);
        actions()->add(button, key);
    };
    if (!suspected().isEmpty()) {
        add(tr("Show %1").arg(suspected()), tr("How the service fares (S)"), u"S"_s, "primary",
            &IncidentPanel::openService);
        add(tr("Failed traces"), tr("What failed in it, span by span (E)"), u"E"_s, "",
            &IncidentPanel::openTraces);
        add(tr("Logs"), tr("What it wrote in that time (L)"), u"L"_s, "", &IncidentPanel::openLogs);
    }
    if (m_incident.waiting_orders() > 0)
        add(tr("Orders that wait"), tr("All of them (W)"), u"W"_s, "", &IncidentPanel::openOrders);
    if (std::ranges::any_of(m_incident.alerts(), needsSomeone)) {
        m_acknowledge = new parts::BusyButton(tr("Acknowledge alerts"), tr("Acknowledging"));
        m_acknowledge->setToolTip(tr("Says that somebody is on it (A)"));
        connect(m_acknowledge, &QPushButton::clicked, this, &IncidentPanel::acknowledge);
        actions()->add(m_acknowledge, u"A"_s);
    }
}

void IncidentPanel::openService()
{
    if (!suspected().isEmpty())
        Q_EMIT openRequested({u"services"_s, suspected(), {}});
}

void IncidentPanel::openTraces()
{
    if (suspected().isEmpty())
        return;
    Address address{u"traces"_s, {}, {}};
    address.set(u"filter"_s, u"error = true AND service = "_s + suspected());
    Q_EMIT openRequested(address);
}

void IncidentPanel::openLogs()
{
    if (suspected().isEmpty())
        return;
    Address address{u"logs"_s, {}, {}};
    address.set(u"service"_s, suspected());
    address.set(u"from"_s, isoTime(format::time(m_incident.since()).addSecs(-kBefore)));
    if (m_incident.has_ended_at())
        address.set(u"to"_s, isoTime(format::time(m_incident.ended_at())));
    Q_EMIT openRequested(address);
}

void IncidentPanel::openOrders()
{
    if (m_incident.waiting_orders() == 0)
        return;
    Address address{u"orders"_s, {}, {}};
    address.set(u"filter"_s, u"waiting_service != \"\""_s);
    Q_EMIT openRequested(address);
}

void IncidentPanel::acknowledge()
{
    if (!m_acknowledge || m_acknowledge->isBusy())
        return;
    m_acknowledge->setBusy(true);
    for (const Alert& alert : m_incident.alerts()) {
        if (!needsSomeone(alert))
            continue;
        AcknowledgeAlertRequest request;
        request.set_request_id(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString());
        request.set_id(alert.id());
        api::onReply(this, m_control.acknowledgeAlert(request),
            [this, title = format::text(alert.title())](auto answer) {
                if (!answer.ok())
                    Q_EMIT noticed({theme::Tone::Bad,
                        tr("“%1” is not acknowledged: %2")
                            .arg(title, api::describe(answer.status()))});
                m_answered = true;
                fetch();
            });
    }
}
