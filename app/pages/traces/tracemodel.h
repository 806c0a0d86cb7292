// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/tracesclient.h"
#include "app/models/windowedmodel.h"

/// The traces that match what is asked for.
class TraceModel final : public WindowedModel<shopfleet::traces::v1::Trace,
                             shopfleet::traces::v1::SearchTracesResponse> {
    Q_OBJECT
public:
    explicit TraceModel(api::TracesClient& traces, QObject* parent = nullptr);

private:
    api::Reply<shopfleet::traces::v1::SearchTracesResponse> list(const ListQuery& query) override;
    const google::protobuf::RepeatedPtrField<shopfleet::traces::v1::Trace>& itemsOf(
        const shopfleet::traces::v1::SearchTracesResponse& page) const override
    {
        return page.traces();
    }
    std::span<const Column> columns() const override;
    QString defaultOrder() const override { return QStringLiteral("started_at desc"); }

    api::TracesClient& m_traces;
};
