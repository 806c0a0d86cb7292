// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/events/eventspage.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/format.h"
#include "app/pages/events/eventmodel.h"
#include "app/pages/events/eventpanel.h"
#include "app/widgets/table/tableview.h"

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;

EventsPage::EventsPage(const theme::Theme& theme, api::ControlClient& control, QWidget* parent)
    : EventsPage(theme, control, new EventModel(control), new EventPanel(theme), parent)
{
}

EventsPage::EventsPage(const theme::Theme& theme, api::ControlClient& control, EventModel* model,
    EventPanel* panel, QWidget* parent)
    : ListPage(theme, u"events"_s, model, panel,
        {tr("Events"), tr("Service, replica, reason"), tr("Nothing has happened yet"),
            tr("Starts, ends, scalings, rollouts and alerts appear here."), u"control"_s,
            {{tr("Latest"), {}}, {tr("Failures"), u"severity = FAILURE"_s},
                {tr("Warnings"), u"severity = WARNING"_s}, {tr("By people"), u"actor : staff"_s},
                {tr("Scalings"), u"kind = service.scaled"_s}, {tr("Alerts"), u"kind : alert"_s}}},
        parent)
    , m_control(control)
    , m_model(model)
    , m_panel(panel)
    , m_feed(control.watchEvents(
          [this](const WatchEventsResponse& news) { m_model->update(news.events()); }))
{
    setFeed(m_feed.get());
    connect(panel, &EventPanel::openRequested, this, &Page::openRequested);
}

EventsPage::~EventsPage() = default;

PageInfo EventsPage::info() const
{
    PageInfo info = ListPage::info();
    info.showsPanel = info.showsPanel && m_model->total() > 0;
    return info;
}

QString EventsPage::countText(int total, bool) const
{
    return tr("%Ln events", nullptr, total);
}

void EventsPage::showRow(int row)
{
    if (const Event* event = m_model->item(row)) {
        m_shown = QString::number(event->id());
        m_panel->show(*event);
    }
}

void EventsPage::showId(const QString& id)
{
    m_shown = id;
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0) {
        table().setCurrentRow(row);
        return;
    }
    m_fetching = true;
    ListEventsRequest request;
    request.set_filter("id = " + id.toStdString());
    api::onReply(this, m_control.listEvents(request), [this, id](auto found) {
        m_fetching = false;
        if (m_shown != id)
            return;
        if (!found.ok())
            setNotice(
                {theme::Tone::Bad, tr("Event %1: %2").arg(id, api::describe(found.status()))});
        else if (found->events().empty())
            setNotice({theme::Tone::Warn, tr("Event %1 is not kept any more.").arg(id)});
        else
            m_panel->show(found->events(0));
        Q_EMIT changed();
    });
}

QList<PageKey> EventsPage::keys() const
{
    return {{u"S"_s, tr("Show the service"), [this] { m_panel->openService(); }},
        {u"L"_s, tr("Show what was written at that moment"), [this] { m_panel->openLogs(); }},
        {u"O"_s, tr("Show the rollout or the incident"), [this] { m_panel->openCause(); }}};
}
