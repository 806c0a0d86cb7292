// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/api/deliveriesclient.h"

#include "app/api/call.h"
#include "app/api/channels.h"
#include "app/api/subscription.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"

#include <grpcpp/channel.h>

namespace api {
namespace {

using namespace shopfleet::deliveries::v1;
using Stub = shopfleet::deliveries::v1::Deliveries::Stub;
using Async = shopfleet::deliveries::v1::Deliveries::StubInterface::async_interface;

class GrpcDeliveriesClient final : public DeliveriesClient {
public:
    explicit GrpcDeliveriesClient(const Channels& channels)
        : m_stub(shopfleet::deliveries::v1::Deliveries::NewStub(channels.service("deliveries")))
    {
    }

    Reply<ListShipmentsResponse> listShipments(ListShipmentsRequest request) override
    {
        return call(async(), &Async::ListShipments, std::move(request));
    }
    Reply<Shipment> getShipment(GetShipmentRequest request) override
    {
        return call(async(), &Async::GetShipment, std::move(request));
    }
    Reply<Shipment> dispatchShipment(DispatchShipmentRequest request) override
    {
        return call(async(), &Async::DispatchShipment, std::move(request));
    }

    Reply<Shipment> splitShipment(SplitShipmentRequest request) override
    {
        return call(async(), &Async::SplitShipment, std::move(request));
    }
    Reply<Shipment> cancelShipment(CancelShipmentRequest request) override
    {
        return call(async(), &Async::CancelShipment, std::move(request));
    }

    std::unique_ptr<Feed> watchShipments(
        std::function<void(const WatchShipmentsResponse&)> use) override
    {
        return std::make_unique<Subscription<Async, WatchShipmentsRequest, WatchShipmentsResponse>>(
            async(), &Async::WatchShipments, WatchShipmentsRequest(), std::move(use), nullptr);
    }

private:
    Async* async() { return m_stub->async(); }

    std::unique_ptr<Stub> m_stub;
};

} // namespace

std::unique_ptr<DeliveriesClient> makeDeliveriesClient(const Channels& channels)
{
    return std::make_unique<GrpcDeliveriesClient>(channels);
}

} // namespace api
