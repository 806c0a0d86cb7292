// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/chartchips.h"

#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/pages/services/servicecharts.h"

#include <QBoxLayout>
#include <QMenu>

#include <algorithm>
#include <string_view>

using namespace Qt::StringLiterals;
using namespace shopfleet::control::v1;
using theme::kUnit;

namespace {

constexpr int kDay = 86'400;
const auto kFirstRange = u"10m"_s;
const auto kNone = u"none"_s;
constexpr std::string_view kStep = "saga/"; // As the control plane names an order's steps.

bool isStep(std::string_view method)
{
    return method.starts_with(kStep);
}

/// "orders.v1.Orders/PlaceOrder" is "PlaceOrder", "saga/payments/AuthorisePayment" is
/// "Step payments/AuthorisePayment".
QString methodWords(const QString& method)
{
    if (isStep(method.toStdString()))
        return ChartChips::tr("Step %1").arg(method.mid(qsizetype(kStep.size())));
    return method.section(u'/', -1);
}

} // namespace

ChartChips::ChartChips(const theme::Theme& theme, const FleetState& fleet, ServiceCharts& charts)
    : m_fleet(fleet)
    , m_charts(charts)
    , m_method(new parts::Chip(theme, {}, tr("All methods"), parts::Chip::Glyph::Chevron))
    , m_range(new parts::Chip(theme, tr("Range"), tr("10 min"), parts::Chip::Glyph::Chevron))
    , m_compared(new parts::Chip(theme, {}, tr("Compare"), parts::Chip::Glyph::Chevron))
    , m_pause(parts::button(tr("Pause"), "small"))
    , m_shownRange(kFirstRange)
    , m_shownBefore(kNone)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    for (QWidget* each : std::initializer_list<QWidget*>{m_method, m_range, m_compared, m_pause})
        row->addWidget(each);
    connect(m_method, &QPushButton::clicked, this, &ChartChips::chooseMethod);
    connect(m_range, &QPushButton::clicked, this, &ChartChips::chooseRange);
    connect(m_compared, &QPushButton::clicked, this, &ChartChips::chooseCompared);
    m_pause->setCheckable(true);
    connect(m_pause, &QPushButton::toggled, this, [this](bool paused) {
        m_charts.setPaused(paused);
        m_pause->setText(paused ? tr("Go on") : tr("Pause"));
    });
}

void ChartChips::showService(const QString& name)
{
    m_service = name;
    m_shownMethod.clear();
    m_pause->setChecked(false); // It stood still for the other one.
    m_method->setWords({}, tr("All methods"));
}

/// By what they are called in an address.
QList<ChartChips::Span> ChartChips::ranges()
{
    return {{u"2m"_s, tr("2 min"), 120}, {u"10m"_s, tr("10 min"), 600}, {u"1h"_s, tr("1 h"), 3'600},
        {u"24h"_s, tr("24 h"), kDay}, {u"7d"_s, tr("7 days"), 7 * kDay},
        {u"30d"_s, tr("30 days"), 30 * kDay}};
}

QList<ChartChips::Span> ChartChips::before()
{
    return {{kNone, tr("with nothing"), 0}, {u"1h"_s, tr("1 h before"), 3'600},
        {u"1d"_s, tr("1 day before"), kDay}, {u"7d"_s, tr("7 days before"), 7 * kDay}};
}

void ChartChips::open(const Address& address)
{
    for (const Span& span : ranges())
        if (span.key == address.value(u"range"_s))
            show(span);
    for (const Span& span : before())
        if (span.key == address.value(u"compare"_s))
            compareWith(span);
    if (const QString method = address.value(u"method"_s); !method.isEmpty())
        showMethod(method == kNone ? QString() : method);
}

void ChartChips::write(Address& address) const
{
    address.set(u"range"_s, m_shownRange == kFirstRange ? QString() : m_shownRange);
    address.set(u"compare"_s, m_shownBefore == kNone ? QString() : m_shownBefore);
    address.set(u"method"_s, m_shownMethod);
}

void ChartChips::show(const Span& range)
{
    m_shownRange = range.key;
    m_range->setWords(tr("Range"), range.words);
    m_charts.setRange(range.seconds);
}

void ChartChips::compareWith(const Span& span)
{
    m_shownBefore = span.key;
    m_compared->setWords(span.seconds > 0 ? tr("Compare") : QString(),
        span.seconds > 0 ? span.words : tr("Compare"));
    m_charts.compareWith(span.seconds, span.words);
}

void ChartChips::chooseRange()
{
    QMenu menu;
    for (const Span& span : ranges())
        menu.addAction(span.words, this, [this, span] { show(span); });
    menu.exec(m_range->mapToGlobal(QPoint(0, m_range->height())));
}

void ChartChips::chooseCompared()
{
    QMenu menu;
    for (const Span& span : before())
        menu.addAction(span.words, this, [this, span] { compareWith(span); });
    menu.exec(m_compared->mapToGlobal(QPoint(0, m_compared->height())));
}

void ChartChips::showMethod(const QString& method)
{
    m_shownMethod = method;
    m_pause->setChecked(false); // It stood still for the other one.
    m_method->setWords({}, method.isEmpty() ? tr("All methods") : methodWords(method));
    m_charts.setMethod(method);
}

/// Its methods, and below them how long orders wait at each step of theirs.
void ChartChips::chooseMethod()
{
    const Service* service = m_fleet.find(m_service);
    if (!service)
        return;
    QMenu menu;
    menu.addAction(tr("All methods"), this, [this] { showMethod({}); });
    menu.addSeparator();
    QList<QString> methods, steps;
    for (const std::string& method : service->methods())
        (isStep(method) ? steps : methods).append(format::text(method));
    for (auto* names : {&methods, &steps}) {
        std::ranges::sort(*names);
        for (const QString& name : *names)
            menu.addAction(methodWords(name), this, [this, name] { showMethod(name); });
        menu.addSeparator();
    }
    menu.exec(m_method->mapToGlobal(QPoint(0, m_method->height())));
}
