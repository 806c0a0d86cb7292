// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/incidents/incidentspage.h"

#include "app/api/controlclient.h"
#include "app/models/format.h"
#include "app/pages/incidents/incidentmodel.h"
#include "app/pages/incidents/incidentpanel.h"
#include "app/widgets/table/tableview.h"

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace shopfleet::control::v1;

IncidentsPage::IncidentsPage(
    const theme::Theme& theme, api::ControlClient& control, QWidget* parent)
    : IncidentsPage(
        theme, control, new IncidentModel(control), new IncidentPanel(theme, control), parent)
{
}

IncidentsPage::IncidentsPage(const theme::Theme& theme, api::ControlClient& control,
    IncidentModel* model, IncidentPanel* panel, QWidget* parent)
    : ListPage(theme, u"incidents"_s, model, panel,
        {tr("Incidents"), tr("Service, words"), tr("No incident"),
            tr("When services fail, slow down or end, the likeliest cause is named here."),
            u"control"_s, {{tr("Latest"), {}}, {tr("Open"), u"state = open"_s}}},
        parent)
    , m_control(control)
    , m_model(model)
    , m_panel(panel)
{
    connect(panel, &IncidentPanel::openRequested, this, &Page::openRequested);
    connect(panel, &IncidentPanel::noticed, this, &Page::noticed);
    connect(panel, &IncidentPanel::loaded, this, &Page::changed);
    connect(&m_tick, &QTimer::timeout, this, &IncidentsPage::look);
    m_tick.start(1s);
}

IncidentsPage::~IncidentsPage() = default;

// There is no stream of them: the newest is asked for, and with it the rest if somebody looks.
void IncidentsPage::look()
{
    if (m_asking)
        return;
    m_asking = true;
    ListIncidentsRequest request;
    request.set_page_size(1);
    request.set_filter("state = open");
    api::onReply(this, m_control.listIncidents(request), [this](auto newest) {
        m_asking = false;
        if (newest.ok())
            take(*newest);
        else
            m_open.reset();
        Q_EMIT changed();
    });
    if (isVisible()) {
        m_model->refresh();
        m_panel->refresh();
    }
}

void IncidentsPage::take(const ListIncidentsResponse& newest)
{
    const bool first = !m_open;
    m_open = newest.total_size();
    if (newest.incidents().empty())
        return;
    const Incident& incident = newest.incidents(0);
    const QString id = format::text(incident.id());
    const QString cause
        = incident.suspects().empty() ? QString() : format::text(incident.suspects(0).service());
    // Told once, when the cause has been the same for two looks: in the first second it is a guess.
    const bool settled = std::exchange(m_suspected, cause) == cause;
    if (cause.isEmpty() || !settled || m_told == id)
        return;
    m_told = id;
    if (first && isVisible())
        return; // It is on the screen.
    Notice notice{
        theme::Tone::Warn, tr("Something is wrong. The likeliest cause is %1.").arg(cause)};
    notice.action = tr("Show");
    notice.run = [this, id] { Q_EMIT openRequested({name(), id, {}}); };
    Q_EMIT noticed(notice);
}

PageInfo IncidentsPage::info() const
{
    PageInfo info = ListPage::info();
    // No stream says that the link is there: the list's own answers do.
    const bool failed = m_model->state() == WindowedModelBase::State::Failed;
    info.freshness.state = info.updated.isNull() ? api::Freshness::State::Never
        : failed                                 ? api::Freshness::State::Stale
                                                 : api::Freshness::State::Live;
    info.freshness.since = failed ? m_model->failedSince() : info.updated;
    return info;
}

std::optional<qint64> IncidentsPage::count() const
{
    return m_open && *m_open > 0 ? m_open : std::nullopt;
}

QString IncidentsPage::countText(int total, bool) const
{
    return tr("%Ln incidents", nullptr, total);
}

void IncidentsPage::showRow(int row)
{
    if (const Incident* incident = m_model->item(row)) {
        m_shown = format::text(incident->id());
        m_panel->show(m_shown);
    } else if (m_shown.isEmpty()) {
        m_panel->showNothing();
    }
}

void IncidentsPage::showId(const QString& id)
{
    m_shown = id;
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0)
        table().setCurrentRow(row);
    m_panel->show(id);
}

bool IncidentsPage::isPanelReady() const
{
    return m_panel->isReady();
}

QList<PageKey> IncidentsPage::keys() const
{
    return {{u"S"_s, tr("Show the likeliest cause"), [this] { m_panel->openService(); }},
        {u"E"_s, tr("Show what failed in it"), [this] { m_panel->openTraces(); }},
        {u"L"_s, tr("Show what it wrote in that time"), [this] { m_panel->openLogs(); }},
        {u"W"_s, tr("List the orders that wait"), [this] { m_panel->openOrders(); }},
        {u"A"_s, tr("Acknowledge the alerts"), [this] { m_panel->acknowledge(); }}};
}
