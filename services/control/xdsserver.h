// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "envoy/service/discovery/v3/ads.grpc.pb.h"
#include "services/control/eventloop.h"
#include "services/control/xdsresources.h"

#include <map>
#include <memory>
#include <set>

namespace shopfleet::control {

class XdsStream;

/// The ADS server, state of the world: tells every gRPC client of the store where the services are.
/// A client that loses it keeps what it was told last. Lives on the event loop; gRPC's threads only
/// hand over.
class XdsServer final : public xds::AggregatedDiscoveryService::CallbackService {
public:
    explicit XdsServer(EventLoop& loop);
    ~XdsServer() override;

    /// Loop thread. Everything there is; streams hear of what changed for them.
    void update(std::vector<ServiceEndpoints> services);
    /// Loop thread. Ends all streams, so that a server that shuts down need not wait for them.
    void close();

    grpc::ServerBidiReactor<xds::DiscoveryRequest, xds::DiscoveryResponse>*
    StreamAggregatedResources(grpc::CallbackServerContext* context) override;

    google::protobuf::Any resource(const std::string& type, const std::string& name) const;
    void joined(const std::shared_ptr<XdsStream>& stream);
    void left(XdsStream* stream);

private:
    EventLoop& m_loop;
    bool m_closed = false;
    std::map<std::string, ServiceEndpoints> m_services;
    std::map<XdsStream*, std::shared_ptr<XdsStream>> m_streams;
};

} // namespace shopfleet::control
