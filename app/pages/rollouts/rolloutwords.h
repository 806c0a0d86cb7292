// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/panel.h"
#include "app/widgets/timeline/timeline.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QString>

/// A rollout in words.
namespace rolloutwords {

/// "orders 1.2.0 → 1.3.0", "cart, orders → 1.3.0", "10 services → 1.3.0".
QString what(const shopfleet::control::v1::Rollout& rollout);
/// "Canary 10 %", "2 new, 1 old", "Watched": where the present service is; empty once it is over.
QString progress(const shopfleet::control::v1::Rollout& rollout);
/// The flags that change: "--log-level=debug", or "without --log-level".
QString flags(const shopfleet::control::v1::RolloutTarget& target);
bool isOver(const shopfleet::control::v1::Rollout& rollout);
/// The new version has a share of the traffic beside the stable one.
bool isCanary(const shopfleet::control::v1::Rollout& rollout);
/// That, or it is watched: promoting ends either.
bool isOnTrial(const shopfleet::control::v1::Rollout& rollout);

/// What one service goes through, with how far it is.
QList<Timeline::Event> steps(const shopfleet::control::v1::Rollout& rollout,
    const shopfleet::control::v1::RolloutTarget& target);
QList<Timeline::Event> history(const shopfleet::control::v1::Rollout& rollout);
/// The stable version's figures in the middle, the new one's on the right.
QList<panel::LineList::Line> comparison(const shopfleet::control::v1::GateResult& gate);

} // namespace rolloutwords
