// SPDX-License-Identifier: GPL-3.0-or-later
// Not translated: nobody but us reads this page.
#include "app/specimen.h"

#include "app/widgets/paint.h"
#include "app/widgets/panel.h"
#include "app/widgets/states.h"
#include "app/widgets/timeline/timeline.h"

#include <QBoxLayout>
#include <QGridLayout>

using namespace parts;
using namespace Qt::StringLiterals;
using theme::kUnit;
using theme::Role;
using theme::Shape;
using theme::Status;
using theme::Theme;
using theme::Tone;

Specimen::Specimen(const Theme& theme)
    : m_theme(theme)
{
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    auto* surface = area(theme);
    all->addWidget(surface);
    auto* column = new QVBoxLayout(surface);
    column->setContentsMargins(2 * kUnit, 2 * kUnit, 2 * kUnit, 2 * kUnit);
    column->setSpacing(3 * kUnit);
    column->addLayout(colours());
    column->addLayout(words());
    column->addLayout(badges());
    column->addLayout(controls());
    column->addWidget(rule(theme));
    column->addLayout(messages());
    column->addStretch(1);
    m_panel = buildPanel();
}

PageInfo Specimen::info() const
{
    PageInfo info;
    info.title = u"Tokens"_s;
    info.views = {u"All"_s, u"States"_s};
    info.filters = {{u"a"_s, u"Placed"_s, u"last 3 days"_s}, {u"b"_s, u"Channel"_s, u"web shop"_s}};
    info.canFilter = true;
    info.searchHint = u"Token or state"_s;
    info.notice = Notice{Tone::Warn, u"This page is for us: every token, every state."_s, u"Undo"_s,
        u"Ctrl+Z"_s, {}};
    info.status = {u"15 tokens"_s, u"14 states"_s};
    info.freshness = {api::Freshness::State::Live, QDateTime::currentDateTimeUtc()};
    info.updated = QDateTime::currentDateTimeUtc();
    info.showsPanel = true;
    return info;
}

QBoxLayout* Specimen::group(const QString& title)
{
    auto* column = new QVBoxLayout;
    column->setSpacing(kUnit);
    column->addWidget(new Label(m_theme, title, Role::Muted, Face::Medium));
    return column;
}

QLayout* Specimen::colours()
{
    auto* column = group(u"Colours"_s);
    auto* grid = new QGridLayout;
    grid->setSpacing(kUnit);
    const std::pair<QString, QColor Theme::*> all[] = {{u"chrome"_s, &Theme::chrome},
        {u"surface"_s, &Theme::surface}, {u"hover"_s, &Theme::hover},
        {u"selected"_s, &Theme::selected}, {u"line"_s, &Theme::line},
        {u"control"_s, &Theme::control}, {u"muted"_s, &Theme::muted}, {u"text"_s, &Theme::text},
        {u"accent"_s, &Theme::accent}, {u"accentSoft"_s, &Theme::accentSoft},
        {u"pale"_s, &Theme::pale}, {u"environment"_s, &Theme::environment}};
    int i = 0;
    for (const auto& [name, colour] : all) {
        grid->addWidget(new Mark([] { return QSize(24, 24); },
                            [this, colour = colour](QPainter& p, const QRect& r) {
                                p.setPen(m_theme.control);
                                p.setBrush(m_theme.*colour);
                                p.drawRoundedRect(QRectF(r).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
                            }),
            i % 2, i / 2 * 2);
        grid->addWidget(new Label(m_theme, name), i % 2, i / 2 * 2 + 1);
        ++i;
    }
    grid->setColumnStretch(12, 1);
    column->addLayout(grid);
    return column;
}

QLayout* Specimen::words()
{
    auto* column = group(u"Type"_s);
    auto* row = new QHBoxLayout;
    row->setSpacing(4 * kUnit);
    row->addWidget(new Label(m_theme, u"Order 537420 · Заказ 537420"_s, Role::Text, Face::Title));
    row->addWidget(
        new Label(m_theme, u"£1,335.30 · 1 335,30 ₽"_s, Role::Text, Face::Figure), 1);
    column->addLayout(row);
    column->addWidget(new ElidedLabel(m_theme,
        u"Служба доставки не отвечает с 17:07. Ждут 14 заказов, ни один не потерян. "
        "Съешь ещё этих мягких французских булок, да выпей чаю — ЪЫЭЮЯ №"_s,
        Role::Muted));
    return column;
}

QLayout* Specimen::badges()
{
    auto* column = group(u"States: colour, shape and word"_s);
    auto* grid = new QGridLayout;
    grid->setSpacing(kUnit);
    const Status all[] = {{u"Healthy"_s, Shape::Disc, Tone::Good},
        {u"Starting"_s, Shape::Quarter, Tone::Progress},
        {u"Degraded"_s, Shape::Triangle, Tone::Warn, true},
        {u"Down"_s, Shape::Square, Tone::Bad, true}, {u"Draining"_s, Shape::Dashed, Tone::Quiet},
        {u"Unknown"_s, Shape::Question, Tone::Quiet}, {u"Half"_s, Shape::Half, Tone::Progress},
        {u"Three"_s, Shape::ThreeQuarters, Tone::Progress},
        {u"Delivered"_s, Shape::Tick, Tone::Good}};
    int i = 0;
    for (const Status& status : all)
        grid->addWidget(new Badge(m_theme, status), 0, i++);
    grid->setColumnStretch(i, 1);
    column->addLayout(grid);
    return column;
}

QLayout* Specimen::controls()
{
    auto* column = group(u"Controls: primary, plain, focused, not permitted, busy, small, link"_s);
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(button(u"Refund £335.30…"_s, "primary"));
    row->addWidget(button(u"Change carrier"_s));
    m_focus = button(u"Focused"_s);
    row->addWidget(m_focus);
    auto* denied = new BusyButton(u"Restart"_s, {});
    denied->setRefusal(u"Needs fleet.restart"_s);
    row->addWidget(denied);
    auto* busy = new BusyButton(u"Refund"_s, u"Refunding…"_s);
    busy->setBusy(true);
    row->addWidget(busy);
    row->addWidget(button(u"Retry"_s, "small"));
    row->addWidget(button(u"10 more lines"_s, "link"));
    row->addStretch(1);
    column->addLayout(row);
    return column;
}

QLayout* Specimen::messages()
{
    auto* grid = new QGridLayout;
    grid->setSpacing(2 * kUnit);
    const states::Message all[] = {
        states::empty(u"No returns yet"_s, u"A return appears here when a customer asks for one."_s,
            u"Record a return"_s),
        states::filtered(u"No stuck order in Norway"_s,
            u"“Status is Stuck” hides 2 of the 2 orders from Norway."_s, u"Clear Status"_s, {}),
        states::failed(u"Customers cannot be read since 17:28"_s,
            u"The customers service does not answer. The rest of the page is up to date."_s, {}),
        states::notPermitted(u"orders.refund"_s)};
    int i = 0;
    for (const states::Message& message : all) {
        auto* view = new states::MessageView(m_theme);
        view->layout()->setContentsMargins(0, 0, 0, 0);
        view->show(message);
        grid->addWidget(view, i / 2, i % 2);
        ++i;
    }
    return grid;
}

QWidget* Specimen::buildPanel()
{
    auto* panel = new panel::Panel(m_theme);
    auto* head = new QHBoxLayout;
    head->setSpacing(kUnit);
    head->addWidget(new Label(m_theme, u"Order 537420"_s, Role::Text, Face::Title));
    head->addWidget(new Badge(m_theme, {u"Stuck"_s, Shape::Triangle, Tone::Warn, true}));
    head->addStretch(1);
    head->addWidget(iconButton(m_theme, u"edit-link"_s, u"Copy address (Ctrl+Shift+C)"_s));
    head->addWidget(iconButton(m_theme, u"view-fullscreen"_s, u"Open in full (Enter)"_s));
    panel->content()->addLayout(head);
    panel->content()->addWidget(new ElidedLabel(
        m_theme, u"Customer 17519 · United Kingdom · placed today 15:18"_s, Role::Muted));
    panel->addGap();
    auto* cause = new panel::CauseBanner(m_theme, Tone::Warn, u"Stuck for 23 min in Packed"_s,
        u"Parcelforce has not answered since 17:07: both tries for a label timed out."_s);
    cause->actions()->addWidget(button(u"Retry"_s, "small"));
    panel->content()->addWidget(cause);
    panel->addGap();
    auto* figures = new QHBoxLayout;
    figures->addWidget(new panel::Figure(m_theme, u"£335.30"_s, u"Visa •••• 4242"_s), 3);
    figures->addWidget(new panel::Figure(m_theme, u"184"_s, u"units"_s), 2);
    figures->addWidget(new panel::Figure(m_theme, u"11.2 kg"_s, u"1 parcel"_s), 2);
    panel->content()->addLayout(figures);
    panel->addRule();
    panel->content()->addWidget(panel::heading(m_theme, u"Lines"_s, u"3"_s));
    panel->content()->addWidget(new panel::LineList(m_theme,
        {{u"Alarm clock bakelike red"_s, u"4 × £3.75"_s, u"£15.00"_s},
            {u"Set/20 red retrospot paper napkins"_s, u"36 × £0.85"_s, u"£30.60"_s},
            {u"Total"_s, {}, u"£45.60"_s, true}}));
    panel->content()->addWidget(panel::fact(m_theme, u"Carrier"_s, u"Royal Mail"_s));
    panel->addRule();
    panel->content()->addWidget(panel::heading(m_theme, u"Timeline"_s));
    panel->content()->addWidget(new Timeline(m_theme,
        {{u"Label timed out at Parcelforce, 2 tries"_s, u"17:09"_s, Shape::Triangle, Tone::Warn},
            {u"Picked, 18 of 18 lines"_s, u"16:51"_s, Shape::Half, Tone::Progress},
            {u"Paid £335.30"_s, u"15:18"_s, Shape::Tick, Tone::Good},
            {u"Placed in the web shop"_s, u"15:18"_s, Shape::Disc, Tone::Quiet}}));
    panel->actions()->add(button(u"Change carrier…"_s, "primary"));
    panel->actions()->add(button(u"Refund…"_s));
    return panel;
}
