// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/command.h"
#include "shopfleet/control/v1/control.grpc.pb.h"

#include <chrono>
#include <string>

namespace shopfleet::ctl {

/// "ROLLED_BACK".
std::string rolloutStateText(control::v1::RolloutState state);
void writeRollouts(
    const google::protobuf::RepeatedPtrField<control::v1::Rollout>& rollouts, std::ostream& out);
/// One of them with its services, how the two versions compare, and what happened.
void writeRollout(const control::v1::Rollout& rollout, bool json, std::ostream& out);

/// Says what happens to a rollout as it happens, until it has ended, and then how it is. Whoever
/// ends this does not end the rollout.
ExitCode followRollout(const Invocation& invocation, const std::string& id);

} // namespace shopfleet::ctl
