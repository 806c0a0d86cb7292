// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/theme/theme.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <cmath>
#include <functional>

namespace charts {

/// Something that happened, drawn through every chart of the page: a deploy, a scaling.
struct Moment {
    double seconds = 0;
    QString text;
    theme::Tone tone = theme::Tone::Quiet;
    bool operator==(const Moment&) const = default;
};

/// What the charts of a page share: the time that they show, the crosshair, the marks, the pause.
class ChartGroup final : public QObject {
    Q_OBJECT
public:
    explicit ChartGroup(QObject* parent = nullptr);

    /// Calls `draw` soon, once however often it is asked for: one chart after the other, and in
    /// between whatever the user does. Never if `chart` is gone.
    void drawLater(QObject* chart, std::function<void()> draw);

    /// The last so many seconds, moving on with setNow().
    void setSpan(double seconds);
    double span() const { return m_span; }
    void setNow(double seconds);

    double from() const { return m_from; }
    double to() const { return m_to; }
    void zoomTo(double from, double to); ///< Stands still until reset().
    void reset(); ///< Back to the whole span, up to now.
    bool isZoomed() const { return m_zoomed; }

    void setPaused(bool paused);
    bool isPaused() const { return m_paused; }

    void setCrosshair(double seconds); ///< NaN: none.
    double crosshair() const { return m_crosshair; }

    void setMoments(QList<Moment> moments);
    const QList<Moment>& moments() const { return m_moments; }

Q_SIGNALS:
    void rangeChanged(); ///< By the user.
    void moved(); ///< It follows the time: from() and to() changed.
    void crosshairChanged();
    void momentsChanged();
    void pausedChanged(bool paused);
    void picked(double seconds); ///< A click on that time.

private:
    struct Drawing {
        QPointer<QObject> chart;
        std::function<void()> draw;
    };
    bool follow(); ///< Whether the range changed.
    void drawNext();

    QList<Drawing> m_drawings;
    QTimer m_pump;

    double m_span = 3600;
    double m_now = 0;
    double m_from = 0;
    double m_to = 1;
    double m_crosshair = std::nan("");
    bool m_zoomed = false;
    bool m_paused = false;
    QList<Moment> m_moments;
};

} // namespace charts
