// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/controlclient.h"
#include "app/widgets/charts/chartgroup.h"

#include <QTimer>
#include <QWidget>

#include <initializer_list>

namespace charts {
class TimeChart;
}
namespace theme {
class Theme;
}

/// One service's throughput, errors, latency and replicas over time. Asks the control plane for its
/// history each second while it is on the screen, and of a long time less often: an hour is known
/// by the second, thirty days by the minute. What was done to the service is marked; the same hours
/// of another day can lie behind it.
class ServiceCharts final : public QWidget {
    Q_OBJECT
public:
    ServiceCharts(
        const theme::Theme& theme, api::ControlClient& control, QWidget* parent = nullptr);

    void showService(const QString& name);
    void setRange(int seconds);
    /// One method alone, or what an order waits for at one step; empty: all of them together.
    void setMethod(const QString& method);
    /// So many seconds before, as a pale line; 0: nothing. `words`: what that is called.
    void compareWith(int seconds, const QString& words);
    void setPaused(bool paused);
    int step() const; ///< Seconds between two points.
    /// The first answer for the service that is shown is there, or an error.
    bool isReady() const { return m_ready; }
    QString error() const { return m_error; }

Q_SIGNALS:
    void answered();
    /// A click on that time; `width` is how many seconds one point stands for.
    void picked(double seconds, double width);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    /// Of the figures that are shown together: what is known, and whether it is being asked for.
    struct Part {
        shopfleet::control::v1::GetMetricsResponse history;
        bool asking = false;
    };

    void restart(); ///< Something else is shown: what is on its way does not count any more.
    void fetch();
    void ask(Part& part, std::initializer_list<const char*> metrics, const QString& method,
        qint64 from, qint64 to, void (ServiceCharts::*draw)());
    void fetchMoments();
    void drawFigures();
    void drawReplicas();

    api::ControlClient& m_control;
    charts::ChartGroup m_group;
    charts::TimeChart* m_requests;
    charts::TimeChart* m_errors;
    charts::TimeChart* m_latency;
    charts::TimeChart* m_replicas;
    QTimer m_tick;
    QTimer m_moments;
    QString m_service;
    QString m_error;
    QString m_method;
    QString m_comparedWords;
    Part m_now, m_before, m_count;
    qint64 m_beforeUntil = 0; ///< What was before is known up to there, shifted to now.
    int m_compared = 0;
    int m_range = 600;
    int m_generation = 0;
    bool m_ready = false;
};
