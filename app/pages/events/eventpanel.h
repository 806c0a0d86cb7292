// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/widgets/panel.h"
#include "shopfleet/control/v1/control.pb.h"

/// One event with its facts, and where they lead: the service, the rollout, the incident, and what
/// was written at that moment.
class EventPanel final : public panel::Panel {
    Q_OBJECT
public:
    explicit EventPanel(const theme::Theme& theme, QWidget* parent = nullptr);

    void show(const shopfleet::control::v1::Event& event);
    void showNothing();

    // What the keys do; nothing where it does not apply.
    void openService();
    void openLogs();
    void openCause(); ///< The rollout or the incident that it belongs to.

Q_SIGNALS:
    void openRequested(const Address& address);

private:
    shopfleet::control::v1::Event m_event;
};
