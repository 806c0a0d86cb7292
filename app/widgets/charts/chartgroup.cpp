// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/chartgroup.h"

#include <algorithm>

namespace charts {

constexpr double kSmallestSpan = 10;

ChartGroup::ChartGroup(QObject* parent)
    : QObject(parent)
{
    m_pump.setInterval(1); // Not 0: the window wakes up and sleeps between two charts.
    connect(&m_pump, &QTimer::timeout, this, &ChartGroup::drawNext);
}

void ChartGroup::drawLater(QObject* chart, std::function<void()> draw)
{
    if (std::ranges::none_of(
            m_drawings, [chart](const Drawing& drawing) { return drawing.chart == chart; }))
        m_drawings.append({chart, std::move(draw)});
    if (!m_pump.isActive())
        m_pump.start();
}

void ChartGroup::drawNext()
{
    if (m_drawings.isEmpty())
        return m_pump.stop();
    const Drawing next = m_drawings.takeFirst();
    if (next.chart)
        next.draw();
}

void ChartGroup::setSpan(double seconds)
{
    m_span = std::max(seconds, kSmallestSpan);
    reset();
}

void ChartGroup::setNow(double seconds)
{
    m_now = seconds;
    if (!m_zoomed && !m_paused && follow())
        Q_EMIT moved();
}

bool ChartGroup::follow()
{
    if (m_to == m_now && m_from == m_now - m_span)
        return false;
    m_to = m_now;
    m_from = m_now - m_span;
    return true;
}

void ChartGroup::zoomTo(double from, double to)
{
    if (to - from < kSmallestSpan) {
        const double middle = (from + to) / 2;
        from = middle - kSmallestSpan / 2;
        to = middle + kSmallestSpan / 2;
    }
    if (to - from >= m_span) { // All the way out is back to now.
        reset();
        return;
    }
    m_from = from;
    m_to = to;
    m_zoomed = true;
    Q_EMIT rangeChanged();
}

void ChartGroup::reset()
{
    m_zoomed = false;
    if (follow())
        Q_EMIT rangeChanged();
}

void ChartGroup::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    Q_EMIT pausedChanged(paused);
    if (!paused && !m_zoomed)
        follow();
}

void ChartGroup::setCrosshair(double seconds)
{
    if (seconds == m_crosshair || (std::isnan(seconds) && std::isnan(m_crosshair)))
        return;
    m_crosshair = seconds;
    Q_EMIT crosshairChanged();
}

void ChartGroup::setMoments(QList<Moment> moments)
{
    if (moments == m_moments)
        return;
    m_moments = std::move(moments);
    Q_EMIT momentsChanged();
}

} // namespace charts
