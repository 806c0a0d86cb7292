// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/controlclient.h"
#include "app/widgets/charts/chartgroup.h"

#include <QTimer>
#include <QWidget>

namespace charts {
class TimeChart;
}
namespace theme {
class Theme;
}

/// One service's throughput, errors, latency and replicas over time. Asks the control plane for its
/// history each second while it is on the screen, and of a long time less often: an hour is known
/// by the second, thirty days by the minute. What was done to the service is marked.
class ServiceCharts final : public QWidget {
    Q_OBJECT
public:
    ServiceCharts(
        const theme::Theme& theme, api::ControlClient& control, QWidget* parent = nullptr);

    void showService(const QString& name);
    void setRange(int seconds);
    int range() const { return m_range; }
    void setPaused(bool paused);
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
    void fetch();
    void fetchMoments();
    int step() const; ///< Seconds between two points.
    void take(const shopfleet::control::v1::GetMetricsResponse& history);

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
    int m_range = 600;
    int m_generation = 0;
    bool m_asking = false;
    bool m_ready = false;
};
