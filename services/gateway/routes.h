// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/pathtemplate.h"

#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace shopfleet::gateway {

/// One way in: an HTTP method and path that stand for a gRPC method. Everything in it comes from
/// the contract.
struct Route {
    enum class Access { Public, Customer, Staff };

    const google::protobuf::MethodDescriptor* method = nullptr;
    std::string httpMethod; ///< "GET".
    std::string pathText; ///< As annotated; also the label in metrics.
    PathTemplate path;
    std::string body; ///< Empty: none; "*": the message; else the field that the body fills.
    std::string rpc; ///< "/shopfleet.inventory.v1.Inventory/GetProduct".
    std::string area; ///< "inventory": whose channel to use.
    Access access = Access::Staff;
    bool isRead = false;
    const google::protobuf::FieldDescriptor* callerField = nullptr;
    const google::protobuf::FieldDescriptor* requestIdField = nullptr;
};

/// The contracts of the store's services, as linked into this program.
std::vector<const google::protobuf::FileDescriptor*> storeContracts();

/// Every annotated method of these contracts. An annotation that makes no sense is an error, here
/// and not at the first request.
absl::StatusOr<std::vector<Route>> readRoutes(
    const std::vector<const google::protobuf::FileDescriptor*>& contracts);

} // namespace shopfleet::gateway
