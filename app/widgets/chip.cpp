// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/paint.h"
#include "app/widgets/parts.h"

#include <QKeyEvent>
#include <QMouseEvent>

namespace parts {

Chip::Chip(const theme::Theme& theme, const QString& subject, const QString& value, Glyph glyph)
    : m_theme(theme)
    , m_glyph(glyph)
{
    setProperty("kind",
        QStringLiteral("chip")); // For its height: the style sheet's wins over setFixedHeight.
    setFont(theme.font());
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    setWords(subject, value);
}

void Chip::setWords(const QString& subject, const QString& value)
{
    m_subject = subject;
    m_value = value;
    setAccessibleName(subject + u' ' + value);
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const
{
    const QFontMetrics metrics(m_theme.font());
    const int subject = m_subject.isEmpty() ? 0 : metrics.horizontalAdvance(m_subject) + 5;
    const int glyph = m_glyph == Glyph::None ? 0 : 16;
    return {10 + subject + metrics.horizontalAdvance(m_value) + 2 + glyph + 10, m_theme.denseRow()};
}

void Chip::changeEvent(QEvent* event)
{
    QPushButton::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        updateGeometry();
}

void Chip::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_glyph == Glyph::Cross && rect().contains(event->pos()) && event->pos().x() > width() - 24)
        Q_EMIT crossed();
    else
        QPushButton::mouseReleaseEvent(event);
}

void Chip::keyPressEvent(QKeyEvent* event)
{
    if (m_glyph == Glyph::Cross
        && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace))
        Q_EMIT crossed();
    else
        QPushButton::keyPressEvent(event);
}

void Chip::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    p.setFont(m_theme.font());
    const bool plain = m_subject.isEmpty();
    p.setPen(hasFocus() ? QPen(m_theme.accent, 2)
            : plain     ? QPen(Qt::NoPen)
                        : QPen(m_theme.control, 1));
    p.setBrush(isDown() ? m_theme.selected : underMouse() ? m_theme.hover : m_theme.surface);
    const qreal inset = hasFocus() ? 1 : 0.5;
    const qreal radius = plain ? theme::kRadius : height() / 2.0;
    p.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), radius, radius);
    QRect words = rect().adjusted(10, 0, -8, 0);
    if (!plain)
        words.setLeft(words.left() + paint::line(p, words, m_subject, m_theme.muted) + 5);
    paint::line(p, words, m_value, m_theme.text);
    const QPointF centre(width() - 14, height() / 2.0);
    if (m_glyph == Glyph::Cross)
        paint::cross(p, centre, m_theme.muted);
    else if (m_glyph == Glyph::Chevron)
        paint::chevron(p, centre + QPointF(0, 0.5), m_theme.muted);
}

} // namespace parts
