// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/xdsresources.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

namespace shopfleet::control {

namespace {

constexpr const char* kWriterSuffix = "-writer";
constexpr int kEds = 3;
constexpr int kV3 = 2;

google::protobuf::Any pack(const char* type, const google::protobuf::Message& message)
{
    google::protobuf::Any any;
    any.set_type_url(type);
    any.set_value(message.SerializeAsString());
    return any;
}

// gRPC tries at most 5 times; with these pauses that covers the 0.7 s in which a replica that died
// is replaced.
void setRetries(xds::RouteAction* action, const char* on)
{
    auto* policy = action->mutable_retry_policy();
    policy->set_retry_on(on);
    policy->mutable_num_retries()->set_value(4);
    policy->mutable_retry_back_off()->mutable_base_interval()->set_nanos(50'000'000);
    policy->mutable_retry_back_off()->mutable_max_interval()->set_nanos(400'000'000);
}

// A client that has so many calls under way to one service is refused more of them at once, before
// they become a queue that nobody works off.
void setBreaker(xds::Cluster* cluster)
{
    cluster->mutable_circuit_breakers()->add_thresholds()->mutable_max_requests()->set_value(1'024);
}

// Who fails nearly every call while others serve is left out by the client itself, before a probe
// has noticed. The volume is what a frozen replica gets of a few callers in one interval: with more
// it would never be reached, because they wait for it. The only replica is never left out, and
// neither are all: answers such as NOT_FOUND count as failures, too.
void setOutlierDetection(xds::Cluster* cluster)
{
    auto* outlier = cluster->mutable_outlier_detection();
    outlier->mutable_interval()->set_seconds(1);
    outlier->mutable_base_ejection_time()->set_seconds(2);
    outlier->mutable_max_ejection_time()->set_seconds(10);
    outlier->mutable_max_ejection_percent()->set_value(30);
    outlier->mutable_enforcing_success_rate()->set_value(0);
    outlier->mutable_failure_percentage_threshold()->set_value(85);
    outlier->mutable_enforcing_failure_percentage()->set_value(100);
    outlier->mutable_failure_percentage_minimum_hosts()->set_value(2);
    outlier->mutable_failure_percentage_request_volume()->set_value(3);
}

void addRead(
    xds::VirtualHost* host, const std::string& service, const std::string& path, bool prefix)
{
    auto* route = host->add_routes();
    if (prefix)
        route->mutable_match()->set_prefix(path);
    else
        route->mutable_match()->set_path(path);
    route->mutable_route()->set_cluster(readersCluster(service));
    setRetries(route->mutable_route(), "unavailable,cancelled");
}

void addLocality(xds::ClusterLoadAssignment* assignment, const std::vector<Endpoint>& endpoints,
    std::uint32_t priority, int weight, const char* suffix)
{
    // A locality without a weight is ignored.
    if (endpoints.empty() || weight <= 0)
        return;
    auto* group = assignment->add_endpoints();
    group->set_priority(priority);
    group->mutable_locality()->set_zone(absl::StrCat("priority-", priority, suffix));
    group->mutable_load_balancing_weight()->set_value(static_cast<std::uint32_t>(weight));
    for (const auto& endpoint : endpoints) {
        const auto colon = endpoint.address.rfind(':');
        std::uint32_t port = 0;
        if (colon == std::string::npos
            || !absl::SimpleAtoi(endpoint.address.substr(colon + 1), &port))
            continue;
        auto* added = group->add_lb_endpoints();
        auto* socket = added->mutable_endpoint()->mutable_address()->mutable_socket_address();
        socket->set_address(endpoint.address.substr(0, colon));
        socket->set_port_value(port);
        added->set_health_status(1);
    }
}

// Priorities have to be contiguous from 0. Round robin in gRPC 1.51 takes no notice of an
// endpoint's weight, only of its locality's: so each side of a canary is one.
void addPriority(
    xds::ClusterLoadAssignment* assignment, const std::vector<Endpoint>& endpoints, int freshWeight)
{
    const int before = assignment->endpoints_size();
    const auto priority = before == 0 ? 0 : assignment->endpoints(before - 1).priority() + 1;
    std::vector<Endpoint> fresh;
    std::vector<Endpoint> old;
    for (const auto& endpoint : endpoints)
        (freshWeight > 0 && endpoint.fresh ? fresh : old).push_back(endpoint);
    if (fresh.empty())
        freshWeight = 0;
    addLocality(assignment, old, priority, old.empty() ? 0 : 100 - freshWeight, "");
    addLocality(assignment, fresh, priority, freshWeight, "-fresh");
}

} // namespace

std::string readersCluster(const std::string& service)
{
    return service;
}

std::string writerCluster(const std::string& service)
{
    return absl::StrCat(service, kWriterSuffix);
}

std::string serviceOf(const std::string& cluster)
{
    return std::string(absl::StripSuffix(cluster, kWriterSuffix));
}

std::vector<std::string> readPaths(const std::string& service)
{
    std::vector<std::string> paths;
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    const auto* file
        = pool->FindFileByName(absl::StrCat("shopfleet/", service, "/v1/", service, ".proto"));
    for (int i = 0; file != nullptr && i < file->service_count(); ++i) {
        for (int j = 0; j < file->service(i)->method_count(); ++j) {
            const auto* method = file->service(i)->method(j);
            if (method->options().idempotency_level()
                == google::protobuf::MethodOptions::NO_SIDE_EFFECTS)
                paths.push_back(
                    absl::StrCat("/", file->service(i)->full_name(), "/", method->name()));
        }
    }
    return paths;
}

google::protobuf::Any listener(const std::string& service, bool database)
{
    xds::HttpConnectionManager manager;
    manager.mutable_route_config()->set_name(service);
    auto* host = manager.mutable_route_config()->add_virtual_hosts();
    host->set_name(service);
    host->add_domains(std::string(1, '*')); // GCC 12 warns of the literal, wrongly.
    if (database) {
        for (const auto& path : readPaths(service))
            addRead(host, service, path, false);
        addRead(host, service, "/grpc.", true); // Health and reflection.
        auto* rest = host->add_routes();
        rest->mutable_match()->set_prefix("");
        rest->mutable_route()->set_cluster(writerCluster(service));
        // Safe for writes too: each carries a request_id.
        setRetries(rest->mutable_route(), "unavailable");
    } else {
        addRead(host, service, "", true);
    }
    auto* router = manager.add_http_filters();
    router->set_name("router");
    *router->mutable_typed_config()
        = pack("type.googleapis.com/envoy.extensions.filters.http.router.v3.Router", xds::Router());

    xds::Listener result;
    result.set_name(service);
    *result.mutable_api_listener()->mutable_api_listener()
        = pack("type.googleapis.com/"
               "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            manager);
    return pack(kListenerType, result);
}

google::protobuf::Any cluster(const std::string& name)
{
    xds::Cluster result;
    result.set_name(name);
    result.set_type(kEds);
    result.mutable_eds_cluster_config()->set_service_name(name);
    result.mutable_eds_cluster_config()->mutable_eds_config()->mutable_ads();
    result.mutable_eds_cluster_config()->mutable_eds_config()->set_resource_api_version(kV3);
    setBreaker(&result);
    setOutlierDetection(&result);
    return pack(kClusterType, result);
}

google::protobuf::Any assignment(const std::string& cluster, const ServiceEndpoints& endpoints)
{
    xds::ClusterLoadAssignment result;
    result.set_cluster_name(cluster);
    const bool preferWriter = absl::EndsWith(cluster, kWriterSuffix);
    std::vector<Endpoint> first;
    std::vector<Endpoint> others;
    for (const auto& endpoint : endpoints.endpoints) {
        if (preferWriter && endpoint.writer)
            first.push_back(endpoint);
        else if (!endpoint.leaving)
            others.push_back(endpoint);
    }
    addPriority(&result, first, endpoints.freshWeight);
    addPriority(&result, others, endpoints.freshWeight);
    return pack(kEndpointsType, result);
}

} // namespace shopfleet::control
