// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/panel.h"

#include "app/widgets/paint.h"

#include <QBoxLayout>
#include <QHelpEvent>
#include <QScrollArea>
#include <QToolTip>

using namespace parts;
using theme::kUnit;
using theme::Role;

namespace panel {
namespace {

void empty(QLayout* layout)
{
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        } else if (item->layout()) {
            empty(item->layout());
        }
        delete item;
    }
}

} // namespace

Panel::Panel(const theme::Theme& theme, QWidget* parent)
    : Area(theme, &theme::Theme::surface, parent)
    , m_theme(theme)
    , m_content(new QVBoxLayout)
    , m_footer(new QWidget)
    , m_actions(new ActionBar)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    // Scrolls where the window is low; squeezed instead, wrapped words would lose their last line.
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* inner = area(theme);
    inner->setLayout(m_content);
    scroll->setWidget(inner);
    m_content->setContentsMargins(2 * kUnit, kUnit, 2 * kUnit, kUnit);
    m_content->setSpacing(0);
    m_content->setAlignment(Qt::AlignTop);
    column->addWidget(scroll, 1);

    auto* footer = new QVBoxLayout(m_footer);
    footer->setContentsMargins(0, 0, 0, 0);
    footer->setSpacing(0);
    footer->addWidget(rule(theme));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(2 * kUnit, kUnit + 4, 2 * kUnit, kUnit + 4);
    row->addWidget(m_actions);
    footer->addLayout(row);
    column->addWidget(m_footer);
}

void Panel::clear()
{
    empty(m_content);
    m_actions->clear();
}

void Panel::addRule()
{
    m_content->addSpacing(kUnit + 4);
    m_content->addWidget(rule(m_theme));
    m_content->addSpacing(kUnit);
}

void Panel::addGap(int units)
{
    m_content->addSpacing(units * kUnit);
}

QWidget* heading(const theme::Theme& theme, const QString& text, const QString& right)
{
    auto* widget = new QWidget;
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new Label(theme, text, Role::Text, Face::Strong));
    row->addStretch(1);
    if (!right.isEmpty())
        row->addWidget(new Label(theme, right, Role::Muted));
    widget->setFixedHeight(theme.denseRow());
    return widget;
}

Figure::Figure(const theme::Theme& theme, const QString& value, const QString& what)
    : m_value(new Label(theme, value, Role::Text, Face::Figure))
    , m_what(new ElidedLabel(theme, what, Role::Muted))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_value);
    column->addWidget(m_what);
}

void Figure::setValue(const QString& value)
{
    m_value->setText(value);
}

void Figure::setWhat(const QString& what)
{
    m_what->setText(what);
}

LineList::LineList(const theme::Theme& theme, QList<Line> lines)
    : m_theme(theme)
    , m_lines(std::move(lines))
{
    resizeToLines();
}

void LineList::setLines(QList<Line> lines)
{
    m_lines = std::move(lines);
    resizeToLines();
    update();
}

void LineList::resizeToLines()
{
    setFixedHeight(static_cast<int>(m_lines.size()) * m_theme.denseRow());
}

void LineList::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        resizeToLines();
}

bool LineList::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto line = m_lines.value(help->pos().y() / m_theme.denseRow());
        QToolTip::showText(help->globalPos(), line.words, this);
        return true;
    }
    return QWidget::event(event);
}

void LineList::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    const auto room = [&](auto text) {
        qreal most = 0;
        for (const Line& line : m_lines)
            most = std::max(most, paint::figuresWidth(m_theme.font(), text(line)));
        return most > 0 ? static_cast<int>(most) + 2 * kUnit : 0;
    };
    const int amount = room([](const Line& line) { return line.amount; });
    const int quantity = room([](const Line& line) { return line.quantity; });
    for (int i = 0; i < m_lines.size(); ++i) {
        const Line& line = m_lines[i];
        p.setFont(m_theme.font(line.strong ? QFont::DemiBold : QFont::Normal));
        const QRect row(0, i * m_theme.denseRow(), width(), m_theme.denseRow());
        p.setPen(m_theme.text);
        paint::figures(p, row, line.amount);
        p.setPen(m_theme.muted);
        paint::figures(p, row.adjusted(0, 0, -amount, 0), line.quantity);
        paint::line(p, row.adjusted(0, 0, -amount - quantity, 0), line.words, m_theme.text);
    }
}

QWidget* fact(const theme::Theme& theme, const QString& name, const QString& value)
{
    auto* widget = new QWidget;
    auto* row = new QHBoxLayout(widget);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    auto* words = new ElidedLabel(theme, name, Role::Muted);
    words->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    words->setFixedWidth(theme.px(112));
    row->addWidget(words);
    auto* said = new ElidedLabel(theme, value);
    said->setAccessibleName(name + QStringLiteral(": ") + value);
    row->addWidget(said, 1);
    widget->setFixedHeight(theme.denseRow());
    return widget;
}

CauseBanner::CauseBanner(
    const theme::Theme& theme, theme::Tone tone, const QString& cause, const QString& remedy)
    : m_theme(theme)
    , m_tone(tone)
    , m_actions(new QHBoxLayout)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(5 * kUnit, kUnit + 4, kUnit + 4, kUnit + 4);
    column->setSpacing(4);
    auto* title = new Label(theme, cause, theme::role(tone), Face::Strong);
    title->setWordWrap(true);
    column->addWidget(title);
    auto* body = new Label(theme, remedy);
    body->setWordWrap(true);
    column->addWidget(body);
    m_actions->setSpacing(kUnit);
    m_actions->setAlignment(Qt::AlignLeft);
    column->addLayout(m_actions);
}

void CauseBanner::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    const theme::Ink& ink = m_theme.ink(m_tone);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    p.setBrush(ink.tint);
    p.drawRoundedRect(rect(), theme::kRadius, theme::kRadius);
    paint::shape(p, QRectF(14, 14, 14, 14),
        m_tone == theme::Tone::Bad ? theme::Shape::Square : theme::Shape::Triangle, ink.text);
}

} // namespace panel
