// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/orders/peers.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/cart/v1/cart.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace shopfleet::orders {

/// The five other services in this process, behind real gRPC: they do what a test tells them and
/// remember what was asked.
///
/// Like the real ones they act once for one request_id, so that `effects` counts what a repetition
/// would have done twice.
class FakePeers {
public:
    FakePeers();
    ~FakePeers();

    Peers::Channels channels();

    void addCart(const std::string& id, const std::string& sku, std::int64_t quantity);

    enum class When { BeforeActing, AfterActing };
    /// The next `times` calls of the method fail; after acting, the effect is there and only the
    /// answer is lost.
    void fail(const std::string& method, int times, grpc::StatusCode code,
        When when = When::BeforeActing);
    /// Settling answers UNKNOWN this many times before it knows.
    void settleAfter(int times, payments::v1::PaymentState then);
    void sellOut(const std::string& sku);
    /// Of what is not told each costs 2.50.
    void setPrice(const std::string& sku, std::int64_t minor);
    /// News of a shipment, to whoever watches. One that has left is not cancelled any more.
    void tell(const std::string& orderId, deliveries::v1::ShipmentState state,
        deliveries::v1::ShipmentDirection direction = deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND,
        int fulfilment = 1);
    /// Some of a planned parcel's goods leave by themselves, as part 1 of it.
    void split(const std::string& orderId, const std::string& sku, std::int64_t quantity);
    /// News of that part.
    void tellOfPart(const std::string& orderId, deliveries::v1::ShipmentState state);
    /// Where the parcels of an order go, as deliveries was told last.
    std::string addressOf(const std::string& shipmentId) const;
    using Units = std::map<std::string, std::int64_t>; ///< By SKU.
    /// What is in a parcel, as deliveries was told last.
    Units goodsOf(const std::string& shipmentId) const;
    /// What inventory was told by name to set free.
    Units freed() const;
    /// As after a long time away: who asks for earlier news is told to load anew.
    void forgetNews();
    payments::v1::Payment payment(const std::string& orderId) const;

    int calls(const std::string& method) const;
    int effects(const std::string& method) const;
    /// The request ids that a method was called with, each once.
    std::set<std::string> requestIds(const std::string& method) const;

private:
    struct Cart;
    struct Inventory;
    struct Payments;
    struct Deliveries;
    struct Accounts;
    struct Failure {
        int times = 0;
        grpc::StatusCode code = grpc::StatusCode::OK;
        When when = When::BeforeActing;
    };

    /// Counts the call, lets it act unless this request id acted before, and fails where it was
    /// told to.
    template <class Act>
    grpc::Status act(const std::string& method, const std::string& requestId, Act act);

    using Goods = google::protobuf::RepeatedPtrField<deliveries::v1::ShipmentLine>;
    deliveries::v1::Shipment newsOf(
        const std::string& id, const std::string& orderId, deliveries::v1::ShipmentState state);
    void pack(const std::string& shipmentId, const Goods& goods);

    mutable std::mutex m_mutex;
    std::map<std::string, Failure> m_failures;
    std::map<std::string, int> m_calls;
    std::map<std::string, std::set<std::string>> m_acted;
    std::map<std::string, cart::v1::ShoppingCart> m_carts;
    std::map<std::string, payments::v1::Payment> m_payments;
    std::set<std::string> m_soldOut;
    std::map<std::string, std::int64_t> m_prices;
    std::vector<deliveries::v1::Shipment> m_news;
    std::size_t m_forgotten = 0; ///< News before this one are not told any more.
    std::set<std::string> m_left; ///< Shipments that are on their way.
    std::map<std::string, std::string> m_addresses; ///< Lines 1 of planned shipments.
    std::map<std::string, Units> m_goods;
    Units m_freed;
    int m_unknownLeft = 0;
    payments::v1::PaymentState m_settled = payments::v1::PAYMENT_STATE_AUTHORISED;

    std::vector<std::unique_ptr<grpc::Service>> m_services;
    std::unique_ptr<grpc::Server> m_server;
    int m_port = 0;
};

} // namespace shopfleet::orders
