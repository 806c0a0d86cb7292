// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/controlclient.h"
#include "app/models/windowedmodel.h"

/// When something was wrong, newest first.
class IncidentModel final : public WindowedModel<shopfleet::control::v1::Incident,
                                shopfleet::control::v1::ListIncidentsResponse> {
    Q_OBJECT
public:
    explicit IncidentModel(api::ControlClient& control, QObject* parent = nullptr);

    static theme::Status statusOf(const shopfleet::control::v1::Incident& incident);
    /// "4 min 12 s", also of one that is not over.
    static QString length(const shopfleet::control::v1::Incident& incident);

private:
    api::Reply<shopfleet::control::v1::ListIncidentsResponse> list(const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::control::v1::Incident>& itemsOf(
        const shopfleet::control::v1::ListIncidentsResponse& page) const override
    {
        return page.incidents();
    }
    std::span<const Column> columns() const override;

    api::ControlClient& m_control;
};
