// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/cart/v1/cart.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/orders/v1/orders.grpc.pb.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"
#include "tests/slowness.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

/// One customer, one product in stock, one open cart, one confirmed order with its payment,
/// shipment and reservation: what a request may name. Made through the services themselves.
struct StoreWorld {
    using Channels = std::map<std::string, std::shared_ptr<grpc::Channel>>;

    /// To the six services of the store, wherever the control plane says that they are.
    static Channels open()
    {
        Channels channels;
        for (const auto* name :
            {"accounts", "inventory", "cart", "orders", "payments", "deliveries"})
            channels[name] = grpc::CreateChannel(
                std::string("xds:///") + name, grpc::InsecureChannelCredentials());
        return channels;
    }

    std::string mark; ///< In every name of this world.
    std::string customer, customerEtag, email, password = "a long enough secret", refreshToken;
    std::string product, productEtag, sku;
    std::string cart, order, orderEtag, payment, shipment, reservation;
    std::string captured; ///< A payment whose money was taken.
    std::string sentOrder, sent; ///< A shipment that has arrived, of an order of its own.

    /// `withStrays`: also `captured` and `sent`, of orders that are not there.
    static StoreWorld make(const Channels& channels, int number, bool withStrays = true);
};

namespace storeworld {

template <class Stub, class Request, class Response>
Response call(Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request)
{
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10 * slowness()));
    Response response;
    const auto status = (stub.*method)(&context, request, &response);
    if (!status.ok())
        throw std::runtime_error(request.GetTypeName() + ": " + status.error_message());
    return response;
}

} // namespace storeworld

inline StoreWorld StoreWorld::make(const Channels& channels, int number, bool withStrays)
{
    using namespace shopfleet;
    using storeworld::call;
    StoreWorld world;
    world.mark = "w" + std::to_string(number);
    const auto& mark = world.mark;

    const auto accounts = accounts::v1::Accounts::NewStub(channels.at("accounts"));
    accounts::v1::SignUpRequest signUp;
    signUp.set_request_id(mark + "-signup");
    world.email = mark + "@example.com";
    signUp.set_email(world.email);
    signUp.set_password(world.password);
    signUp.set_name("Ann Other");
    signUp.set_country("GB");
    const auto session = call(*accounts, &accounts::v1::Accounts::Stub::SignUp, signUp);
    world.customer = session.customer().id();
    world.customerEtag = session.customer().etag();
    world.refreshToken = session.refresh_token();

    const auto inventory = inventory::v1::Inventory::NewStub(channels.at("inventory"));
    inventory::v1::CreateProductRequest create;
    create.set_request_id(mark + "-product");
    create.mutable_product()->set_id(mark + "-product");
    create.mutable_product()->set_title("Teapot");
    create.mutable_product()->set_state(inventory::v1::PRODUCT_STATE_ACTIVE);
    world.sku = mark + "-sku";
    auto& variant = *create.mutable_product()->add_variants();
    variant.set_sku(world.sku);
    variant.mutable_price()->set_currency("GBP");
    variant.mutable_price()->set_minor(250);
    const auto product = call(*inventory, &inventory::v1::Inventory::Stub::CreateProduct, create);
    world.product = product.id();
    world.productEtag = product.etag();
    inventory::v1::ReceiveStockRequest receive;
    receive.set_request_id(mark + "-stock");
    receive.set_reason("delivery");
    auto& line = *receive.add_lines();
    line.set_sku(world.sku);
    line.set_quantity(1'000);
    call(*inventory, &inventory::v1::Inventory::Stub::ReceiveStock, receive);

    const auto carts = cart::v1::Cart::NewStub(channels.at("cart"));
    const auto filled = [&](const std::string& name) {
        cart::v1::CreateCartRequest request;
        request.set_request_id(mark + name);
        request.set_currency("GBP");
        auto& item = *request.add_items();
        item.set_sku(world.sku);
        item.set_quantity(2);
        return call(*carts, &cart::v1::Cart::Stub::CreateCart, request).id();
    };
    world.cart = filled("-cart");

    const auto orders = orders::v1::Orders::NewStub(channels.at("orders"));
    orders::v1::PlaceOrderRequest place;
    place.set_request_id(mark + "-order");
    place.set_customer_id(world.customer);
    place.set_cart_id(filled("-ordered"));
    place.set_payment_token("tok_visa");
    place.mutable_shipping_address()->set_name("Ann Other");
    place.mutable_shipping_address()->set_line1("1 Test Street");
    place.mutable_shipping_address()->set_city("Testham");
    place.mutable_shipping_address()->set_postal_code("TE5 7AA");
    place.mutable_shipping_address()->set_country("GB");
    auto order = call(*orders, &orders::v1::Orders::Stub::PlaceOrder, place);
    orders::v1::GetOrderRequest get;
    get.set_id(order.id());
    for (int i = 0; i < 1'000 * slowness() && (order.shipment_ids().empty() || order.has_waiting());
         ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        order = call(*orders, &orders::v1::Orders::Stub::GetOrder, get);
    }
    if (order.payment_ids().empty() || order.shipment_ids().empty())
        throw std::runtime_error("the order did not get through: " + order.ShortDebugString());
    world.order = order.id();
    world.orderEtag = order.etag();
    world.payment = order.payment_ids(0);
    world.shipment = order.shipment_ids(0);
    world.reservation = order.reservation_id();
    if (!withStrays)
        return world;

    const auto payments = payments::v1::Payments::NewStub(channels.at("payments"));
    payments::v1::AuthorisePaymentRequest authorise;
    authorise.set_request_id(mark + "-authorise");
    authorise.set_order_id(mark + "-paid");
    authorise.mutable_amount()->set_currency("GBP");
    authorise.mutable_amount()->set_minor(1'000);
    authorise.set_payment_token("tok_visa");
    authorise.set_attempt(1);
    world.captured
        = call(*payments, &payments::v1::Payments::Stub::AuthorisePayment, authorise).id();
    payments::v1::CapturePaymentRequest capture;
    capture.set_request_id(mark + "-capture");
    capture.set_id(world.captured);
    call(*payments, &payments::v1::Payments::Stub::CapturePayment, capture);

    const auto deliveries = deliveries::v1::Deliveries::NewStub(channels.at("deliveries"));
    deliveries::v1::PlanShipmentRequest plan;
    plan.set_request_id(mark + "-plan");
    world.sentOrder = mark + "-sent";
    plan.set_order_id(world.sentOrder);
    plan.set_fulfilment(1);
    *plan.mutable_address() = place.shipping_address();
    auto& goods = *plan.add_lines();
    goods.set_sku(world.sku);
    goods.set_quantity(5);
    goods.set_title("Teapot");
    world.sent = call(*deliveries, &deliveries::v1::Deliveries::Stub::PlanShipment, plan).id();
    deliveries::v1::DispatchShipmentRequest dispatch;
    dispatch.set_request_id(mark + "-dispatch");
    dispatch.set_id(world.sent);
    call(*deliveries, &deliveries::v1::Deliveries::Stub::DispatchShipment, dispatch);
    deliveries::v1::RecordTrackingEventRequest arrived;
    arrived.set_request_id(mark + "-arrived");
    arrived.set_shipment_id(world.sent);
    arrived.mutable_event()->set_id("1");
    arrived.mutable_event()->set_state(deliveries::v1::SHIPMENT_STATE_DELIVERED);
    arrived.mutable_event()->mutable_at()->set_seconds(std::time(nullptr));
    call(*deliveries, &deliveries::v1::Deliveries::Stub::RecordTrackingEvent, arrived);
    return world;
}
