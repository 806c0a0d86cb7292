// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/rollouts/rolloutmodel.h"

#include "app/models/format.h"
#include "app/models/status.h"
#include "app/pages/rollouts/rolloutwords.h"

using shopfleet::control::v1::Rollout;
using table::Kind;

RolloutModel::RolloutModel(api::ControlClient& control, QObject* parent)
    : WindowedModel(parent)
    , m_control(control)
{
}

api::Reply<shopfleet::control::v1::ListRolloutsResponse> RolloutModel::list(const ListQuery& query)
{
    return m_control.listRollouts(makeRequest<shopfleet::control::v1::ListRolloutsRequest>(query));
}

std::span<const RolloutModel::Column> RolloutModel::columns() const
{
    static constexpr Column kColumns[] = {
        {QT_TRANSLATE_NOOP("RolloutModel", "What"), "what", Kind::Strong, 0, nullptr, 0,
            [](const Rollout& r) -> QVariant { return rolloutwords::what(r); },
            [](const Rollout& r) -> QVariant { return rolloutwords::what(r); }},
        {QT_TRANSLATE_NOOP("RolloutModel", "State"), "state", Kind::Badge, 120, nullptr, 0,
            [](const Rollout& r) -> QVariant {
                return QVariant::fromValue(status::of(r.state()));
            }},
        {QT_TRANSLATE_NOOP("RolloutModel", "Progress"), "progress", Kind::Text, 136, nullptr, 0,
            [](const Rollout& r) -> QVariant { return rolloutwords::progress(r); }},
        {QT_TRANSLATE_NOOP("RolloutModel", "Why"), "why", Kind::Text, 280, nullptr, 1'040,
            [](const Rollout& r) -> QVariant {
                return format::text(r.outcome().empty() ? r.reason() : r.outcome());
            },
            [](const Rollout& r) -> QVariant {
                return format::text(r.outcome().empty() ? r.reason() : r.outcome());
            }},
        {QT_TRANSLATE_NOOP("RolloutModel", "By"), "by", Kind::Text, 104, nullptr, 700,
            [](const Rollout& r) -> QVariant { return format::text(r.actor().id()); }},
        {QT_TRANSLATE_NOOP("RolloutModel", "Started"), "started", Kind::Figure, 128, "started_at",
            0, [](const Rollout& r) -> QVariant { return format::when(r.started_at()); },
            [](const Rollout& r) -> QVariant { return format::moment(r.started_at()); }},
    };
    return kColumns;
}
