// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/formdialog.h"
#include "shopfleet/control/v1/control.pb.h"

class QCheckBox;
class QDoubleSpinBox;
class QLineEdit;
class FleetState;
namespace api {
class ControlClient;
}

/// By which figures a service's number of replicas follows its load, and within which limits.
class PolicyDialog final : public FormDialog {
    Q_OBJECT
public:
    PolicyDialog(const theme::Theme& theme, api::ControlClient& control,
        const shopfleet::control::v1::Service& service, QWidget* parent);

Q_SIGNALS:
    void done(const shopfleet::control::v1::Service& service);

private:
    void build();
    QString loadNow() const; ///< What a target is to be chosen by.
    void weigh() override;
    void perform() override;
    shopfleet::control::v1::UpdateScalingPolicyRequest input() const;

    api::ControlClient& m_control;
    const shopfleet::control::v1::Service m_service;
    QCheckBox* m_enabled;
    QDoubleSpinBox* m_requests;
    QDoubleSpinBox* m_latency;
    QDoubleSpinBox* m_cpu;
    QSpinBox* m_least;
    QSpinBox* m_most;
    QSpinBox* m_up;
    QSpinBox* m_down;
    QSpinBox* m_step;
    QLineEdit* m_reason;
};
