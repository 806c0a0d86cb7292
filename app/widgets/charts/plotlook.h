// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/charts/chartgroup.h"
#include "app/widgets/charts/series.h"

#include <functional>

class QCustomPlot;

/// How a QCustomPlot looks like one of ours. Private to charts/.
namespace plotlook {

/// Every tick of the value axis reads as `words` says; `whole`: no ticks between whole numbers.
void style(QCustomPlot& plot, const theme::Theme& theme,
    const std::function<QString(double)>& words, bool whole);
/// The ticks of the time axis, as fits what it shows: clock times, or days.
void showTimes(QCustomPlot& plot);
void addLine(QCustomPlot& plot, const theme::Theme& theme, const charts::Series& series);
void addGap(QCustomPlot& plot, const theme::Theme& theme, const charts::Gap& gap);
/// Their words only where they hide no others; the range has to be set.
void addMoments(QCustomPlot& plot, const theme::Theme& theme, const QList<charts::Moment>& moments);
void addLimit(QCustomPlot& plot, const theme::Theme& theme, double value, const QString& words);

/// The part of the time that a drag chooses.
void showSelection(QCustomPlot& plot, const theme::Theme& theme, double from, double to);
void hideSelection(QCustomPlot& plot);

} // namespace plotlook
