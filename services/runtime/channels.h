// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace shopfleet::runtime {

/// A channel to a service by its name: "xds:///%s" with "orders" is xds:///orders. Keep it: one a
/// service is enough. Untraced: what is called leaves no span of ours.
std::shared_ptr<grpc::Channel> makeChannel(
    const std::string& targetTemplate, const std::string& service, bool traced = true);

} // namespace shopfleet::runtime
