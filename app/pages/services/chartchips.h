// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/parts.h"

class FleetState;
class ServiceCharts;

/// What of a service's history is shown: of which method, how long, beside which other time; and
/// whether it stands still.
class ChartChips final : public QWidget {
    Q_OBJECT
public:
    ChartChips(const theme::Theme& theme, const FleetState& fleet, ServiceCharts& charts);

    void showService(const QString& name);

private:
    void chooseMethod();
    void chooseRange();
    void chooseCompared();
    void showMethod(const QString& method);

    const FleetState& m_fleet;
    ServiceCharts& m_charts;
    parts::Chip* m_method;
    parts::Chip* m_range;
    parts::Chip* m_compared;
    QPushButton* m_pause;
    QString m_service;
};
