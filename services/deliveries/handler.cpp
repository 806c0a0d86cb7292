// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/deliveries/handler.h"

#include "services/deliveries/rules.h"
#include "services/deliveries/shipments.h"
#include "services/deliveries/store.h"

namespace shopfleet::deliveries {

using runtime::Changed;
using runtime::Connection;
using runtime::finish;
using runtime::Unary;

Unary* Handler::GetShipment(
    Context* context, const v1::GetShipmentRequest* request, v1::Shipment* response)
{
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const v1::GetShipmentRequest& asked) {
            return store::get(db, asked.id());
        });
}

Unary* Handler::ListShipments(
    Context* context, const v1::ListShipmentsRequest* request, v1::ListShipmentsResponse* response)
{
    return runtime::browse(context, m_database, request, response, &store::list);
}

grpc::ServerWriteReactor<v1::WatchShipmentsResponse>* Handler::WatchShipments(
    Context*, const v1::WatchShipmentsRequest* request)
{
    return runtime::watch<v1::WatchShipmentsResponse>(m_database, m_feed, request->resume_token(),
        [](Connection& db, const Changed& change, v1::WatchShipmentsResponse& message) {
            auto shipment = store::get(db, change.id);
            absl::Status status = shipment.status();
            if (status.ok())
                *message.add_shipments() = *std::move(shipment);
            return status;
        });
}

Unary* Handler::PlanShipment(
    Context* context, const v1::PlanShipmentRequest* request, v1::Shipment* response)
{
    if (auto status = checkPlan(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::plan);
}

Unary* Handler::UpdateShipment(
    Context* context, const v1::UpdateShipmentRequest* request, v1::Shipment* response)
{
    if (auto status = checkUpdate(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::update);
}

Unary* Handler::SplitShipment(
    Context* context, const v1::SplitShipmentRequest* request, v1::Shipment* response)
{
    if (auto status = checkSplit(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::split);
}

Unary* Handler::DispatchShipment(
    Context* context, const v1::DispatchShipmentRequest* request, v1::Shipment* response)
{
    if (auto status = runtime::checkRequestId(*request); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    m_dispatcher.dispatch(*request, [reactor, response](absl::StatusOr<v1::Shipment> shipment) {
        const absl::Status status = shipment.status();
        if (status.ok())
            *response = *std::move(shipment);
        reactor->Finish(runtime::toWire(status));
    });
    return reactor;
}

Unary* Handler::RecordTrackingEvent(
    Context* context, const v1::RecordTrackingEventRequest* request, v1::Shipment* response)
{
    if (auto status = checkId("shipment_id", request->shipment_id()); !status.ok())
        return finish(context, status);
    if (auto status = checkEvent(request->event()); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::record);
}

Unary* Handler::CancelShipment(
    Context* context, const v1::CancelShipmentRequest* request, v1::Shipment* response)
{
    if (auto status = checkReason(request->reason()); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::cancel);
}

Unary* Handler::CreateReturn(
    Context* context, const v1::CreateReturnRequest* request, v1::Shipment* response)
{
    if (auto status = checkReturn(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::takeBack);
}

Unary* Handler::ImportShipments(Context* context, const v1::ImportShipmentsRequest* request,
    v1::ImportShipmentsResponse* response)
{
    if (auto status = checkImport(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &shipments::import);
}

} // namespace shopfleet::deliveries
