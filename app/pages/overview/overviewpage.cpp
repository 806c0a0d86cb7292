// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/overview/overviewpage.h"

#include "app/api/errors.h"
#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/models/status.h"
#include "app/widgets/charts/timechart.h"
#include "app/widgets/panel.h"

#include <QBoxLayout>
#include <QScrollArea>

#include <chrono>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace shopfleet::orders::v1;
using theme::kUnit;

namespace {

constexpr double kStale = 5; ///< Seconds without an answer.

void empty(QLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->layout())
            empty(item->layout());
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

/// Of the interval that the present moment is in.
double perMinute(const OrderStats::Interval& last, double now)
{
    const double seconds = std::max(60.0, now - static_cast<double>(last.at().seconds()));
    return static_cast<double>(last.orders()) * 60 / seconds;
}

} // namespace

OverviewPage::OverviewPage(
    const theme::Theme& theme, api::OrdersClient& orders, FleetState& fleet, QWidget* parent)
    : Page(parent)
    , m_theme(theme)
    , m_orders(orders)
    , m_fleet(fleet)
    , m_total(new panel::Figure(theme, u"–"_s, tr("orders, last 24 h")))
    , m_rate(new panel::Figure(theme, u"–"_s, tr("orders per minute")))
    , m_revenue(new panel::Figure(theme, u"–"_s, tr("revenue, last 24 h")))
    , m_waiting(new panel::Figure(theme, u"–"_s, tr("waiting orders")))
    , m_services(new panel::Figure(theme, u"–"_s, tr("healthy services")))
    , m_ordersChart(new charts::TimeChart(theme, m_group, {tr("Orders per hour"), {}, 0}))
    , m_revenueChart(new charts::TimeChart(theme, m_group,
          {.title = tr("Revenue per hour"),
              .words = [this](double units) { return format::roundMoney(units, m_currency); }}))
    , m_waitingList(new QVBoxLayout)
    , m_fleetList(new QVBoxLayout)
    , m_books(new QVBoxLayout)
{
    auto* figures = new QHBoxLayout;
    figures->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    figures->setSpacing(4 * kUnit);
    for (panel::Figure* figure : {m_total, m_rate, m_revenue, m_waiting, m_services})
        figures->addWidget(figure, 1);

    auto* times = new QHBoxLayout;
    times->setSpacing(0);
    times->addWidget(m_ordersChart, 1);
    times->addWidget(parts::rule(theme, Qt::Vertical));
    times->addWidget(m_revenueChart, 1);

    const auto column = [&theme](const QString& title, QVBoxLayout* list) {
        auto* box = new QVBoxLayout;
        box->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
        box->setSpacing(kUnit);
        box->addWidget(panel::heading(theme, title));
        list->setSpacing(4);
        box->addLayout(list);
        box->addStretch(1);
        return box;
    };
    auto* lists = new QHBoxLayout;
    lists->setSpacing(0);
    auto* store = new QVBoxLayout;
    store->setSpacing(0);
    store->addLayout(column(tr("Waiting orders, by what they wait on"), m_waitingList));
    store->addLayout(column(tr("Books of all services"), m_books));
    lists->addLayout(store, 1);
    lists->addWidget(parts::rule(theme, Qt::Vertical));
    lists->addLayout(column(tr("Fleet"), m_fleetList), 1);

    auto* surface = parts::area(theme);
    auto* all = new QVBoxLayout(surface);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(figures);
    all->addWidget(parts::rule(theme));
    all->addLayout(times, 3);
    all->addWidget(parts::rule(theme));
    all->addLayout(lists, 2);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(surface);
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->addWidget(scroll);

    connect(&m_tick, &QTimer::timeout, this, &OverviewPage::fetch);
    for (const auto signal : {&FleetState::changed, &FleetState::freshnessChanged}) {
        connect(&fleet, signal, this, &OverviewPage::showFleet);
        connect(&fleet, signal, this, &OverviewPage::showBooks);
    }
    showFleet();
    showBooks();
}

void OverviewPage::showEvent(QShowEvent*)
{
    m_tick.start(1s);
    fetch();
}

void OverviewPage::hideEvent(QHideEvent*)
{
    m_tick.stop();
}

void OverviewPage::fetch()
{
    if (m_asking)
        return;
    m_asking = true;
    GetOrderStatsRequest request;
    api::onReply(this, m_orders.getOrderStats(request), [this](auto stats) {
        m_asking = false;
        const auto now = QDateTime::currentDateTimeUtc();
        if (stats.ok()) {
            m_error.clear();
            m_updated = now;
            take(*stats);
        } else {
            if (m_error.isEmpty())
                m_failedSince = now;
            m_error = api::describe(stats.status());
        }
        Q_EMIT changed();
    });
}

void OverviewPage::take(const OrderStats& stats)
{
    m_currency = stats.currency();
    m_total->setValue(format::count(stats.orders()));
    m_revenue->setValue(format::money(stats.revenue_minor(), stats.currency()));
    qint64 waiting = 0;
    for (const auto& on : stats.waiting())
        waiting += on.orders();
    m_waiting->setValue(format::count(waiting));
    showCharts(stats);
    showWaiting(stats);
}

void OverviewPage::showCharts(const OrderStats& stats)
{
    if (stats.intervals().empty())
        return;
    charts::Series orders{tr("orders"), {}, {}, charts::Line::First, true};
    charts::Series revenue{tr("revenue"), {}, {}, charts::Line::First, true};
    for (const auto& interval : stats.intervals()) {
        const auto at = static_cast<double>(interval.at().seconds());
        orders.seconds << at;
        orders.values << static_cast<double>(interval.orders());
        revenue.seconds << at;
        revenue.values << static_cast<double>(interval.revenue_minor())
                / 100; // A chart draws, it does not reckon.
    }
    const double first = orders.seconds.first();
    const double last = orders.seconds.last();
    const double step = orders.seconds.size() > 1 ? orders.seconds[1] - first : 3600;
    m_group.setSpan(std::max(step, last - first));
    m_group.setNow(last);
    m_ordersChart->setSeries({orders}, step);
    m_revenueChart->setSeries({revenue}, step);
    // Past orders alone, an imported file: nobody takes its last day for today.
    const auto now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
    const bool isPast = last + step < now;
    const QString until = format::day(stats.intervals().rbegin()->at());
    m_total->setWhat(isPast ? tr("orders, 24 h to %1").arg(until) : tr("orders, last 24 h"));
    m_revenue->setWhat(isPast ? tr("revenue, 24 h to %1").arg(until) : tr("revenue, last 24 h"));
    m_rate->setValue(format::figure(isPast ? 0 : perMinute(*stats.intervals().rbegin(), now)));
}

void OverviewPage::showWaiting(const OrderStats& stats)
{
    empty(m_waitingList);
    for (const auto& on : stats.waiting()) {
        auto* row = parts::button(
            tr("%1: %n orders, %2", nullptr, static_cast<int>(on.orders()))
                .arg(format::text(on.service()), format::money(on.total_minor(), stats.currency())),
            "link");
        row->setToolTip(tr("%1, the oldest since %2")
                            .arg(format::text(on.method()), format::moment(on.oldest())));
        connect(row, &QPushButton::clicked, this, [this, service = format::text(on.service())] {
            Address address{u"orders"_s, {}, {}};
            address.set(u"filter"_s, u"waiting_service = "_s + service);
            Q_EMIT openRequested(address);
        });
        m_waitingList->addWidget(row, 0, Qt::AlignLeft);
    }
    if (stats.waiting().empty())
        m_waitingList->addWidget(
            new parts::Label(m_theme, tr("No order waits on anything."), theme::Role::Muted));
}

void OverviewPage::showFleet()
{
    empty(m_fleetList);
    int healthy = 0;
    for (const auto& service : m_fleet.services()) {
        const bool known = m_fleet.freshness().state == api::Freshness::State::Live;
        healthy += known && service.state() == shopfleet::control::v1::STATE_HEALTHY;
        auto* row = new QHBoxLayout;
        row->setSpacing(kUnit);
        auto* name = parts::button(format::text(service.name()), "link");
        connect(name, &QPushButton::clicked, this, [this, id = format::text(service.name())] {
            Q_EMIT openRequested({u"services"_s, id, {}});
        });
        row->addWidget(name);
        row->addStretch(1);
        row->addWidget(new parts::Label(m_theme,
            tr("%1 /s").arg(QLocale().toString(service.figures().requests_per_second(), 'f', 1)),
            theme::Role::Muted));
        auto* badge = new parts::Badge(
            m_theme, status::of(known ? service.state() : shopfleet::control::v1::STATE_UNKNOWN));
        badge->setToolTip(format::text(service.reason()));
        badge->setMinimumWidth(m_theme.px(13 * kUnit));
        row->addWidget(badge);
        m_fleetList->addLayout(row);
    }
    if (!m_fleet.isKnown())
        m_fleetList->addWidget(new parts::Label(
            m_theme, tr("The control plane does not answer yet."), theme::Role::Muted));
    m_services->setValue(
        m_fleet.isKnown() ? tr("%1 of %2").arg(healthy).arg(m_fleet.services().size()) : u"–"_s);
    Q_EMIT changed();
}

/// The auditor's word: a light, and each thing that does not hold with a way to it.
void OverviewPage::showBooks()
{
    empty(m_books);
    const auto& books = m_fleet.integrity();
    const bool known = m_fleet.freshness().state == api::Freshness::State::Live;
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    QString words = tr("The auditor has not looked yet.");
    if (!books.error().empty())
        words = tr("The auditor could not look: %1").arg(format::text(books.error()));
    else if (books.has_at())
        words = tr("%n checks, %1", nullptr, books.checks()).arg(format::when(books.at()));
    auto* said = new parts::ElidedLabel(m_theme, words, theme::Role::Muted);
    said->setToolTip(books.has_at() ? format::moment(books.at()) : words);
    row->addWidget(said, 1);
    row->addWidget(
        new parts::Badge(m_theme, status::of(known ? books : shopfleet::control::v1::Integrity())));
    m_books->addLayout(row);
    for (const auto& one : books.found()) {
        auto* link = parts::button(
            tr("%1: %2").arg(format::text(one.subject()), format::text(one.found())), "link");
        link->setToolTip(tr("Check %1").arg(format::text(one.check())));
        // Most of them are orders, or carry an order's number.
        connect(link, &QPushButton::clicked, this, [this, subject = format::text(one.subject())] {
            Address address{u"orders"_s, {}, {}};
            address.set(u"search"_s, subject);
            Q_EMIT openRequested(address);
        });
        m_books->addWidget(link, 0, Qt::AlignLeft);
    }
    if (books.violations() > books.found_size())
        m_books->addWidget(new parts::Label(m_theme,
            tr("and %n more", nullptr, static_cast<int>(books.violations()) - books.found_size()),
            theme::Role::Muted));
}

PageInfo OverviewPage::info() const
{
    PageInfo info;
    info.title = tr("Overview");
    info.updated = m_updated;
    info.freshness.state = !m_updated.isValid() ? api::Freshness::State::Never
        : m_updated.msecsTo(QDateTime::currentDateTimeUtc()) < static_cast<qint64>(kStale * 1000)
            && m_error.isEmpty()
        ? api::Freshness::State::Live
        : api::Freshness::State::Stale;
    info.freshness.since = m_updated.isValid() ? m_updated : m_failedSince;
    if (!m_error.isEmpty())
        info.notice = Notice{theme::Tone::Warn,
            tr("The figures of orders are not known since %1. %2")
                .arg(QLocale().toString(m_failedSince.toLocalTime().time(), u"HH:mm:ss"_s),
                    m_error)};
    return info;
}

bool OverviewPage::open(const Address&)
{
    return true;
}

bool OverviewPage::isReady() const
{
    return (m_updated.isValid() || !m_error.isEmpty()) && m_fleet.isKnown();
}
