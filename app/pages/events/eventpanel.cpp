// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/events/eventpanel.h"

#include "app/models/fleetwords.h"
#include "app/models/format.h"
#include "app/models/status.h"

#include <QBoxLayout>

using namespace Qt::StringLiterals;
using shopfleet::control::v1::Event;
using theme::kUnit;

namespace {

constexpr qint64 kAround = 15; ///< Seconds before and after that are worth reading.

QString factOf(const Event& event, const char* name)
{
    const auto found = event.facts().find(name);
    return found == event.facts().end() ? QString() : format::text(found->second);
}

QString isoTime(qint64 seconds)
{
    return QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC).toString(Qt::ISODate);
}

} // namespace

EventPanel::EventPanel(const theme::Theme& theme, QWidget* parent)
    : Panel(theme, parent)
{
}

void EventPanel::showNothing()
{
    m_event.Clear();
    clear();
}

void EventPanel::show(const Event& event)
{
    m_event = event;
    clear();
    auto* head = new parts::Label(
        m_theme, fleetwords::event(event), theme::Role::Text, parts::Face::Title);
    head->setWordWrap(true);
    content()->addWidget(head);
    content()->addWidget(new parts::ElidedLabel(m_theme,
        u"%1 · %2"_s.arg(fleetwords::subject(event), format::when(event.at())),
        theme::Role::Muted));
    if (!event.reason().empty()) {
        addGap();
        auto* reason = new parts::Label(m_theme, format::text(event.reason()));
        reason->setWordWrap(true);
        content()->addWidget(reason);
    }
    addGap();
    content()->addWidget(panel::fact(m_theme, tr("At"), format::moment(event.at())));
    content()->addWidget(panel::fact(m_theme, tr("By"), fleetwords::actor(event)));
    content()->addWidget(panel::fact(m_theme, tr("Kind"), format::text(event.kind())));
    QMap<QString, QString> facts;
    for (const auto& [name, value] : event.facts())
        facts[format::text(name)] = format::text(value);
    if (!facts.isEmpty()) {
        addRule();
        content()->addWidget(panel::heading(m_theme, tr("Facts")));
        for (auto fact = facts.cbegin(); fact != facts.cend(); ++fact)
            content()->addWidget(panel::fact(m_theme, fact.key(), fact.value()));
    }
    content()->addStretch(1);

    auto* logs = parts::button(tr("Logs of that moment"), "primary");
    logs->setToolTip(tr("What was written fifteen seconds before and after (L)"));
    connect(logs, &QPushButton::clicked, this, &EventPanel::openLogs);
    actions()->add(logs, u"L"_s);
    if (!event.service().empty()) {
        auto* service = parts::button(tr("Show %1").arg(format::text(event.service())));
        service->setToolTip(tr("How the service fares (S)"));
        connect(service, &QPushButton::clicked, this, &EventPanel::openService);
        actions()->add(service, u"S"_s);
    }
    const QString rollout = factOf(event, "rollout");
    const QString incident = factOf(event, "incident");
    if (!rollout.isEmpty() || !incident.isEmpty()) {
        auto* cause = parts::button(
            rollout.isEmpty() ? tr("Incident %1").arg(incident) : tr("Rollout %1").arg(rollout));
        cause->setToolTip(tr("What it belongs to (O)"));
        connect(cause, &QPushButton::clicked, this, &EventPanel::openCause);
        actions()->add(cause, u"O"_s);
    }
}

void EventPanel::openService()
{
    if (!m_event.service().empty())
        Q_EMIT openRequested({u"services"_s, format::text(m_event.service()), {}});
}

void EventPanel::openLogs()
{
    if (!m_event.has_at())
        return;
    Address address{u"logs"_s, {}, {}};
    address.set(u"service"_s, format::text(m_event.service()));
    address.set(u"from"_s, isoTime(m_event.at().seconds() - kAround));
    address.set(u"to"_s, isoTime(m_event.at().seconds() + kAround));
    Q_EMIT openRequested(address);
}

void EventPanel::openCause()
{
    if (const QString rollout = factOf(m_event, "rollout"); !rollout.isEmpty())
        Q_EMIT openRequested({u"rollouts"_s, rollout, {}});
    else if (const QString incident = factOf(m_event, "incident"); !incident.isEmpty())
        Q_EMIT openRequested({u"incidents"_s, incident, {}});
}
