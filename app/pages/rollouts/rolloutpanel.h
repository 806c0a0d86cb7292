// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/address.h"
#include "app/page.h"
#include "app/widgets/panel.h"
#include "shopfleet/control/v1/control.pb.h"

namespace api {
class ControlClient;
}

/// One rollout: its services with their steps, how the new version compares with the stable one,
/// what happened, and what can be done about it. The figures change each second in place.
class RolloutPanel final : public panel::Panel {
    Q_OBJECT
public:
    RolloutPanel(const theme::Theme& theme, api::ControlClient& control, QWidget* parent = nullptr);

    void show(const shopfleet::control::v1::Rollout& rollout);
    void showNothing();
    bool isReady() const { return !m_loading; }

    // What the keys do; nothing where it does not apply.
    void promote(bool all);
    void pauseOrResume();
    void callOff();
    void rollBack();

Q_SIGNALS:
    void openRequested(const Address& address);
    void noticed(const Notice& notice);
    void newRequested(); ///< Somebody wants to roll something out.
    void loaded();

private:
    void fetch();
    void rebuild();
    void addHead();
    void addTarget(const shopfleet::control::v1::RolloutTarget& target);
    void addActions();
    void showFigures();
    bool confirm(const QString& title, const QString& why, const QString& action);
    template <class Request, class Ask>
    void ask(Request request, Ask ask);
    void tellRefusal();

    api::ControlClient& m_control;
    shopfleet::control::v1::Rollout m_rollout;
    QList<panel::LineList*> m_comparisons; ///< Of each target; null where there is nothing yet.
    QList<parts::BusyButton*> m_buttons;
    QString m_refusal; ///< Of what was asked for, until it is known whether that still matters.
    quint64 m_generation = 0;
    bool m_loading = false;
    bool m_asking = false;
};
