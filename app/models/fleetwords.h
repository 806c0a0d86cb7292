// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/widgets/timeline/timeline.h"
#include "shopfleet/control/v1/control.pb.h"

#include <QString>
#include <QStringList>

/// What happened to the fleet, in words.
namespace fleetwords {

/// "Ended by itself", or the kind itself where it is not known here.
QString event(const shopfleet::control::v1::Event& event);

/// Whom it happened to: "orders-2", "orders", "the store".
QString subject(const shopfleet::control::v1::Event& event);

/// "control", a policy, or a person.
QString actor(const shopfleet::control::v1::Event& event);

/// As an entry of a timeline; the words begin with whom it happened to, if so asked.
Timeline::Event entry(const shopfleet::control::v1::Event& event, bool withSubject);

/// What speaks for a suspect, in the order of the control plane; its English where a fact is not
/// known here.
QStringList evidence(const shopfleet::control::v1::Suspect& suspect);

} // namespace fleetwords
