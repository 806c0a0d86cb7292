// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "envoy/service/discovery/v3/ads.pb.h"

#include <google/protobuf/any.pb.h>

#include <string>
#include <vector>

namespace shopfleet::control {

namespace xds = envoy::service::discovery::v3;

inline constexpr const char* kListenerType
    = "type.googleapis.com/envoy.config.listener.v3.Listener";
inline constexpr const char* kClusterType = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
inline constexpr const char* kEndpointsType
    = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

/// A replica that may be called.
struct Endpoint {
    std::string address; // "127.0.0.1:41234"
    bool writer = false;
    bool leaving
        = false; // Takes no new reads; as the writer it still takes writes, until another one does.
    bool fresh = false; // Of the revision that is being rolled out.

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Where a service can be reached right now.
struct ServiceEndpoints {
    std::string service;
    bool database = false;
    std::vector<Endpoint> endpoints;
    int freshWeight = 0; // The fresh ones' share of the calls in percent; 0: by their numbers.

    friend bool operator==(const ServiceEndpoints&, const ServiceEndpoints&) = default;
};

/// The names of a service's clusters: everybody for reads, and one that prefers the writer.
std::string readersCluster(const std::string& service);
std::string writerCluster(const std::string& service);
/// The service that a cluster belongs to.
std::string serviceOf(const std::string& cluster);

/// How calls to a service are routed: each method that its contract marks NO_SIDE_EFFECTS to any
/// replica, the others to the writer. A service whose contract is not linked in has no known reads.
google::protobuf::Any listener(const std::string& service, bool database);
google::protobuf::Any cluster(const std::string& name);
/// The endpoints of one of the two clusters. Nobody to call: an empty assignment, with which calls
/// fail at once instead of waiting.
google::protobuf::Any assignment(const std::string& cluster, const ServiceEndpoints& endpoints);

/// The full paths of a service's methods without side effects:
/// "/shopfleet.orders.v1.Orders/GetOrder".
std::vector<std::string> readPaths(const std::string& service);

} // namespace shopfleet::control
