// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/controlclient.h"
#include "app/models/windowedmodel.h"

/// What happened to the fleet, newest first.
class EventModel final : public WindowedModel<shopfleet::control::v1::Event,
                             shopfleet::control::v1::ListEventsResponse> {
    Q_OBJECT
public:
    explicit EventModel(api::ControlClient& control, QObject* parent = nullptr);

private:
    api::Reply<shopfleet::control::v1::ListEventsResponse> list(const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::control::v1::Event>& itemsOf(
        const shopfleet::control::v1::ListEventsResponse& page) const override
    {
        return page.events();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("at desc"); }

    api::ControlClient& m_control;
};
