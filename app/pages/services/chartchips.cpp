// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/services/chartchips.h"

#include "app/models/fleetstate.h"
#include "app/models/format.h"
#include "app/pages/services/servicecharts.h"

#include <QBoxLayout>
#include <QMenu>

#include <algorithm>
#include <string_view>

using namespace shopfleet::control::v1;
using theme::kUnit;

namespace {

constexpr int kDay = 86'400;
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
    m_pause->setChecked(false); // It stood still for the other one.
    m_method->setWords({}, tr("All methods"));
}

void ChartChips::chooseRange()
{
    const std::pair<QString, int> ranges[]
        = {{tr("2 min"), 120}, {tr("10 min"), 600}, {tr("1 h"), 3'600}, {tr("24 h"), kDay},
            {tr("7 days"), 7 * kDay}, {tr("30 days"), 30 * kDay}};
    QMenu menu;
    for (const auto& [words, seconds] : ranges)
        menu.addAction(words, this, [this, words = words, seconds = seconds] {
            m_range->setWords(tr("Range"), words);
            m_charts.setRange(seconds);
        });
    menu.exec(m_range->mapToGlobal(QPoint(0, m_range->height())));
}

void ChartChips::chooseCompared()
{
    const std::pair<QString, int> before[] = {{tr("with nothing"), 0}, {tr("1 h before"), 3'600},
        {tr("1 day before"), kDay}, {tr("7 days before"), 7 * kDay}};
    QMenu menu;
    for (const auto& [words, seconds] : before)
        menu.addAction(words, this, [this, words = words, seconds = seconds] {
            m_compared->setWords(
                seconds > 0 ? tr("Compare") : QString(), seconds > 0 ? words : tr("Compare"));
            m_charts.compareWith(seconds, words);
        });
    menu.exec(m_compared->mapToGlobal(QPoint(0, m_compared->height())));
}

void ChartChips::showMethod(const QString& method)
{
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
