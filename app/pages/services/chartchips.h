// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
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
    /// What of an address is about it: "range", "compare", "method"; "none" of the last two takes
    /// them away. What is not said stays.
    void open(const Address& address);
    void write(Address& address) const;

private:
    struct Span {
        QString key;
        QString words;
        int seconds = 0;
    };
    static QList<Span> ranges();
    static QList<Span> before();

    void show(const Span& range);
    void compareWith(const Span& span);
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
    QString m_shownRange, m_shownBefore, m_shownMethod;
};
