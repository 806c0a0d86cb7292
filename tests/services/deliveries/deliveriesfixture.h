// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "carrier_schema.h"
#include "deliveries_schema.h"
#include "services/carrier/handler.h"
#include "services/carrier/rules.h"
#include "services/deliveries/handler.h"
#include "services/deliveries/rules.h"
#include "services/runtime/testing.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"

#include <QTest>

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <limits>
#include <set>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace shopfleet::deliveries;

template <class T>
struct Answer {
    grpc::Status status;
    T value;

    bool ok() const { return status.ok(); }
};

using Stub = v1::Deliveries::Stub;

/// One call, with a deadline.
template <class Request, class Response>
Answer<Response> call(Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    Answer<Response> answer;
    answer.status = (stub.*method)(&context, request, &answer.value);
    return answer;
}

inline std::string freshId()
{
    static std::atomic<int> s_count = 0;
    return "request-" + std::to_string(++s_count);
}

// The answer is taken once: asking twice is not the same as asking once.
#define VERIFY_OK(answer)                                                                          \
    do {                                                                                           \
        const auto& given = (answer);                                                              \
        QVERIFY2(given.ok(), given.status.error_message().c_str());                                \
    } while (false)
#define REFUSED(answer, code)                                                                      \
    do {                                                                                           \
        const auto& given = (answer);                                                              \
        QVERIFY2(given.status.error_code() == grpc::StatusCode::code,                              \
            (std::to_string(given.status.error_code()) + " " + given.status.error_message())       \
                .c_str());                                                                         \
    } while (false)

/// The sandbox's carrier, which may be away: then it answers so, without having acted.
class MoodyCarrier final : public carrier::v1::Carrier::CallbackService {
public:
    explicit MoodyCarrier(carrier::Handler& carrier)
        : m_carrier(carrier)
    {
    }
    grpc::ServerUnaryReactor* HandOver(grpc::CallbackServerContext* context,
        const carrier::v1::HandOverRequest* request, carrier::v1::Parcel* response) override
    {
        ++asked;
        return answer == grpc::StatusCode::OK
            ? m_carrier.HandOver(context, request, response)
            : runtime::finish(context, runtime::fromWire({answer, "not today"}));
    }
    grpc::ServerUnaryReactor* GetParcel(grpc::CallbackServerContext* context,
        const carrier::v1::GetParcelRequest* request, carrier::v1::Parcel* response) override
    {
        return m_carrier.GetParcel(context, request, response);
    }

    std::atomic<grpc::StatusCode> answer = grpc::StatusCode::OK;
    std::atomic<int> asked = 0;

private:
    carrier::Handler& m_carrier;
};

/// A service over real gRPC, on a database of its own for each test, and what tests ask of it. The
/// carrier is the real sandbox, whose reports go nowhere.
class DeliveriesFixture {
protected:
    void setUp();
    void tearDown();
    /// A process of deliveries, on the database as it is.
    void open();
    Answer<v1::Shipment> plan(const std::string& order, int fulfilment = 1,
        const std::string& requestId = freshId(), std::int64_t quantity = 6,
        const std::string& postalCode = {});
    Answer<v1::Shipment> dispatch(const std::string& id, const std::string& etag = {},
        const std::string& requestId = freshId());
    Answer<v1::Shipment> report(
        const std::string& id, const std::string& event, v1::ShipmentState state);
    Answer<v1::Shipment> cancel(const std::string& id);
    Answer<v1::Shipment> get(const std::string& id);
    Answer<v1::ImportShipmentsResponse> import(const std::vector<v1::Shipment>& shipments);
    std::unique_ptr<runtime::TestDatabase> m_carrierDatabase;
    std::unique_ptr<carrier::Handler> m_realCarrier;
    std::unique_ptr<MoodyCarrier> m_carrier;
    std::unique_ptr<runtime::TestServer> m_carrierServer;
    Dispatcher::Pace m_pace; ///< To be set before setUp.
    std::unique_ptr<runtime::TestDatabase> m_database;
    std::unique_ptr<Handler> m_handler;
    std::unique_ptr<runtime::TestServer> m_server;
    std::unique_ptr<Stub> m_stub;
};

inline void DeliveriesFixture::setUp()
{
    m_carrierDatabase = std::make_unique<runtime::TestDatabase>(carrier::kSchema);
    QVERIFY2(m_carrierDatabase->status().ok(), m_carrierDatabase->status().ToString().c_str());
    m_realCarrier = std::make_unique<carrier::Handler>(**m_carrierDatabase,
        grpc::CreateChannel("unix:" + m_carrierDatabase->folder().file("nobody"),
            grpc::InsecureChannelCredentials()));
    m_carrier = std::make_unique<MoodyCarrier>(*m_realCarrier);
    m_carrierServer = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_carrier.get()}, &**m_carrierDatabase);
    QVERIFY2(m_carrierServer->status().ok(), m_carrierServer->status().ToString().c_str());
    m_database = std::make_unique<runtime::TestDatabase>(kSchema);
    QVERIFY2(m_database->status().ok(), m_database->status().ToString().c_str());
    open();
}

inline void DeliveriesFixture::open()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_handler = std::make_unique<Handler>(
        **m_database, m_database->feed(), m_carrierServer->channel(), m_pace);
    m_server = std::make_unique<runtime::TestServer>(
        std::vector<grpc::Service*>{m_handler.get()}, &**m_database, nullptr);
    QVERIFY2(m_server->status().ok(), m_server->status().ToString().c_str());
    m_stub = v1::Deliveries::NewStub(m_server->channel());
}

inline void DeliveriesFixture::tearDown()
{
    m_stub.reset();
    m_server.reset();
    m_handler.reset();
    m_database.reset();
    m_carrierServer.reset();
    m_carrier.reset();
    m_realCarrier.reset();
    m_carrierDatabase.reset();
}

inline Answer<v1::Shipment> DeliveriesFixture::plan(const std::string& order, int fulfilment,
    const std::string& requestId, std::int64_t quantity, const std::string& postalCode)
{
    v1::PlanShipmentRequest request;
    request.set_request_id(requestId);
    request.set_order_id(order);
    request.set_customer_id("17850");
    request.set_fulfilment(fulfilment);
    request.mutable_address()->set_name("Ann Lee");
    request.mutable_address()->set_city(order == "3" ? "Llanfairpwll" : "London");
    request.mutable_address()->set_country(order == "1" ? "France" : "United Kingdom");
    request.mutable_address()->set_postal_code(postalCode);
    auto* line = request.add_lines();
    line->set_sku("85123A");
    line->set_quantity(quantity);
    return call(*m_stub, &Stub::PlanShipment, request);
}

inline Answer<v1::Shipment> DeliveriesFixture::dispatch(
    const std::string& id, const std::string& etag, const std::string& requestId)
{
    v1::DispatchShipmentRequest request;
    request.set_request_id(requestId);
    request.set_id(id);
    request.set_etag(etag.empty() ? get(id).value.etag() : etag);
    return call(*m_stub, &Stub::DispatchShipment, request);
}

inline Answer<v1::Shipment> DeliveriesFixture::report(
    const std::string& id, const std::string& event, v1::ShipmentState state)
{
    v1::RecordTrackingEventRequest request;
    request.set_request_id(freshId());
    request.set_shipment_id(id);
    request.mutable_event()->set_id(event);
    request.mutable_event()->set_state(state);
    request.mutable_event()->mutable_at()->set_seconds(1'300'000'000);
    request.mutable_event()->set_place("Coventry");
    return call(*m_stub, &Stub::RecordTrackingEvent, request);
}

inline Answer<v1::Shipment> DeliveriesFixture::cancel(const std::string& id)
{
    v1::CancelShipmentRequest request;
    request.set_request_id(freshId());
    request.set_id(id);
    request.set_reason("the customer changed their mind");
    return call(*m_stub, &Stub::CancelShipment, request);
}

inline Answer<v1::Shipment> DeliveriesFixture::get(const std::string& id)
{
    v1::GetShipmentRequest request;
    request.set_id(id);
    return call(*m_stub, &Stub::GetShipment, request);
}

inline Answer<v1::ImportShipmentsResponse> DeliveriesFixture::import(
    const std::vector<v1::Shipment>& shipments)
{
    v1::ImportShipmentsRequest request;
    request.set_request_id(freshId());
    request.mutable_shipments()->Add(shipments.begin(), shipments.end());
    return call(*m_stub, &Stub::ImportShipments, request);
}
