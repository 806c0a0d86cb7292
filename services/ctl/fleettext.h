// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/jsontext.h"
#include "shopfleet/control/v1/control.pb.h"

#include <iosfwd>

namespace shopfleet::ctl {

/// name, state, reason, replicas[].{id, pid, port, metrics, state, version, …}: fields that stay.
Json serviceJson(const control::v1::Service& service);
void writeServices(
    const google::protobuf::RepeatedPtrField<control::v1::Service>& services, std::ostream& out);

/// Where the one that was asked for stands, after a change to it.
void writeService(const control::v1::Service& service, bool json, std::ostream& out);

/// "HEALTHY".
std::string stateText(control::v1::State state);

} // namespace shopfleet::ctl
