// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/panel.h"
#include "app/widgets/waterfall/waterfall.h"
#include "shopfleet/traces/v1/traces.pb.h"

class ShareBars;

/// One trace, span by span: the sums, the waterfall, and where the time went.
class TraceView final : public parts::Area {
    Q_OBJECT
public:
    explicit TraceView(const theme::Theme& theme, QWidget* parent = nullptr);

    /// With the first failed span chosen, or the root.
    void show(const shopfleet::traces::v1::Trace& trace);
    const shopfleet::traces::v1::Trace& trace() const { return m_trace; }
    Waterfall& waterfall() const { return *m_waterfall; }

private:
    const theme::Theme& m_theme;
    shopfleet::traces::v1::Trace m_trace;
    panel::Figure* m_duration;
    panel::Figure* m_spans;
    panel::Figure* m_failed;
    panel::Figure* m_share;
    Waterfall* m_waterfall;
    ShareBars* m_shares;
};
