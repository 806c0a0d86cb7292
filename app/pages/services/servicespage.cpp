// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/servicespage.h"

#include "app/api/errors.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/pages/services/chartchips.h"
#include "app/pages/services/fleetmodel.h"
#include "app/pages/services/momentmenu.h"
#include "app/pages/services/servicecharts.h"
#include "app/pages/services/servicelinks.h"
#include "app/pages/services/serviceverbs.h"
#include "app/widgets/parts.h"
#include "app/widgets/states.h"
#include "app/widgets/table/roles.h"
#include "app/widgets/table/treeview.h"

#include <QBoxLayout>
#include <QMenu>
#include <QSplitter>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using theme::kUnit;

namespace {

QString secondOf(const Event& event)
{
    return format::time(event.at()).toLocalTime().time().toString(u"HH:mm:ss"_s);
}

constexpr int kLeastDetail = 48;
constexpr int kOverrideSeconds = 3'600; // The policy takes over again by itself.

std::string newRequestId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

} // namespace

ServicesPage::ServicesPage(const theme::Theme& theme, FleetState& fleet,
    api::ControlClient& control, api::OrdersClient& orders, QWidget* parent)
    : Page(parent)
    , m_theme(theme)
    , m_fleet(fleet)
    , m_control(control)
    , m_model(new FleetModel(fleet, this))
    , m_tree(new table::TreeView(theme, u"services"_s))
    , m_charts(new ServiceCharts(theme, control))
    , m_title(new parts::Label(theme, {}, theme::Role::Text, parts::Face::Strong))
    , m_links(new ServiceLinks(orders))
    , m_verbs(new ServiceVerbs(theme, control, fleet, *this))
    , m_detail(new parts::ElidedLabel(theme, {}, theme::Role::Muted))
    , m_chips(new ChartChips(theme, fleet, *m_charts))
    , m_less(parts::button(u"−"_s, "small"))
    , m_number(new parts::Label(theme, u"–"_s, theme::Role::Text, parts::Face::Strong))
    , m_more(parts::button(u"+"_s, "small"))
    , m_scale(new parts::BusyButton(tr("Scale"), tr("Scaling…"), "small"))
    , m_policy(parts::button(tr("Policy…"), "small"))
    , m_restart(parts::button(tr("Restart…"), "small"))
{
    m_tree->setModel(m_model);
    auto* below = parts::area(theme);
    auto* column = new QVBoxLayout(below);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(parts::rule(theme));
    column->addWidget(buildStrip());
    column->addWidget(m_charts, 1);

    auto* splitter = new QSplitter(Qt::Vertical);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_tree);
    splitter->addWidget(below);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 5);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({360, 440});
    m_pane = new states::Pane(theme, splitter);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pane);

    connect(m_tree, &table::TreeView::currentIdChanged, this, &ServicesPage::select);
    connect(m_tree, &table::TreeView::menuRequested, this,
        [this](QMenu* menu, const QModelIndex& index) { fillMenu(*menu, index); });
    connect(&fleet, &FleetState::changed, this, &ServicesPage::follow);
    connect(&fleet, &FleetState::freshnessChanged, this, &ServicesPage::follow);
    connect(&fleet, &FleetState::happened, this, &ServicesPage::tell);
    connect(m_charts, &ServiceCharts::answered, this, &Page::changed);
    connect(m_charts, &ServiceCharts::picked, this, [this](double seconds, double width) {
        momentMenu(this, m_service, seconds, width, [this](const Address& address) {
            Q_EMIT openRequested(address);
        })->popup(QCursor::pos());
    });
    connect(m_links, &ServiceLinks::openRequested, this, &Page::openRequested);
    connect(m_verbs, &ServiceVerbs::said, this, &Page::noticed);
    follow();
}

QWidget* ServicesPage::buildStrip()
{
    auto* verbs = new QWidget;
    auto* row = new QHBoxLayout(verbs);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    row->addWidget(m_title);
    row->addWidget(m_links);
    m_detail->setMinimumWidth(m_theme.px(kLeastDetail));
    row->addWidget(m_detail, 1);
    row->addWidget(new parts::Label(m_theme, tr("Replicas"), theme::Role::Muted));
    m_less->setToolTip(tr("One replica less"));
    m_less->setAccessibleName(m_less->toolTip());
    m_more->setToolTip(tr("One replica more"));
    m_more->setAccessibleName(m_more->toolTip());
    m_number->setAlignment(Qt::AlignCenter);
    m_number->setMinimumWidth(m_theme.px(3 * kUnit));
    row->addWidget(m_less);
    row->addWidget(m_number);
    row->addWidget(m_more);
    row->addWidget(m_scale);
    row->addWidget(m_policy);
    row->addWidget(m_restart);
    connect(m_scale, &QPushButton::clicked, this, &ServicesPage::scale);
    m_policy->setToolTip(tr("By which figures the number of replicas follows the load (P)"));
    connect(m_policy, &QPushButton::clicked, this, [this] { m_verbs->setPolicy(m_service); });
    m_restart->setToolTip(tr("All of the service, or the replica that is chosen (R)"));
    connect(m_restart, &QPushButton::clicked, this, [this] {
        m_verbs->stop(replica().isEmpty() ? StopDialog::What::RestartService
                                          : StopDialog::What::RestartReplica,
            m_service, replica());
    });

    connect(m_less, &QPushButton::clicked, this, [this] { step(-1); });
    connect(m_more, &QPushButton::clicked, this, [this] { step(1); });
    auto* strip = new parts::Pair(verbs, m_chips);
    strip->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    return strip;
}

QWidget* ServicesPage::keyboardStart()
{
    return m_tree;
}

void ServicesPage::select(const QString& id)
{
    const QString service = FleetModel::serviceOf(m_model->find(id));
    if (service.isEmpty() || service == m_service)
        return;
    m_service = service;
    m_charts->showService(service);
    m_chips->showService(service);
    m_links->showService(service);
    m_wantedReplicas.reset();
    follow();
}

void ServicesPage::follow()
{
    if (!m_fleet.isKnown()) {
        if (m_fleet.freshness().state == api::Freshness::State::Never
            && m_fleet.freshness().since.secsTo(QDateTime::currentDateTimeUtc()) < 2)
            m_pane->showLoading();
        else
            m_pane->showMessage(states::failed(tr("The control plane does not answer"),
                tr("The store goes on selling without it. What its services do is not known until "
                   "it is back."),
                {}));
        Q_EMIT changed();
        return;
    }
    m_pane->showContent();
    if (m_service.isEmpty() && m_model->rowCount() > 0) {
        const QModelIndex start
            = m_wanted.id.isEmpty() ? m_model->index(0, 0) : m_model->find(m_wanted.id);
        m_tree->setCurrentIndex(start.isValid() ? start : m_model->index(0, 0));
        m_tree->expand(m_tree->currentIndex());
        m_chips->open(m_wanted);
    }
    if (const Service* service = m_fleet.find(m_service)) {
        m_title->setText(m_service);
        QString detail = tr("%n replicas together", nullptr, service->replicas_size()) + u", "_s
            + tr("one value every %n seconds", nullptr, m_charts->step());
        if (service->policy().enabled() && service->has_override_until())
            detail = tr("Set by hand: the policy waits until %1")
                         .arg(format::clock(service->override_until()));
        else if (service->policy().enabled())
            detail = tr("By policy: %1").arg(format::text(service->policy().last_decision()));
        m_detail->setText(detail);
        const int wanted = m_wantedReplicas.value_or(service->desired_replicas());
        m_number->setText(format::count(wanted));
        m_less->setEnabled(wanted > service->min_replicas());
        m_more->setEnabled(wanted < service->max_replicas());
        const int now = service->desired_replicas();
        const QString share = format::figure(service->figures().requests_per_second());
        m_scale->setRefusal(wanted == now ? tr("There are %n already", nullptr, now) : QString());
        if (wanted != now)
            m_scale->setToolTip(wanted > now
                    ? tr("Starts %n more; they share %1 requests/s", nullptr, wanted - now)
                          .arg(share)
                    : tr("Drains %n; the rest takes %1 requests/s", nullptr, now - wanted)
                          .arg(share));
    }
    Q_EMIT changed();
}

// Said on whatever page the user is: the rest of the window shows only that something waits.
void ServicesPage::tell(const Event& event)
{
    const QString replica = format::text(event.replica());
    const bool asked = event.facts().contains("asked") && event.facts().at("asked") == "yes";
    Notice notice;
    if (event.kind() == "replica.killed" || (event.kind() == "replica.exited" && !asked)) {
        m_died[replica] = event;
        notice = {theme::Tone::Bad,
            tr("%1 died at %2: %3.").arg(replica, secondOf(event), format::text(event.reason()))};
    } else if (event.kind() == "replica.healthy" && m_died.contains(replica)) {
        const Event death = m_died.take(replica);
        notice = {theme::Tone::Warn,
            tr("%1 died at %2: %3. It serves again after %4 s.")
                .arg(replica, secondOf(death), format::text(death.reason()),
                    format::figure(static_cast<double>(
                                       format::time(death.at()).msecsTo(format::time(event.at())))
                        / 1000))};
    } else {
        return;
    }
    notice.action = tr("Show");
    notice.run = [this, id = replica] { Q_EMIT openRequested({name(), id, {}}); };
    Q_EMIT noticed(notice);
}

PageInfo ServicesPage::info() const
{
    PageInfo info;
    info.title = tr("Services");
    int replicas = 0;
    for (const Service& service : m_fleet.services())
        replicas += service.replicas_size();
    if (m_fleet.isKnown())
        info.status << tr("%n services", nullptr, static_cast<int>(m_fleet.services().size()))
                + u", "_s + tr("%n replicas", nullptr, replicas);
    for (const Service& service : m_fleet.services())
        if (service.state() == STATE_DOWN || service.state() == STATE_DEGRADED) {
            info.notice = Notice{
                service.state() == STATE_DOWN ? theme::Tone::Bad : theme::Tone::Warn,
                tr("%1: %2 since %3. %4")
                    .arg(format::text(service.name()), status::of(service.state()).word.toLower(),
                        format::clock(service.state_since()), format::text(service.reason()))};
            break;
        }
    info.freshness = m_fleet.freshness();
    info.updated = m_fleet.updated();
    return info;
}

std::optional<theme::Status> ServicesPage::health() const
{
    return status::of(m_fleet.state());
}

bool ServicesPage::open(const Address& address)
{
    m_wanted = address;
    if (!m_fleet.isKnown())
        return true;
    if (!address.id.isEmpty()) {
        const QModelIndex found = m_model->find(address.id);
        if (!found.isValid())
            return false;
        m_tree->setCurrentIndex(found);
        m_tree->expand(found.parent().isValid() ? found.parent() : found);
    }
    m_chips->open(address);
    return true;
}

Address ServicesPage::address() const
{
    Address address{name(), m_service, {}};
    m_chips->write(address);
    return address;
}

bool ServicesPage::isReady() const
{
    return m_fleet.isKnown() && m_charts->isReady();
}

QList<PageKey> ServicesPage::keys() const
{
    return {{u"W"_s, tr("The orders that wait on the service"), [this] { m_links->openOrders(); }},
        {u"E"_s, tr("What failed in the service"), [this] { m_links->openTraces(); }},
        {u"U"_s, tr("Roll out a version of the service"), [this] { m_links->openRollout(); }},
        {u"L"_s, tr("What it has written"), [this] { m_links->openLogs(replica()); }},
        {u"P"_s, tr("The scaling policy of the service"),
            [this] { m_verbs->setPolicy(m_service); }},
        {u"R"_s, tr("Restart the service or the replica"), [this] { m_restart->click(); }},
        {u"D"_s, tr("Drain the replica"),
            [this] { m_verbs->stop(StopDialog::What::DrainReplica, m_service, replica()); }},
        {u"+"_s, tr("One replica more"), [this] { m_more->click(); }},
        {u"-"_s, tr("One replica less"), [this] { m_less->click(); }},
        {u"Ctrl+Return"_s, tr("Scale to the number that is set"), [this] { m_scale->click(); }}};
}

QString ServicesPage::replica() const
{
    const QString id = m_tree->currentId();
    return id == m_service ? QString() : id;
}

/// What can be done with the row: the same as by the keys.
void ServicesPage::fillMenu(QMenu& menu, const QModelIndex& index)
{
    m_tree->setCurrentIndex(index);
    const auto add = [&menu](const QString& words, const char* key, const auto& run) {
        menu.addAction(words, run)->setShortcut(QKeySequence(QLatin1String(key)));
    };
    if (replica().isEmpty()) {
        add(tr("Scaling policy…"), "P", [this] { m_verbs->setPolicy(m_service); });
        add(tr("Roll out…"), "U", [this] { m_links->openRollout(); });
    } else {
        add(tr("Drain…"), "D",
            [this] { m_verbs->stop(StopDialog::What::DrainReplica, m_service, replica()); });
    }
    add(tr("Restart…"), "R", [this] { m_restart->click(); });
    menu.addSeparator();
    add(tr("Logs"), "L", [this] { m_links->openLogs(replica()); });
    add(tr("Traces that failed"), "E", [this] { m_links->openTraces(); });
    add(tr("Orders that wait"), "W", [this] { m_links->openOrders(); });
}

void ServicesPage::step(int by)
{
    if (const Service* service = m_fleet.find(m_service))
        m_wantedReplicas = std::clamp(m_wantedReplicas.value_or(service->desired_replicas()) + by,
            service->min_replicas(), std::max(service->max_replicas(), service->min_replicas()));
    follow();
}

void ServicesPage::scale()
{
    if (m_scale->isBusy() || !m_wantedReplicas)
        return;
    m_scale->setBusy(true);
    ScaleServiceRequest request;
    request.set_request_id(newRequestId());
    request.set_service(m_service.toStdString());
    request.set_replicas(*m_wantedReplicas);
    request.set_reason("desktop");
    if (const Service* service = m_fleet.find(m_service); service && service->policy().enabled())
        request.mutable_override_for()->set_seconds(kOverrideSeconds);
    api::onReply(this, m_control.scaleService(request),
        [this, name = m_service, wanted = *m_wantedReplicas](auto service) {
            m_scale->setBusy(false);
            if (service.ok() && m_service == name)
                m_wantedReplicas.reset();
            Q_EMIT noticed(service.ok()
                    ? Notice{theme::Tone::Good,
                        tr("%1 goes to %n replicas.", nullptr, wanted).arg(name)}
                    : Notice{theme::Tone::Bad,
                        tr("%1 was not scaled: %2").arg(name, api::describe(service.status()))});
        });
}
