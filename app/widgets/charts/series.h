// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QList>
#include <QString>

namespace theme {
class Theme;
}

namespace charts {

/// Which of the theme's colours a line wears; looked up when it is drawn.
enum class Line { First, Second, Third, Bad, Previous };

QColor colour(const theme::Theme& theme, Line line);

struct Series {
    QString name;
    QList<double> seconds; ///< Since 1970, ascending.
    QList<double> values; ///< NaN where nothing was measured: a gap, never a line across it.
    Line line = Line::First;
    bool filled = false;
    double step = 0; ///< Seconds between its samples, where they are not the chart's.
};

/// What is drawn: where two neighbours are further apart than two and a half steps, a NaN stands
/// between them, so that no line crosses what was not measured.
Series withGaps(const Series& series, double stepSeconds);

/// From the last value before a gap to the first one after it.
struct Gap {
    double from = 0;
    double to = 0;
    bool operator==(const Gap&) const = default;
};
QList<Gap> gapsOf(const Series& series);

/// The value at that time: of the nearest sample within one and a half steps, else NaN.
double valueAt(const Series& series, double seconds, double stepSeconds);

/// The last value, or the one before it while that step is not over; else NaN.
double latest(const Series& series, double stepSeconds);

/// The largest value within the range; 0 if there is none.
double largest(const Series& series, double from, double to);

/// One line for each time that any series has; a gap is an empty cell.
QString toCsv(const QList<Series>& series, const QString& unit);

} // namespace charts
