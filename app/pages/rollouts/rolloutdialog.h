// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/formdialog.h"
#include "shopfleet/control/v1/control.pb.h"

class QComboBox;
class QLineEdit;
class QSpinBox;
class FleetState;
namespace api {
class ControlClient;
}

/// Asks which version comes to which service, and how, and starts it.
class RolloutDialog final : public FormDialog {
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
    void weigh() override;
    shopfleet::control::v1::StartRolloutRequest request() const;
    void perform() override;

    api::ControlClient& m_control;
    const FleetState& m_fleet;
    QComboBox* m_service;
    QComboBox* m_version;
    QComboBox* m_how;
    QSpinBox* m_hold;
    QSpinBox* m_watch;
    QLineEdit* m_reason;
    quint64 m_asked = 0;
};
