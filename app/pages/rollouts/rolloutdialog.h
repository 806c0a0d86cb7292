// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/parts.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QSpinBox;
class FleetState;
namespace api {
class ControlClient;
}

/// Asks which version comes to which service, and how, and starts it. What was chosen stays until
/// it is done, and is one wish however often the button is pressed.
class RolloutDialog final : public QDialog {
    Q_OBJECT
public:
    RolloutDialog(const theme::Theme& theme, api::ControlClient& control, const FleetState& fleet,
        const QString& service, QWidget* parent);

Q_SIGNALS:
    void done(const shopfleet::control::v1::Rollout& rollout);

private:
    enum How { OneByOne, Canary, CanaryThatWaits };

    void build();
    void fetchReleases();
    void inputChanged();
    shopfleet::control::v1::StartRolloutRequest request() const;
    void perform();
    void say(theme::Role role, const QString& text);

    const theme::Theme& m_theme;
    api::ControlClient& m_control;
    const FleetState& m_fleet;
    QComboBox* m_service;
    QComboBox* m_version;
    QComboBox* m_how;
    QSpinBox* m_hold;
    QSpinBox* m_watch;
    QLineEdit* m_reason;
    parts::Label* m_said;
    parts::BusyButton* m_do;
    quint64 m_asked = 0;
    std::string m_requestId; ///< Of this input.
};
