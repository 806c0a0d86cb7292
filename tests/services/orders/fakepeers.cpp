// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/services/orders/fakepeers.h"

#include "services/runtime/status.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace shopfleet::orders {

template <class Act>
grpc::Status FakePeers::act(const std::string& method, const std::string& requestId, Act act)
{
    const std::lock_guard lock(m_mutex);
    ++m_calls[method];
    Failure& failure = m_failures[method];
    const bool fails = failure.times > 0;
    if (fails)
        --failure.times;
    if (fails && failure.when == When::BeforeActing)
        return {failure.code, "as the test wants it"};
    const grpc::Status status = act();
    if (status.ok())
        m_acted[method].insert(requestId);
    return fails ? grpc::Status(failure.code, "the answer is lost, as the test wants it") : status;
}

namespace {

std::string shipmentName(const std::string& orderId, int fulfilment)
{
    return "S-" + orderId + (fulfilment > 1 ? "-f" + std::to_string(fulfilment) : "");
}

} // namespace

struct FakePeers::Cart final : cart::v1::Cart::Service {
    explicit Cart(FakePeers& fake)
        : peers(fake)
    {
    }
    grpc::Status GetCart(grpc::ServerContext*, const cart::v1::GetCartRequest* request,
        cart::v1::ShoppingCart* response) override
    {
        return peers.act("GetCart", "", [&]() -> grpc::Status {
            const auto found = peers.m_carts.find(request->id());
            if (found == peers.m_carts.end())
                return {grpc::StatusCode::NOT_FOUND, "there is no such cart"};
            *response = found->second;
            return grpc::Status::OK;
        });
    }
    grpc::Status CloseCart(grpc::ServerContext*, const cart::v1::CloseCartRequest* request,
        cart::v1::ShoppingCart* response) override
    {
        return peers.act("CloseCart", request->request_id(), [&] {
            auto& cart = peers.m_carts[request->cart_id()];
            cart.set_state(cart::v1::CART_STATE_ORDERED);
            cart.set_order_id(request->order_id());
            *response = cart;
            return grpc::Status::OK;
        });
    }
    FakePeers& peers;
};

struct FakePeers::Inventory final : inventory::v1::Inventory::Service {
    explicit Inventory(FakePeers& fake)
        : peers(fake)
    {
    }
    grpc::Status BatchGetVariants(grpc::ServerContext*,
        const inventory::v1::BatchGetVariantsRequest* request,
        inventory::v1::BatchGetVariantsResponse* response) override
    {
        return peers.act("BatchGetVariants", "", [&] {
            for (const std::string& sku : request->skus()) {
                if (sku == "UNKNOWN")
                    continue;
                auto* priced = response->add_variants();
                priced->mutable_variant()->set_sku(sku);
                priced->mutable_variant()->mutable_price()->set_currency("GBP");
                const auto price = peers.m_prices.find(sku);
                priced->mutable_variant()->mutable_price()->set_minor(
                    price == peers.m_prices.end() ? 250 : price->second);
                priced->set_product_id("product-" + sku);
                priced->set_product_title("Thing " + sku);
                priced->set_product_state(inventory::v1::PRODUCT_STATE_ACTIVE);
            }
            return grpc::Status::OK;
        });
    }
    grpc::Status ReserveStock(grpc::ServerContext*,
        const inventory::v1::ReserveStockRequest* request,
        inventory::v1::Reservation* response) override
    {
        return peers.act("ReserveStock", request->request_id(), [&]() -> grpc::Status {
            for (const auto& line : request->lines())
                if (peers.m_soldOut.contains(line.sku()))
                    return runtime::toWire(
                        runtime::exhausted("OUT_OF_STOCK", line.sku(), "0 are available"));
            response->set_id("R-" + request->holder());
            response->set_state(inventory::v1::RESERVATION_STATE_HELD);
            return grpc::Status::OK;
        });
    }
    grpc::Status ReleaseReservation(grpc::ServerContext*,
        const inventory::v1::ReleaseReservationRequest* request,
        inventory::v1::Reservation* response) override
    {
        return peers.act("ReleaseReservation", request->request_id(), [&] {
            if (!peers.m_acted["ReleaseReservation"].contains(request->request_id()))
                for (const auto& line : request->lines())
                    peers.m_freed[line.sku()] += line.quantity();
            response->set_id(request->id());
            response->set_state(inventory::v1::RESERVATION_STATE_RELEASED);
            return grpc::Status::OK;
        });
    }
    grpc::Status CommitReservation(grpc::ServerContext*,
        const inventory::v1::CommitReservationRequest* request,
        inventory::v1::Reservation* response) override
    {
        return peers.act("CommitReservation", request->request_id(), [&] {
            response->set_id(request->id());
            response->set_state(inventory::v1::RESERVATION_STATE_COMMITTED);
            return grpc::Status::OK;
        });
    }
    grpc::Status ReceiveStock(grpc::ServerContext*,
        const inventory::v1::ReceiveStockRequest* request, inventory::v1::StockResponse*) override
    {
        return peers.act("ReceiveStock", request->request_id(), [] { return grpc::Status::OK; });
    }
    FakePeers& peers;
};

struct FakePeers::Payments final : payments::v1::Payments::Service {
    explicit Payments(FakePeers& fake)
        : peers(fake)
    {
    }
    grpc::Status AuthorisePayment(grpc::ServerContext*,
        const payments::v1::AuthorisePaymentRequest* request,
        payments::v1::Payment* response) override
    {
        return peers.act("AuthorisePayment", request->request_id(), [&] {
            auto& payment = peers.m_payments["P-" + request->order_id()];
            payment.set_id("P-" + request->order_id());
            payment.set_method("Visa •••• 4242");
            *payment.mutable_amount() = request->amount();
            *payment.mutable_authorised() = request->amount();
            payment.set_state(payments::v1::PAYMENT_STATE_AUTHORISED);
            if (request->payment_token() == "tok_declined") {
                payment.set_state(payments::v1::PAYMENT_STATE_DECLINED);
                payment.set_decline_reason("insufficient_funds");
            } else if (request->payment_token() == "tok_timeout") {
                payment.set_state(payments::v1::PAYMENT_STATE_UNKNOWN);
            }
            *response = payment;
            return grpc::Status::OK;
        });
    }
    grpc::Status SettlePayment(grpc::ServerContext*,
        const payments::v1::SettlePaymentRequest* request, payments::v1::Payment* response) override
    {
        return peers.act("SettlePayment", request->request_id(), [&] {
            auto& payment = peers.m_payments[request->id()];
            if (--peers.m_unknownLeft < 0)
                payment.set_state(peers.m_settled);
            *response = payment;
            return grpc::Status::OK;
        });
    }
    grpc::Status VoidPayment(grpc::ServerContext*, const payments::v1::VoidPaymentRequest* request,
        payments::v1::Payment* response) override
    {
        return peers.act("VoidPayment", request->request_id(), [&] {
            auto& payment = peers.m_payments[request->id()];
            if (payment.captured().minor() == 0)
                payment.set_state(payments::v1::PAYMENT_STATE_VOIDED);
            payment.mutable_authorised()->set_minor(payment.captured().minor());
            *response = payment;
            return grpc::Status::OK;
        });
    }
    grpc::Status CapturePayment(grpc::ServerContext*,
        const payments::v1::CapturePaymentRequest* request,
        payments::v1::Payment* response) override
    {
        return peers.act("CapturePayment", request->request_id(), [&] {
            auto& payment = peers.m_payments[request->id()];
            *payment.mutable_captured()
                = request->has_amount() ? request->amount() : payment.authorised();
            *response = payment;
            return grpc::Status::OK;
        });
    }
    grpc::Status RefundPayment(grpc::ServerContext*,
        const payments::v1::RefundPaymentRequest* request, payments::v1::Payment* response) override
    {
        return peers.act("RefundPayment", request->request_id(), [&] {
            auto& payment = peers.m_payments[request->id()];
            if (!peers.m_acted["RefundPayment"].contains(request->request_id()))
                payment.mutable_refunded()->set_minor(
                    payment.refunded().minor() + request->amount().minor());
            *response = payment;
            return grpc::Status::OK;
        });
    }
    FakePeers& peers;
};

struct FakePeers::Deliveries final : deliveries::v1::Deliveries::Service {
    explicit Deliveries(FakePeers& fake)
        : peers(fake)
    {
    }
    grpc::Status PlanShipment(grpc::ServerContext*,
        const deliveries::v1::PlanShipmentRequest* request,
        deliveries::v1::Shipment* response) override
    {
        return peers.act("PlanShipment", request->request_id(), [&] {
            response->set_id(shipmentName(request->order_id(), request->fulfilment()));
            peers.m_addresses[response->id()] = request->address().line1();
            peers.pack(response->id(), request->lines());
            return grpc::Status::OK;
        });
    }
    grpc::Status UpdateShipment(grpc::ServerContext*,
        const deliveries::v1::UpdateShipmentRequest* request,
        deliveries::v1::Shipment* response) override
    {
        return peers.act("UpdateShipment", request->request_id(), [&]() -> grpc::Status {
            const auto& shipment = request->shipment();
            if (peers.m_left.contains(shipment.id()))
                return runtime::toWire(runtime::failedPrecondition(
                    "SHIPMENT_STATE", "shipment " + shipment.id(), "is on its way"));
            response->set_id(shipment.id());
            for (const std::string& path : request->update_mask().paths())
                if (path == "lines")
                    peers.pack(shipment.id(), shipment.lines());
                else
                    peers.m_addresses[shipment.id()] = shipment.address().line1();
            return grpc::Status::OK;
        });
    }
    grpc::Status CancelShipment(grpc::ServerContext*,
        const deliveries::v1::CancelShipmentRequest* request,
        deliveries::v1::Shipment* response) override
    {
        return peers.act("CancelShipment", request->request_id(), [&]() -> grpc::Status {
            if (peers.m_left.contains(request->id()))
                return runtime::toWire(runtime::failedPrecondition(
                    "SHIPMENT_STATE", "shipment " + request->id(), "is on its way"));
            response->set_id(request->id());
            return grpc::Status::OK;
        });
    }
    grpc::Status CreateReturn(grpc::ServerContext*,
        const deliveries::v1::CreateReturnRequest* request,
        deliveries::v1::Shipment* response) override
    {
        return peers.act("CreateReturn", request->request_id(), [&] {
            response->set_id("B-" + request->order_id());
            return grpc::Status::OK;
        });
    }
    grpc::Status ListShipments(grpc::ServerContext*,
        const deliveries::v1::ListShipmentsRequest* request,
        deliveries::v1::ListShipmentsResponse* response) override
    {
        const std::lock_guard lock(peers.m_mutex);
        std::map<std::string, deliveries::v1::Shipment> latest;
        for (const auto& news : peers.m_news)
            if (request->filter().find('"' + news.order_id() + '"') != std::string::npos)
                latest[news.id()] = news;
        for (const auto& [id, shipment] : latest)
            *response->add_shipments() = shipment;
        return grpc::Status::OK;
    }
    grpc::Status WatchShipments(grpc::ServerContext* context,
        const deliveries::v1::WatchShipmentsRequest* request,
        grpc::ServerWriter<deliveries::v1::WatchShipmentsResponse>* writer) override
    {
        std::size_t at = 0;
        for (bool first = true; !context->IsCancelled(); first = false) {
            deliveries::v1::WatchShipmentsResponse news;
            {
                const std::lock_guard lock(peers.m_mutex);
                if (first)
                    at = request->resume_token().empty() ? peers.m_news.size()
                                                         : std::stoul(request->resume_token());
                news.set_reload(at < peers.m_forgotten);
                at = std::max(at, peers.m_forgotten);
                for (; at < peers.m_news.size(); ++at)
                    *news.add_shipments() = peers.m_news[at];
            }
            news.set_resume_token(std::to_string(at));
            if ((first || news.reload() || news.shipments_size() > 0) && !writer->Write(news))
                break;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return grpc::Status::OK;
    }
    FakePeers& peers;
};

struct FakePeers::Accounts final : accounts::v1::Accounts::Service {
    explicit Accounts(FakePeers& fake)
        : peers(fake)
    {
    }
    grpc::Status GetCustomer(grpc::ServerContext*, const accounts::v1::GetCustomerRequest* request,
        accounts::v1::Customer* response) override
    {
        return peers.act("GetCustomer", "", [&]() -> grpc::Status {
            if (request->id() == "nobody")
                return {grpc::StatusCode::NOT_FOUND, "there is no such customer"};
            response->set_id(request->id());
            response->set_name("Jane Doe");
            response->set_email("jane@example.com");
            response->set_state(request->id() == "blocked" ? accounts::v1::CUSTOMER_STATE_BLOCKED
                                                           : accounts::v1::CUSTOMER_STATE_ACTIVE);
            return grpc::Status::OK;
        });
    }
    FakePeers& peers;
};

FakePeers::FakePeers()
{
    m_services.push_back(std::make_unique<Cart>(*this));
    m_services.push_back(std::make_unique<Inventory>(*this));
    m_services.push_back(std::make_unique<Payments>(*this));
    m_services.push_back(std::make_unique<Deliveries>(*this));
    m_services.push_back(std::make_unique<Accounts>(*this));
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &m_port);
    for (const auto& service : m_services)
        builder.RegisterService(service.get());
    m_server = builder.BuildAndStart();
}

FakePeers::~FakePeers()
{
    m_server->Shutdown();
}

Peers::Channels FakePeers::channels()
{
    const auto channel = grpc::CreateChannel(
        "ipv4:127.0.0.1:" + std::to_string(m_port), grpc::InsecureChannelCredentials());
    return {channel, channel, channel, channel, channel};
}

void FakePeers::addCart(const std::string& id, const std::string& sku, std::int64_t quantity)
{
    const std::lock_guard lock(m_mutex);
    auto& cart = m_carts[id];
    cart.set_id(id);
    cart.set_state(cart::v1::CART_STATE_OPEN);
    cart.set_currency("GBP");
    if (quantity == 0)
        return;
    auto* item = cart.add_items();
    item->set_sku(sku);
    item->set_quantity(quantity);
}

void FakePeers::fail(const std::string& method, int times, grpc::StatusCode code, When when)
{
    const std::lock_guard lock(m_mutex);
    m_failures[method] = {times, code, when};
}

void FakePeers::settleAfter(int times, payments::v1::PaymentState then)
{
    const std::lock_guard lock(m_mutex);
    m_unknownLeft = times;
    m_settled = then;
}

void FakePeers::sellOut(const std::string& sku)
{
    const std::lock_guard lock(m_mutex);
    m_soldOut.insert(sku);
}

void FakePeers::setPrice(const std::string& sku, std::int64_t minor)
{
    const std::lock_guard lock(m_mutex);
    m_prices[sku] = minor;
}

void FakePeers::tell(const std::string& orderId, deliveries::v1::ShipmentState state,
    deliveries::v1::ShipmentDirection direction, int fulfilment)
{
    const std::lock_guard lock(m_mutex);
    if (direction == deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND) {
        m_news.push_back(newsOf(shipmentName(orderId, fulfilment), orderId, state));
        m_news.back().set_fulfilment(fulfilment);
        return;
    }
    deliveries::v1::Shipment shipment;
    shipment.set_id("B-" + orderId);
    shipment.set_order_id(orderId);
    shipment.set_direction(direction);
    shipment.set_state(state);
    m_news.push_back(shipment);
}

void FakePeers::split(const std::string& orderId, const std::string& sku, std::int64_t quantity)
{
    {
        const std::lock_guard lock(m_mutex);
        const std::string whole = shipmentName(orderId, 1);
        m_goods[whole][sku] -= quantity;
        m_goods[whole + "-p1"][sku] = quantity;
    }
    tellOfPart(orderId, deliveries::v1::SHIPMENT_STATE_PLANNED);
}

void FakePeers::tellOfPart(const std::string& orderId, deliveries::v1::ShipmentState state)
{
    const std::lock_guard lock(m_mutex);
    m_news.push_back(newsOf(shipmentName(orderId, 1) + "-p1", orderId, state));
    m_news.back().set_part(1);
}

/// With the goods that are in it.
deliveries::v1::Shipment FakePeers::newsOf(
    const std::string& id, const std::string& orderId, deliveries::v1::ShipmentState state)
{
    deliveries::v1::Shipment shipment;
    shipment.set_id(id);
    shipment.set_order_id(orderId);
    shipment.set_direction(deliveries::v1::SHIPMENT_DIRECTION_OUTBOUND);
    shipment.set_state(state);
    shipment.set_fulfilment(1);
    for (const auto& [sku, units] : m_goods[id]) {
        if (units == 0)
            continue;
        auto& line = *shipment.add_lines();
        line.set_sku(sku);
        line.set_quantity(units);
    }
    const bool waits = state == deliveries::v1::SHIPMENT_STATE_PLANNED;
    if (!waits)
        m_left.insert(id);
    return shipment;
}

std::string FakePeers::addressOf(const std::string& shipmentId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_addresses.find(shipmentId);
    return found == m_addresses.end() ? std::string() : found->second;
}

void FakePeers::pack(const std::string& shipmentId, const Goods& goods)
{
    auto& packed = m_goods[shipmentId];
    packed.clear();
    for (const auto& line : goods)
        packed[line.sku()] += line.quantity();
}

FakePeers::Units FakePeers::goodsOf(const std::string& shipmentId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_goods.find(shipmentId);
    return found == m_goods.end() ? Units() : found->second;
}

FakePeers::Units FakePeers::freed() const
{
    const std::lock_guard lock(m_mutex);
    return m_freed;
}

void FakePeers::forgetNews()
{
    const std::lock_guard lock(m_mutex);
    m_forgotten = m_news.size();
}

payments::v1::Payment FakePeers::payment(const std::string& orderId) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_payments.find("P-" + orderId);
    return found == m_payments.end() ? payments::v1::Payment() : found->second;
}

int FakePeers::calls(const std::string& method) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_calls.find(method);
    return found == m_calls.end() ? 0 : found->second;
}

int FakePeers::effects(const std::string& method) const
{
    return static_cast<int>(requestIds(method).size());
}

std::set<std::string> FakePeers::requestIds(const std::string& method) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_acted.find(method);
    return found == m_acted.end() ? std::set<std::string>() : found->second;
}

} // namespace shopfleet::orders
