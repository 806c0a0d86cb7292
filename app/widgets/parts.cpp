// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/parts.h"

#include "app/widgets/paint.h"

#include <QBoxLayout>
#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollArea>
#include <QSpinBox>

#include <algorithm>
#include <limits>

using theme::kUnit;
using theme::Theme;
using namespace Qt::StringLiterals;

namespace parts {

QFont font(const Theme& theme, Face face)
{
    switch (face) {
    case Face::Medium:
        return theme.font(QFont::Medium);
    case Face::Strong:
        return theme.font(QFont::DemiBold);
    case Face::Title:
        return theme.titleFont();
    case Face::Figure:
        return theme.figureFont();
    case Face::Caption:
        return theme.captionFont();
    default:
        return theme.font();
    }
}

Label::Label(const Theme& theme, const QString& text, theme::Role role, Face face, QWidget* parent)
    : QLabel(text, parent)
    , m_theme(theme)
    , m_role(role)
    , m_face(face)
{
    setTextFormat(Qt::PlainText);
    restyle();
}

void Label::setRole(theme::Role role)
{
    m_role = role;
    restyle();
}

void Label::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        restyle();
}

void Label::restyle()
{
    const QFont face = parts::font(m_theme, m_face);
    if (font() != face)
        setFont(face);
    QPalette colours = palette();
    const QColor& colour = m_theme.color(m_role);
    if (colours.color(QPalette::WindowText) == colour)
        return;
    colours.setColor(QPalette::WindowText, colour);
    setPalette(colours);
}

ElidedLabel::ElidedLabel(
    const Theme& theme, const QString& text, theme::Role role, Face face, QWidget* parent)
    : Label(theme, text, role, face, parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {0, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.setFont(font());
    paint::line(p, contentsRect(), text(), palette().color(QPalette::WindowText));
    const bool cut = QFontMetricsF(font()).horizontalAdvance(text()) > contentsRect().width();
    if (cut ? toolTip().isEmpty() : toolTip() == text())
        setToolTip(cut ? text() : QString());
}

void FigureLabel::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.setFont(font());
    p.setPen(palette().color(QPalette::WindowText));
    QRect place = contentsRect();
    if (!(alignment() & Qt::AlignRight))
        place.setWidth(static_cast<int>(paint::figuresWidth(font(), text())) + 1);
    paint::figures(p, place, text());
}

QPushButton* button(const QString& text, const char* kind, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setProperty("kind", QLatin1StringView(kind));
    button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    return button;
}

QPushButton* iconButton(const Theme& theme, const QString& icon, const QString& tip)
{
    auto* button = parts::button({}, "quiet");
    if (!icon.isEmpty())
        button->setIcon(theme.icon(icon));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFixedSize(4 * kUnit, 4 * kUnit);
    return button;
}

Choice::Choice(const Theme& theme, QWidget* parent)
    : QComboBox(parent)
    , m_theme(theme)
{
}

void Choice::paintEvent(QPaintEvent* event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paint::chevron(painter, QPointF(width() - 14, height() / 2.0 + 0.5), m_theme.muted);
}

QSpinBox* unitsBox(qint64 most, const QString& suffix, const QString& name)
{
    auto* box = new QSpinBox;
    box->setButtonSymbols(QSpinBox::NoButtons);
    box->setRange(0, static_cast<int>(std::min<qint64>(most, std::numeric_limits<int>::max())));
    box->setSuffix(suffix);
    box->setAccessibleName(name);
    return box;
}

QWidget* scrolled(const Theme& theme, QWidget* content, int most)
{
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    scroll->setMaximumHeight(theme.px(most));
    scroll->setMinimumHeight(std::min(theme.px(most), content->sizeHint().height() + 2));
    return scroll;
}

QWidget* rule(const Theme& theme, Qt::Orientation orientation)
{
    auto* line = new Area(theme, &Theme::line);
    if (orientation == Qt::Horizontal)
        line->setFixedHeight(1);
    else
        line->setFixedWidth(1);
    return line;
}

BusyButton::BusyButton(const QString& text, const QString& busyText, const char* kind)
    : m_text(text)
    , m_busyText(busyText)
{
    setProperty("kind", QLatin1StringView(kind));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    refresh();
}

void BusyButton::setBusy(bool busy)
{
    m_busy = busy;
    refresh();
}

void BusyButton::setRefusal(const QString& why)
{
    m_why = why;
    refresh();
}

void BusyButton::refresh()
{
    setText(m_busy ? m_busyText : m_text);
    setEnabled(!m_busy && m_why.isEmpty());
    setToolTip(m_why);
}

Area::Area(const Theme& theme, Colour colour, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_colour(colour)
{
}

void Area::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), m_theme.*m_colour);
}

Area* area(const Theme& theme)
{
    return new Area(theme, &Theme::surface);
}

Pair::Pair(QWidget* first, QWidget* second)
    : m_first(first)
    , m_second(second)
    , m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(theme::kUnit);
    m_layout->addWidget(first, 1);
    m_layout->addWidget(second, 0);
}

QSize Pair::minimumSizeHint() const
{
    const QSize least = m_first->minimumSizeHint().expandedTo(m_second->minimumSizeHint());
    return least.grownBy(contentsMargins());
}

bool Pair::event(QEvent* event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) {
        const int needed = m_first->minimumSizeHint().width() + m_layout->spacing()
            + m_second->minimumSizeHint().width();
        const bool fits = needed <= contentsRect().width();
        m_layout->setDirection(fits ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
        m_layout->setAlignment(m_second, fits ? Qt::Alignment() : Qt::AlignRight);
    }
    return QWidget::event(event);
}

Mark::Mark(Size size, Draw draw)
    : m_size(std::move(size))
    , m_draw(std::move(draw))
{
    setFixedSize(m_size());
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Mark::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    m_draw(p, rect());
}

void Mark::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        setFixedSize(m_size());
}

Mark* shapeMark(const Theme& theme, theme::Shape shape, theme::Role role)
{
    return new Mark([] { return QSize(16, 16); },
        [=, &theme](
            QPainter& p, const QRect& rect) { paint::shape(p, rect, shape, theme.color(role)); });
}

Mark* keyCap(const Theme& theme, const QString& keys)
{
    const auto size = [=, &theme] {
        return QSize(QFontMetrics(theme.captionFont()).horizontalAdvance(keys) + 11, theme.px(18));
    };
    return new Mark(size, [=, &theme](QPainter& p, const QRect& rect) {
        p.setPen(theme.line);
        p.setBrush(theme.chrome);
        p.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        p.setFont(theme.captionFont());
        p.setPen(theme.muted);
        p.drawText(rect, Qt::AlignCenter, keys);
    });
}

Mark* environmentPill(const Theme& theme, const QString& name)
{
    const auto size = [=, &theme] {
        return QSize(QFontMetrics(theme.font(QFont::DemiBold)).horizontalAdvance(name) + 20,
            theme.denseRow());
    };
    return new Mark(size, [=, &theme](QPainter& p, const QRect& rect) {
        p.setPen(Qt::NoPen);
        p.setBrush(theme.environment);
        p.drawRoundedRect(rect, 4, 4);
        p.setFont(theme.font(QFont::DemiBold));
        p.setPen(theme.onEnvironment);
        p.drawText(rect, Qt::AlignCenter, name);
    });
}

Badge::Badge(const Theme& theme, const theme::Status& status, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_status(status)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::setStatus(const theme::Status& status)
{
    if (m_status == status)
        return;
    m_status = status;
    setAccessibleName(status.word);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return {paint::badgeWidth(m_status, m_theme), m_theme.denseRow()};
}

void Badge::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    paint::badge(p, rect(), m_status, m_theme);
}

void Badge::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        updateGeometry();
}

} // namespace parts
