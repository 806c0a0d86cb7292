// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/timeline/timeline.h"

#include "app/widgets/paint.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

Timeline::Timeline(const theme::Theme& theme, QList<Event> events, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_events(std::move(events))
{
    setMouseTracking(true);
    resizeToEvents();
}

void Timeline::setEvents(QList<Event> events)
{
    m_events = std::move(events);
    resizeToEvents();
    update();
}

void Timeline::resizeToEvents()
{
    setFixedHeight(static_cast<int>(m_events.size()) * m_theme.denseRow());
    QStringList all;
    for (const Event& event : m_events)
        all.append(event.when + u' ' + event.what);
    setAccessibleDescription(all.join(u'\n'));
}

void Timeline::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        resizeToEvents();
}

bool Timeline::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Event at = m_events.value(help->pos().y() / m_theme.denseRow());
        QToolTip::showText(help->globalPos(), at.details.isEmpty() ? at.what : at.details, this);
        return true;
    }
    return QWidget::event(event);
}

void Timeline::mouseMoveEvent(QMouseEvent* event)
{
    const Event at = m_events.value(event->pos().y() / m_theme.denseRow());
    setCursor(at.link.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
}

void Timeline::mouseReleaseEvent(QMouseEvent* event)
{
    const Event at = m_events.value(event->pos().y() / m_theme.denseRow());
    if (!at.link.isEmpty())
        Q_EMIT linkActivated(at.link);
}

void Timeline::paintEvent(QPaintEvent*)
{
    QPainter p(this);
    p.setFont(m_theme.font());
    const int height = m_theme.denseRow();
    for (int i = 0; i < m_events.size(); ++i) {
        const Event& event = m_events[i];
        const QRect row(0, i * height, width(), height);
        if (i + 1 < m_events.size())
            p.fillRect(7, row.center().y() + 9, 1, height - 16, m_theme.control);
        paint::shape(
            p, QRectF(1, row.center().y() - 5, 12, 12), event.shape, m_theme.ink(event.tone).text);
        p.setPen(m_theme.muted);
        paint::figures(p, row, event.when);
        const int taken = static_cast<int>(paint::figuresWidth(p.font(), event.when)) + 12;
        paint::line(p, row.adjusted(24, 0, -taken, 0), event.what,
            event.link.isEmpty() ? m_theme.text : m_theme.accent);
    }
}
