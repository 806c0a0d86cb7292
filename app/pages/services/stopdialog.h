// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/formdialog.h"
#include "shopfleet/control/v1/control.pb.h"

class QLineEdit;
namespace api {
class ControlClient;
}

/// Stops replicas so that no call is lost: says first whom it touches, and asks how long the calls
/// that they work on may take.
class StopDialog final : public FormDialog {
    Q_OBJECT
public:
    enum class What { RestartService, RestartReplica, DrainReplica };

    /// `replica`: empty for all of the service.
    StopDialog(const theme::Theme& theme, api::ControlClient& control, What what,
        const shopfleet::control::v1::Service& service, const QString& replica, QWidget* parent);

Q_SIGNALS:
    void done(const QString& words); ///< What is under way now.

private:
    QString touched() const;
    void weigh() override;
    void perform() override;

    api::ControlClient& m_control;
    const What m_what;
    const shopfleet::control::v1::Service m_service;
    const QString m_replica;
    QSpinBox* m_deadline;
    QLineEdit* m_reason;
};
