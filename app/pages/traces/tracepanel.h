// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/widgets/panel.h"
#include "shopfleet/traces/v1/traces.pb.h"

/// Beside the list a trace in brief, beside its waterfall the chosen span.
class TracePanel final : public panel::Panel {
    Q_OBJECT
public:
    explicit TracePanel(const theme::Theme& theme, QWidget* parent = nullptr);

    void showTrace(const shopfleet::traces::v1::Trace& trace);
    void showSpan(const shopfleet::traces::v1::Trace& trace, int span);
    void showNothing();

    void openOrder();
    void openService();

Q_SIGNALS:
    void openRequested(const Address& address);
    void waterfallRequested(const QString& traceId);

private:
    void addFact(const QString& name, const QString& value);
    void addLinks(const QString& waterfall);
    void addOrder(const std::string& orderId);

    QString m_order, m_service;
};
