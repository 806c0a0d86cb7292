// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/deliveries/dispatcher.h"
#include "services/runtime/rpc.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"

namespace shopfleet::deliveries {

/// The Deliveries RPCs: check the request, ask, reply. Called on many threads at once.
class Handler final : public v1::Deliveries::CallbackService {
public:
    Handler(runtime::Database& database, runtime::ChangeFeed& feed,
        const std::shared_ptr<grpc::Channel>& carrier, Dispatcher::Pace pace = {})
        : m_database(database)
        , m_feed(feed)
        , m_dispatcher(database, carrier, pace)
    {
    }

    using Context = runtime::Context;
    using Unary = runtime::Unary;

    Unary* GetShipment(Context*, const v1::GetShipmentRequest*, v1::Shipment*) override;
    Unary* ListShipments(
        Context*, const v1::ListShipmentsRequest*, v1::ListShipmentsResponse*) override;
    grpc::ServerWriteReactor<v1::WatchShipmentsResponse>* WatchShipments(
        Context*, const v1::WatchShipmentsRequest*) override;
    Unary* PlanShipment(Context*, const v1::PlanShipmentRequest*, v1::Shipment*) override;
    Unary* UpdateShipment(Context*, const v1::UpdateShipmentRequest*, v1::Shipment*) override;
    Unary* SplitShipment(Context*, const v1::SplitShipmentRequest*, v1::Shipment*) override;
    Unary* DispatchShipment(Context*, const v1::DispatchShipmentRequest*, v1::Shipment*) override;
    Unary* RecordTrackingEvent(
        Context*, const v1::RecordTrackingEventRequest*, v1::Shipment*) override;
    Unary* CancelShipment(Context*, const v1::CancelShipmentRequest*, v1::Shipment*) override;
    Unary* CreateReturn(Context*, const v1::CreateReturnRequest*, v1::Shipment*) override;
    Unary* ImportShipments(
        Context*, const v1::ImportShipmentsRequest*, v1::ImportShipmentsResponse*) override;

private:
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
    Dispatcher m_dispatcher; ///< Last: it goes first.
};

} // namespace shopfleet::deliveries
