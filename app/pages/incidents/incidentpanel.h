// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/page.h"
#include "app/widgets/panel.h"
#include "shopfleet/control/v1/control.pb.h"

namespace api {
class ControlClient;
}

/// One incident: who is likeliest to be the cause and what speaks for it, the orders that wait, the
/// alerts and what happened. It is asked for again while it is open.
class IncidentPanel final : public panel::Panel {
    Q_OBJECT
public:
    IncidentPanel(
        const theme::Theme& theme, api::ControlClient& control, QWidget* parent = nullptr);

    void show(const QString& id);
    void showNothing();
    void refresh(); ///< If it is open.
    bool isReady() const { return !m_loading; }
    const shopfleet::control::v1::Incident& incident() const { return m_incident; }

    // What the keys do; nothing where it does not apply.
    void openService();
    void openTraces();
    void openLogs();
    void openOrders();
    void acknowledge(); ///< All alerts that fire.

Q_SIGNALS:
    void openRequested(const Address& address);
    void noticed(const Notice& notice);
    void loaded();

private:
    void fetch();
    void rebuild();
    void addSuspect(const shopfleet::control::v1::Suspect& suspect, bool first);
    void addAlerts();
    void addActions();
    QString suspected() const;

    api::ControlClient& m_control;
    QString m_id;
    shopfleet::control::v1::Incident m_incident;
    parts::BusyButton* m_acknowledge = nullptr;
    quint64 m_generation = 0;
    bool m_loading = false;
    bool m_answered
        = false; ///< What was pressed has been done: it is shown, whoever has the focus.
};
