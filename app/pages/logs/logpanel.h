// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/widgets/panel.h"
#include "shopfleet/control/v1/control.pb.h"

/// One line with all of its fields, and where they lead: its trace, its order, its service, and
/// what the others wrote at that moment.
class LogPanel final : public panel::Panel {
    Q_OBJECT
public:
    explicit LogPanel(const theme::Theme& theme, QWidget* parent = nullptr);

    void show(const shopfleet::control::v1::LogLine& line);
    void showNothing();

    // What the keys do; nothing where it does not apply.
    void openTrace();
    void openOrder();
    void openService();
    void openMoment();

Q_SIGNALS:
    void openRequested(const Address& address);

private:
    shopfleet::control::v1::LogLine m_line;
};
