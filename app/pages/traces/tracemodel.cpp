// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/traces/tracemodel.h"

#include "app/models/format.h"
#include "app/pages/traces/tracewords.h"
#include "app/widgets/waterfall/waterfall.h"

using shopfleet::traces::v1::Trace;
using table::Kind;

TraceModel::TraceModel(api::TracesClient& traces, QObject* parent)
    : WindowedModel(parent)
    , m_traces(traces)
{
}

api::Reply<shopfleet::traces::v1::SearchTracesResponse> TraceModel::list(const ListQuery& query)
{
    return m_traces.searchTraces(makeRequest<shopfleet::traces::v1::SearchTracesRequest>(query));
}

std::span<const TraceModel::Column> TraceModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("TraceModel", "Began with"), "root", Kind::Strong, 0, "root", 0,
            [](const Trace& t) -> QVariant { return format::text(t.root()); },
            [](const Trace& t) -> QVariant { return format::text(t.id()); }},
        {QT_TRANSLATE_NOOP("TraceModel", "Outcome"), "outcome", Kind::Badge, 112, nullptr, 0,
            [](const Trace& t) -> QVariant { return QVariant::fromValue(tracewords::status(t)); }},
        {QT_TRANSLATE_NOOP("TraceModel", "Order"), "order", Kind::Text, 96, "order_id", 0,
            [](const Trace& t) -> QVariant {
                return t.order_id().empty() ? QStringLiteral("–") : format::text(t.order_id());
            }},
        {QT_TRANSLATE_NOOP("TraceModel", "Services"), "services", Kind::Text, 208, nullptr, 880,
            [](const Trace& t) -> QVariant {
                QStringList services;
                for (const auto& service : t.services())
                    services << format::text(service);
                return services.join(QStringLiteral(", "));
            },
            [](const Trace& t) -> QVariant {
                QStringList services;
                for (const auto& service : t.services())
                    services << format::text(service);
                return services.join(u'\n');
            }},
        {QT_TRANSLATE_NOOP("TraceModel", "Spans"), "spans", Kind::Figure, 72, "spans", 700,
            [](const Trace& t) -> QVariant { return format::count(t.span_count()); }},
        {QT_TRANSLATE_NOOP("TraceModel", "Duration"), "duration", Kind::Figure, 96, "duration_ms",
            0,
            [](const Trace& t) -> QVariant {
                return Waterfall::lengthText(tracewords::milliseconds(t.duration()));
            }},
        {QT_TRANSLATE_NOOP("TraceModel", "Started"), "started", Kind::Figure, 128, "started_at", 0,
            [](const Trace& t) -> QVariant { return format::when(t.started_at()); },
            [](const Trace& t) -> QVariant { return format::moment(t.started_at()); }},
    };
    return kColumns;
}
