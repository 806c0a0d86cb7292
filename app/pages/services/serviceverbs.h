// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/page.h"
#include "app/pages/services/stopdialog.h"

class FleetState;

/// What is done to a service or to one of its replicas after a question; each ends in one line that
/// says what is under way.
class ServiceVerbs final : public QObject {
    Q_OBJECT
public:
    ServiceVerbs(const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet,
        Page& page);

    void setPolicy(const QString& service);
    /// `replica`: empty for all of the service; then it cannot be drained.
    void stop(StopDialog::What what, const QString& service, const QString& replica);

Q_SIGNALS:
    void said(const Notice& notice);

private:
    const theme::Theme& m_theme;
    api::ControlClient& m_control;
    const FleetState& m_fleet;
    Page& m_page;
};
