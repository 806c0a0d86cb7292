// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/charts/chartgroup.h"
#include "app/widgets/charts/series.h"

#include <QWidget>

#include <functional>

class QCPItemLine;
class QCPItemText;
class QCPItemTracer;
class QCustomPlot;

namespace parts {
class Label;
}

namespace charts {

class Legend;

struct ChartStyle {
    QString title;
    QString unit = {}; ///< With its space: " ms"; on every tick and value.
    int decimals = 0; ///< 0: a count, whose ticks are whole.
    double limit = 0; ///< The objective; 0: none.
    std::function<QString(double)> words = {}; ///< Instead of unit: money.
};

/// Lines over time with the values under the crosshair in the legend. Drag to zoom, wheel, double
/// click back; the menu saves PNG and CSV. Draws only when data, range or size changed; the
/// crosshair has a layer of its own.
class TimeChart final : public QWidget {
    Q_OBJECT
public:
    TimeChart(
        const theme::Theme& theme, ChartGroup& group, ChartStyle style, QWidget* parent = nullptr);

    /// `stepSeconds`: how far apart samples are; what is much further apart is a gap.
    void setSeries(const QList<Series>& series, double stepSeconds);
    const QList<Series>& series() const { return m_series; }

    bool savePng(const QString& path);
    bool saveCsv(const QString& path) const;

Q_SIGNALS:
    void drawn(); ///< For tests and measurements: the plot was painted anew.

protected:
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void restyle();
    void rebuild(); ///< Lines, gaps and marks.
    void rebuildSoon(); ///< When it is this chart's turn.
    void applyRange();
    void showCrosshair();
    void showLegend();
    QString words(double value) const;
    double timeAt(int x) const;

    const theme::Theme& m_theme;
    ChartGroup& m_group;
    ChartStyle m_style;
    QCustomPlot* m_plot;
    Legend* m_legend;
    QCPItemLine* m_hair;
    QCPItemText* m_clock;
    QList<Series> m_series;
    double m_step = 1;
    int m_pressedAt = -1;
    bool m_dragged = false;
};

} // namespace charts
