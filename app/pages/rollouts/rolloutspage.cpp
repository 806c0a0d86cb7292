// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/rollouts/rolloutspage.h"

#include "app/api/controlclient.h"
#include "app/api/errors.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/pages/rollouts/rolloutdialog.h"
#include "app/pages/rollouts/rolloutmodel.h"
#include "app/pages/rollouts/rolloutpanel.h"
#include "app/pages/rollouts/rolloutwords.h"
#include "app/widgets/table/tableview.h"

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;

RolloutsPage::RolloutsPage(const theme::Theme& theme, api::ControlClient& control,
    const FleetState& fleet, QWidget* parent)
    : RolloutsPage(
        theme, control, fleet, new RolloutModel(control), new RolloutPanel(theme, control), parent)
{
}

RolloutsPage::RolloutsPage(const theme::Theme& theme, api::ControlClient& control,
    const FleetState& fleet, RolloutModel* model, RolloutPanel* panel, QWidget* parent)
    : ListPage(theme, u"rollouts"_s, model, panel,
        {tr("Rollouts"), tr("Service, version, reason"), tr("Nothing was rolled out yet"),
            tr("Press N to bring a version to a service."), u"control"_s,
            {{tr("Latest"), {}}, {tr("Succeeded"), u"state = SUCCEEDED"_s},
                {tr("Rolled back"), u"state = ROLLED_BACK"_s}}},
        parent)
    , m_control(control)
    , m_fleet(fleet)
    , m_model(model)
    , m_panel(panel)
    , m_feed(control.watchRollouts([this](const WatchRolloutsResponse& news) { take(news); }))
{
    setFeed(m_feed.get());
    connect(panel, &RolloutPanel::openRequested, this, &Page::openRequested);
    connect(panel, &RolloutPanel::noticed, this, &Page::noticed);
    connect(panel, &RolloutPanel::loaded, this, &Page::changed);
    connect(panel, &RolloutPanel::newRequested, this, [this] { askForNew({}); });
}

RolloutsPage::~RolloutsPage() = default;

void RolloutsPage::take(const WatchRolloutsResponse& news)
{
    m_updated = QDateTime::currentDateTimeUtc();
    m_model->update(news.rollouts());
    for (const Rollout& rollout : news.rollouts()) {
        const QString id = format::text(rollout.id());
        if (id == m_shown)
            m_panel->show(rollout);
        const bool known = m_underWay.contains(id);
        const auto before = m_underWay.value(id, ROLLOUT_STATE_UNSPECIFIED);
        if (rolloutwords::isOver(rollout))
            m_underWay.remove(id);
        else
            m_underWay[id] = rollout.state();
        if (m_heard && (known || !rolloutwords::isOver(rollout)) && before != rollout.state())
            tell(rollout);
    }
    m_heard = true;
    Q_EMIT changed();
}

// Said on whatever page the user is.
void RolloutsPage::tell(const Rollout& rollout)
{
    Notice notice;
    const QString what = rolloutwords::what(rollout);
    switch (rollout.state()) {
    case ROLLOUT_STATE_SUCCEEDED:
        notice = {theme::Tone::Good, tr("%1: rolled out.").arg(what)};
        break;
    case ROLLOUT_STATE_ROLLING_BACK:
        notice = {
            theme::Tone::Warn, tr("%1 goes back: %2.").arg(what, format::text(rollout.outcome()))};
        break;
    case ROLLOUT_STATE_ROLLED_BACK:
    case ROLLOUT_STATE_FAILED:
        notice = {theme::Tone::Bad,
            tr("%1 was rolled back: %2.").arg(what, format::text(rollout.outcome()))};
        break;
    default:
        return;
    }
    notice.action = tr("Show");
    notice.run = [this, id = format::text(rollout.id())] {
        Q_EMIT openRequested({name(), id, {}});
    };
    Q_EMIT noticed(notice);
}

PageInfo RolloutsPage::info() const
{
    PageInfo info = ListPage::info();
    if (m_updated > info.updated)
        info.updated = m_updated;
    return info;
}

std::optional<qint64> RolloutsPage::count() const
{
    return m_underWay.isEmpty() ? std::nullopt : std::optional<qint64>(m_underWay.size());
}

bool RolloutsPage::open(const Address& address)
{
    const QString service = address.value(u"new"_s);
    Address rest = address;
    rest.set(u"new"_s, {});
    const bool found = ListPage::open(rest);
    if (!service.isEmpty())
        QMetaObject::invokeMethod(
            this, [this, service] { askForNew(service); }, Qt::QueuedConnection);
    return found;
}

void RolloutsPage::askForNew(const QString& service)
{
    auto* dialog = new RolloutDialog(m_theme, m_control, m_fleet, service, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RolloutDialog::done, this, [this](const Rollout& rollout) {
        m_model->refresh();
        m_shown = format::text(rollout.id());
        m_panel->show(rollout);
        Q_EMIT changed();
    });
    dialog->open();
}

QString RolloutsPage::countText(int total, bool) const
{
    return tr("%Ln rollouts", nullptr, total);
}

void RolloutsPage::showRow(int row)
{
    if (const Rollout* rollout = m_model->item(row)) {
        m_shown = format::text(rollout->id());
        m_panel->show(*rollout);
    } else if (m_shown.isEmpty()) {
        m_panel->showNothing();
    }
}

void RolloutsPage::showId(const QString& id)
{
    m_shown = id;
    if (const int row = m_model->rowOfId(id.toStdString()); row >= 0) {
        table().setCurrentRow(row);
        return;
    }
    table().setCurrentIndex({});
    m_fetching = true;
    GetRolloutRequest request;
    request.set_id(id.toStdString());
    api::onReply(this, m_control.getRollout(request), [this, id](auto rollout) {
        m_fetching = false;
        if (m_shown != id)
            return;
        if (rollout.ok())
            m_panel->show(*rollout);
        else
            setNotice(
                {theme::Tone::Bad, tr("Rollout %1: %2").arg(id, api::describe(rollout.status()))});
        Q_EMIT changed();
    });
}

bool RolloutsPage::isPanelReady() const
{
    return !m_fetching && m_panel->isReady();
}

QList<PageKey> RolloutsPage::keys() const
{
    return {{u"N"_s, tr("Bring a version to a service"), [this] { m_panel->newRequested(); }},
        {u"P"_s, tr("Promote to the next step"), [this] { m_panel->promote(false); }},
        {u"Shift+P"_s, tr("Promote to the end"), [this] { m_panel->promote(true); }},
        {u"H"_s, tr("Pause or resume"), [this] { m_panel->pauseOrResume(); }},
        {u"X"_s, tr("Call the rollout off"), [this] { m_panel->callOff(); }},
        {u"B"_s, tr("Roll back to what ran before"), [this] { m_panel->rollBack(); }}};
}
