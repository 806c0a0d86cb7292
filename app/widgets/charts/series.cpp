// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/widgets/charts/series.h"

#include "app/widgets/theme/theme.h"

#include <QDateTime>
#include <QMap>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace charts {

QColor colour(const theme::Theme& theme, Line line)
{
    switch (line) {
    case Line::Second:
        return theme.accentSoft;
    case Line::Third:
        return theme.muted;
    case Line::Bad:
        return theme.ink(theme::Tone::Bad).text;
    case Line::Previous:
        return theme.pale;
    default:
        return theme.accent;
    }
}

Series withGaps(const Series& series, double stepSeconds)
{
    Series drawn = series;
    drawn.seconds.clear();
    drawn.values.clear();
    const qsizetype count = std::min(series.seconds.size(), series.values.size());
    for (qsizetype i = 0; i < count; ++i) {
        const bool apart = i > 0 && stepSeconds > 0
            && series.seconds[i] - series.seconds[i - 1] > 2.5 * stepSeconds;
        if (apart) {
            drawn.seconds.append(series.seconds[i - 1] + stepSeconds);
            drawn.values.append(std::nan(""));
        }
        drawn.seconds.append(series.seconds[i]);
        drawn.values.append(series.values[i]);
    }
    return drawn;
}

QList<Gap> gapsOf(const Series& series)
{
    QList<Gap> gaps;
    double last = std::nan("");
    bool open = false;
    for (qsizetype i = 0; i < std::min(series.seconds.size(), series.values.size()); ++i) {
        if (std::isnan(series.values[i])) {
            open = !std::isnan(last); // What lies before the first value is not a gap.
            continue;
        }
        if (open)
            gaps.append({last, series.seconds[i]});
        open = false;
        last = series.seconds[i];
    }
    return gaps;
}

double valueAt(const Series& series, double seconds, double stepSeconds)
{
    const auto& times = series.seconds;
    const auto after = std::lower_bound(times.begin(), times.end(), seconds);
    double best = std::nan("");
    double nearest = 1.5 * stepSeconds;
    for (auto at : {after, after == times.begin() ? times.end() : std::prev(after)}) {
        if (at == times.end())
            continue;
        const double distance = std::abs(*at - seconds);
        if (distance <= nearest) {
            nearest = distance;
            best = series.values.value(std::distance(times.begin(), at), std::nan(""));
        }
    }
    return best;
}

double latest(const Series& series, double stepSeconds)
{
    const qsizetype count = std::min(series.seconds.size(), series.values.size());
    for (qsizetype i = count - 1; i >= 0; --i) {
        if (series.seconds[count - 1] - series.seconds[i] > 1.5 * stepSeconds)
            break;
        if (!std::isnan(series.values[i]))
            return series.values[i];
    }
    return std::nan("");
}

double largest(const Series& series, double from, double to)
{
    double most = 0;
    const auto begin = std::lower_bound(series.seconds.begin(), series.seconds.end(), from);
    for (auto at = begin; at != series.seconds.end() && *at <= to; ++at) {
        const double value = series.values[std::distance(series.seconds.begin(), at)];
        if (!std::isnan(value))
            most = std::max(most, value);
    }
    return most;
}

QString toCsv(const QList<Series>& series, const QString& unit)
{
    QMap<double, QStringList> rows;
    for (qsizetype column = 0; column < series.size(); ++column)
        for (qsizetype i = 0; i < series[column].seconds.size(); ++i) {
            QStringList& row = rows[series[column].seconds[i]];
            row.resize(series.size());
            const double value = series[column].values[i];
            if (!std::isnan(value))
                row[column] = QString::number(value, 'g', 12);
        }
    const auto quoted = [](QString text) { return u'"' + text.replace(u'"', u"\"\""_s) + u'"'; };
    QString csv = u"\"time (UTC)\""_s;
    for (const Series& one : series)
        csv += u','
            + quoted(unit.isEmpty() ? one.name : one.name + u" ("_s + unit.trimmed() + u')');
    csv += u"\r\n"_s;
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        const auto ms = static_cast<qint64>(row.key() * 1000);
        csv += QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs) + u','
            + row->join(u',') + u"\r\n"_s;
    }
    return csv;
}

} // namespace charts
