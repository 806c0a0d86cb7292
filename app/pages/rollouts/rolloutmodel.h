// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/controlclient.h"
#include "app/models/windowedmodel.h"

/// The rollouts that match what is asked for, newest first.
class RolloutModel final : public WindowedModel<shopfleet::control::v1::Rollout,
                               shopfleet::control::v1::ListRolloutsResponse> {
    Q_OBJECT
public:
    explicit RolloutModel(api::ControlClient& control, QObject* parent = nullptr);

private:
    api::Reply<shopfleet::control::v1::ListRolloutsResponse> list(const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::control::v1::Rollout>& itemsOf(
        const shopfleet::control::v1::ListRolloutsResponse& page) const override
    {
        return page.rollouts();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("started_at desc"); }

    api::ControlClient& m_control;
};
