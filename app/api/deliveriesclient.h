// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/api/feed.h"
#include "app/api/reply.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"

#include <functional>
#include <memory>

namespace api {

class Channels;

/// The deliveries service as the app sees it.
class DeliveriesClient {
public:
    virtual ~DeliveriesClient() = default;

    virtual Reply<shopfleet::deliveries::v1::ListShipmentsResponse> listShipments(
        shopfleet::deliveries::v1::ListShipmentsRequest request)
        = 0;
    virtual Reply<shopfleet::deliveries::v1::Shipment> getShipment(
        shopfleet::deliveries::v1::GetShipmentRequest request)
        = 0;
    virtual Reply<shopfleet::deliveries::v1::Shipment> dispatchShipment(
        shopfleet::deliveries::v1::DispatchShipmentRequest request)
        = 0;

    virtual Reply<shopfleet::deliveries::v1::Shipment> splitShipment(
        shopfleet::deliveries::v1::SplitShipmentRequest request)
        = 0;
    virtual Reply<shopfleet::deliveries::v1::Shipment> cancelShipment(
        shopfleet::deliveries::v1::CancelShipmentRequest request)
        = 0;

    /// Messages arrive on the UI thread for as long as the feed lives; the first one soon.
    virtual std::unique_ptr<Feed> watchShipments(
        std::function<void(const shopfleet::deliveries::v1::WatchShipmentsResponse&)> use)
        = 0;
};

std::unique_ptr<DeliveriesClient> makeDeliveriesClient(const Channels& channels);

} // namespace api
