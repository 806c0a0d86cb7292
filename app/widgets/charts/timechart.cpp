// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/timechart.h"

#include "app/widgets/charts/legend.h"
#include "app/widgets/charts/plot.h"
#include "app/widgets/charts/plotlook.h"
#include "app/widgets/parts.h"

#include <QBoxLayout>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>

using namespace Qt::StringLiterals;
using theme::kUnit;

namespace charts {
namespace {

constexpr double kDay = 86'400;

} // namespace

TimeChart::TimeChart(
    const theme::Theme& theme, ChartGroup& group, ChartStyle style, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_group(group)
    , m_style(std::move(style))
    , m_plot(new QCustomPlot)
    , m_legend(new Legend(theme))
    , m_hair(new QCPItemLine(m_plot))
    , m_clock(new QCPItemText(m_plot))
{
    auto* head = new QHBoxLayout;
    head->setContentsMargins(2 * kUnit, 0, 2 * kUnit, 0);
    head->setSpacing(2 * kUnit);
    head->addWidget(new parts::Label(theme, m_style.title, theme::Role::Text, parts::Face::Strong));
    head->addWidget(m_legend, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kUnit, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_plot, 1);
    m_plot->setMinimumHeight(96);
    m_plot->setContextMenuPolicy(Qt::NoContextMenu);
    m_plot->installEventFilter(this);
    m_plot->setAccessibleName(m_style.title);
    m_plot->selectionRect()->setPen(Qt::NoPen);

    // What moves with the mouse lies on a layer that is drawn by itself.
    m_hair->setLayer(u"overlay"_s);
    m_clock->setLayer(u"overlay"_s);
    m_hair->setVisible(false);
    m_clock->setVisible(false);
    m_hair->setClipToAxisRect(false);
    m_clock->setClipToAxisRect(false);
    m_clock->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_clock->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_clock->setPadding({5, 2, 5, 2});
    m_hair->start->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_hair->end->setTypeY(QCPItemPosition::ptAxisRectRatio);

    connect(&m_group, &ChartGroup::rangeChanged, this, &TimeChart::applyRange);
    connect(&m_group, &ChartGroup::moved, this, &TimeChart::rebuildSoon);
    connect(&m_group, &ChartGroup::crosshairChanged, this, &TimeChart::showCrosshair);
    connect(&m_group, &ChartGroup::momentsChanged, this, &TimeChart::rebuildSoon);
    connect(m_plot, &QCustomPlot::afterReplot, this, &TimeChart::drawn);
    connect(m_plot, &QCustomPlot::mouseDoubleClick, &m_group, &ChartGroup::reset);
    restyle();
}

void TimeChart::setSeries(const QList<Series>& series, double stepSeconds)
{
    if (m_group.isPaused() && !m_series.isEmpty())
        return;
    m_series.clear();
    m_step = stepSeconds;
    for (const Series& one : series)
        m_series.append(withGaps(one, one.step > 0 ? one.step : stepSeconds));
    rebuildSoon();
}

void TimeChart::rebuildSoon()
{
    m_group.drawLater(this, [this] { rebuild(); });
}

void TimeChart::restyle()
{
    const auto withUnit = [unit = m_style.unit](double tick) {
        const bool whole = std::abs(tick - std::round(tick)) < 1e-9;
        const QLocale locale;
        return (whole ? locale.toString(std::round(tick), 'f', 0) : locale.toString(tick, 'g', 3))
            + unit;
    };
    plotlook::style(
        *m_plot, m_theme, m_style.words ? m_style.words : withUnit, m_style.decimals == 0);
    m_hair->setPen(QPen(m_theme.muted, 1));
    m_clock->setFont(m_theme.captionFont());
    m_clock->setColor(m_theme.surface);
    m_clock->setBrush(m_theme.muted);
    rebuild();
}

void TimeChart::rebuild()
{
    m_plot->clearGraphs();
    for (int i = m_plot->itemCount() - 1; i >= 0; --i)
        if (m_plot->item(i) != m_hair && m_plot->item(i) != m_clock)
            m_plot->removeItem(i);
    QList<Gap> gaps;
    for (const Series& one : m_series) {
        plotlook::addLine(*m_plot, m_theme, one);
        if (one.line != Line::Previous)
            gaps = gapsOf(one).isEmpty() ? gaps : gapsOf(one);
    }
    for (const Gap& gap : gaps)
        plotlook::addGap(*m_plot, m_theme, gap);
    m_plot->xAxis->setRange(m_group.from(), m_group.to());
    plotlook::addMoments(*m_plot, m_theme, m_group.moments());
    if (m_style.limit > 0)
        plotlook::addLimit(*m_plot, m_theme, m_style.limit, tr("objective"));
    applyRange();
}

void TimeChart::applyRange()
{
    m_plot->xAxis->setRange(m_group.from(), m_group.to());
    plotlook::showTimes(*m_plot);
    double top = m_style.limit;
    for (const Series& one : m_series)
        top = std::max(top, largest(one, m_group.from(), m_group.to()));
    m_plot->yAxis->setRange(0, top > 0 ? top * 1.3 : 1);
    showCrosshair();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void TimeChart::showCrosshair()
{
    const double at = m_group.crosshair();
    const bool shown = !std::isnan(at) && at >= m_group.from() && at <= m_group.to();
    const bool wasShown = m_hair->visible();
    m_hair->setVisible(shown);
    m_clock->setVisible(shown);
    if (shown) {
        m_hair->start->setCoords(at, 0);
        m_hair->end->setCoords(at, 1);
        m_clock->position->setCoords(at, 0);
        m_clock->setText(
            QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(at * 1000))
                .toString(m_group.to() - m_group.from() > kDay ? u"d MMM HH:mm"_s : u"HH:mm:ss"_s));
    }
    showLegend();
    if (shown || wasShown) // Where there is no crosshair, its layer has nothing to draw.
        m_plot->layer(u"overlay"_s)->replot();
}

QString TimeChart::words(double value) const
{
    if (std::isnan(value))
        return u"–"_s;
    return m_style.words ? m_style.words(value)
                         : QLocale().toString(value, 'f', m_style.decimals) + m_style.unit;
}

void TimeChart::showLegend()
{
    const double at = m_group.crosshair();
    QList<Legend::Entry> entries;
    for (const Series& one : m_series) {
        const double step = one.step > 0 ? one.step : m_step;
        const double value = std::isnan(at) ? latest(one, step) : valueAt(one, at, step);
        entries.append({colour(m_theme, one.line), one.name, words(value)});
    }
    m_legend->setEntries(std::move(entries));
}

double TimeChart::timeAt(int x) const
{
    return m_plot->xAxis->pixelToCoord(x);
}

bool TimeChart::eventFilter(QObject* watched, QEvent* event)
{
    const QRect inside = m_plot->axisRect()->rect();
    switch (event->type()) {
    case QEvent::MouseMove: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int x = std::clamp(mouse->pos().x(), inside.left(), inside.right());
        m_group.setCrosshair(timeAt(x));
        if (m_pressedAt >= 0 && std::abs(x - m_pressedAt) > 4) {
            m_dragged = true;
            plotlook::showSelection(*m_plot, m_theme, timeAt(m_pressedAt), timeAt(x));
        }
        break;
    }
    case QEvent::MouseButtonPress: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        m_dragged = false;
        m_pressedAt = mouse->button() == Qt::LeftButton && inside.contains(mouse->pos())
            ? mouse->pos().x()
            : -1;
        break;
    }
    case QEvent::MouseButtonRelease: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const int x = std::clamp(mouse->pos().x(), inside.left(), inside.right());
        const int from = std::exchange(m_pressedAt, -1);
        if (from < 0)
            break;
        plotlook::hideSelection(*m_plot);
        if (m_dragged)
            m_group.zoomTo(timeAt(std::min(from, x)), timeAt(std::max(from, x)));
        else
            Q_EMIT m_group.picked(timeAt(x));
        break;
    }
    case QEvent::Wheel: {
        const auto* wheel = static_cast<QWheelEvent*>(event);
        const double centre = timeAt(static_cast<int>(wheel->position().x()));
        const double factor = std::pow(0.85, wheel->angleDelta().y() / 120.0);
        m_group.zoomTo(
            centre - (centre - m_group.from()) * factor, centre + (m_group.to() - centre) * factor);
        return true;
    }
    case QEvent::Leave:
        m_group.setCrosshair(std::nan(""));
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void TimeChart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange)
        restyle();
}

bool TimeChart::savePng(const QString& path)
{
    return grab().save(path, "PNG");
}

bool TimeChart::saveCsv(const QString& path) const
{
    QSaveFile file(path);
    return file.open(QFile::WriteOnly) && file.write(toCsv(m_series, m_style.unit).toUtf8()) >= 0
        && file.commit();
}

void TimeChart::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu;
    connect(menu.addAction(tr("Show the whole time")), &QAction::triggered, &m_group,
        &ChartGroup::reset);
    menu.addSeparator();
    connect(menu.addAction(tr("Save as PNG…")), &QAction::triggered, this, [this] {
        const QString path = QFileDialog::getSaveFileName(this, {}, m_style.title + u".png"_s);
        if (!path.isEmpty())
            savePng(path);
    });
    connect(menu.addAction(tr("Save as CSV…")), &QAction::triggered, this, [this] {
        const QString path = QFileDialog::getSaveFileName(this, {}, m_style.title + u".csv"_s);
        if (!path.isEmpty())
            saveCsv(path);
    });
    menu.exec(event->globalPos());
}

} // namespace charts
