// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/peers.h"

#include "services/runtime/client.h"
#include "services/runtime/failpoint.h"
#include "shopfleet/accounts/v1/accounts.grpc.pb.h"
#include "shopfleet/cart/v1/cart.grpc.pb.h"
#include "shopfleet/deliveries/v1/deliveries.grpc.pb.h"
#include "shopfleet/inventory/v1/inventory.grpc.pb.h"
#include "shopfleet/payments/v1/payments.grpc.pb.h"

#include <grpcpp/grpcpp.h>

#include <cassert>
#include <mutex>
#include <type_traits>
#include <utility>

namespace shopfleet::orders {
namespace {

using std::chrono::milliseconds;

// A step has this long for its answer; then it counts as failed and is asked again.
constexpr milliseconds kStepTimeout{2500};

template <class Reply>
using Then = std::function<void(absl::StatusOr<Reply>)>;

/// One call: what must live as long as it does, freed once it is answered.
template <class Request, class Reply>
struct Call {
    grpc::ClientContext context;
    Request request;
    Reply reply;
    Then<Reply> then;
    runtime::Trace trace;
};

template <class Async, class Request, class Reply>
void call(Async* stub,
    void (Async::*method)(
        grpc::ClientContext*, const Request*, Reply*, std::function<void(grpc::Status)>),
    Request request, milliseconds timeout, const runtime::Trace& trace,
    std::type_identity_t<Then<Reply>> then)
{
    auto one = std::make_shared<Call<Request, Reply>>();
    runtime::prepare(one->context, timeout, trace);
    one->request = std::move(request);
    one->then = std::move(then);
    one->trace = trace;
    (stub->*method)(&one->context, &one->request, &one->reply, [one](const grpc::Status& status) {
        const runtime::TraceScope scope(one->trace);
        if (status.ok())
            one->then(std::move(one->reply));
        else
            one->then(runtime::fromWire(status));
    });
}

/// A step's call: hands on what its answer means.
template <class Async, class Request, class Reply>
void ask(Async* stub,
    void (Async::*method)(
        grpc::ClientContext*, const Request*, Reply*, std::function<void(grpc::Status)>),
    Request request, const runtime::Trace& trace, Outcome (*read)(const absl::StatusOr<Reply>&),
    std::function<void(Outcome)> then)
{
    runtime::failpoint(Request::descriptor()->name(), "asking");
    call(stub, method, std::move(request), kStepTimeout, trace,
        [read, then = std::move(then)](const absl::StatusOr<Reply>& answer) {
            runtime::failpoint(Request::descriptor()->name(), "answered");
            then(read(answer));
        });
}

bool isAway(const absl::Status& status)
{
    return status.code() == absl::StatusCode::kUnavailable
        || status.code() == absl::StatusCode::kDeadlineExceeded;
}

/// Collects what a basket is made of; the last answer to come in hands it over.
struct Gathering {
    std::mutex mutex;
    Basket basket;
    absl::Status status;
    int missing = 2; ///< The priced cart, and the customer.
    Then<Basket> then;

    void arrived(const absl::Status& answer)
    {
        {
            const std::lock_guard lock(mutex);
            status.Update(answer);
            if (--missing > 0)
                return;
        }
        if (status.ok())
            then(std::move(basket));
        else
            then(status);
    }
};

inventory::v1::BatchGetVariantsRequest variantsOf(const cart::v1::ShoppingCart& cart)
{
    inventory::v1::BatchGetVariantsRequest request;
    for (const cart::v1::CartItem& item : cart.items())
        request.add_skus(item.sku());
    return request;
}

} // namespace

struct Peers::Stubs {
    std::unique_ptr<cart::v1::Cart::Stub> cart;
    std::unique_ptr<inventory::v1::Inventory::Stub> inventory;
    std::unique_ptr<payments::v1::Payments::Stub> payments;
    std::unique_ptr<deliveries::v1::Deliveries::Stub> deliveries;
    std::unique_ptr<accounts::v1::Accounts::Stub> accounts;
};

using CartCalls = class cart::v1::Cart::Stub::async;
using InventoryCalls = class inventory::v1::Inventory::Stub::async;
using PaymentsCalls = class payments::v1::Payments::Stub::async;
using DeliveriesCalls = class deliveries::v1::Deliveries::Stub::async;
using AccountsCalls = class accounts::v1::Accounts::Stub::async;

Peers::Peers(const Channels& channels)
    : m_stubs(new Stubs{cart::v1::Cart::NewStub(channels.cart),
        inventory::v1::Inventory::NewStub(channels.inventory),
        payments::v1::Payments::NewStub(channels.payments),
        deliveries::v1::Deliveries::NewStub(channels.deliveries),
        accounts::v1::Accounts::NewStub(channels.accounts)})
    , m_links{{"inventory", channels.inventory}, {"payments", channels.payments},
          {"deliveries", channels.deliveries}}
{
}

Peers::~Peers() = default;

std::vector<std::string> Peers::returned()
{
    std::vector<std::string> services;
    for (Link& link : m_links) {
        const auto state = link.channel->GetState(false);
        if (state == GRPC_CHANNEL_READY && std::exchange(link.away, false))
            services.push_back(link.service);
        link.away = link.away || state == GRPC_CHANNEL_TRANSIENT_FAILURE
            || state == GRPC_CHANNEL_CONNECTING;
    }
    return services;
}

void Peers::basket(const v1::PlaceOrderRequest& request, milliseconds timeout,
    const runtime::Trace& trace, std::function<void(absl::StatusOr<Basket>)> then)
{
    auto gathering = std::make_shared<Gathering>();
    gathering->then = std::move(then);
    if (request.customer_id().empty()) {
        gathering->missing = 1;
    } else {
        accounts::v1::GetCustomerRequest who;
        who.set_id(request.customer_id());
        call(m_stubs->accounts->async(), &AccountsCalls::GetCustomer, std::move(who), timeout,
            trace, [gathering](absl::StatusOr<accounts::v1::Customer> customer) {
                const absl::Status status = customer.status();
                if (status.ok())
                    gathering->basket.customer = *std::move(customer);
                // Names and e-mails are accounts' alone, but nobody is kept from buying for want of
                // them.
                gathering->arrived(isAway(status) ? absl::OkStatus() : status);
            });
    }

    const auto price = [this, gathering, timeout, trace, customerId = request.customer_id()](
                           absl::StatusOr<cart::v1::ShoppingCart> cart) {
        if (!cart.ok())
            return gathering->arrived(cart.status());
        if (auto status = checkCart(*cart, customerId); !status.ok())
            return gathering->arrived(status);
        gathering->basket.cart = *std::move(cart);
        call(m_stubs->inventory->async(), &InventoryCalls::BatchGetVariants,
            variantsOf(gathering->basket.cart), timeout, trace,
            [gathering](absl::StatusOr<inventory::v1::BatchGetVariantsResponse> variants) {
                const absl::Status status = variants.status();
                if (status.ok())
                    gathering->basket.variants = *std::move(variants);
                gathering->arrived(status);
            });
    };
    cart::v1::GetCartRequest which;
    which.set_id(request.cart_id());
    call(m_stubs->cart->async(), &CartCalls::GetCart, std::move(which), timeout, trace, price);
}

void Peers::prices(std::vector<std::string> skus, milliseconds timeout, const runtime::Trace& trace,
    std::function<void(absl::StatusOr<inventory::v1::BatchGetVariantsResponse>)> then)
{
    inventory::v1::BatchGetVariantsRequest request;
    for (std::string& sku : skus)
        request.add_skus(std::move(sku));
    call(m_stubs->inventory->async(), &InventoryCalls::BatchGetVariants, std::move(request),
        timeout, trace, std::move(then));
}

void Peers::perform(const v1::Order& order, const Progress& progress, int attempt,
    const runtime::Trace& trace, const std::function<void(Outcome)>& then)
{
    switch (progress.step) {
    case Step::Reserve:
        return ask(m_stubs->inventory->async(), &InventoryCalls::ReserveStock,
            reserveRequest(order, progress), trace, reserved, then);
    case Step::Release:
        return ask(m_stubs->inventory->async(), &InventoryCalls::ReleaseReservation,
            releaseRequest(order, progress), trace, released, then);
    case Step::Authorise:
        return ask(m_stubs->payments->async(), &PaymentsCalls::AuthorisePayment,
            authoriseRequest(order, progress), trace, paid, then);
    case Step::Settle:
        return ask(m_stubs->payments->async(), &PaymentsCalls::SettlePayment,
            settleRequest(order, attempt), trace, paid, then);
    case Step::Void:
        return ask(m_stubs->payments->async(), &PaymentsCalls::VoidPayment,
            voidRequest(order, progress), trace, voided, then);
    case Step::Close:
        return ask(m_stubs->cart->async(), &CartCalls::CloseCart, closeRequest(order), trace,
            closed, then);
    case Step::Plan:
        return ask(m_stubs->deliveries->async(), &DeliveriesCalls::PlanShipment,
            planRequest(order, progress), trace, planned, then);
    case Step::Unplan:
        return ask(m_stubs->deliveries->async(), &DeliveriesCalls::CancelShipment,
            unplanRequest(order, progress), trace, unplanned, then);
    case Step::Capture:
        return ask(m_stubs->payments->async(), &PaymentsCalls::CapturePayment,
            captureRequest(order), trace, captured, then);
    case Step::Commit:
        return ask(m_stubs->inventory->async(), &InventoryCalls::CommitReservation,
            commitRequest(order, progress), trace, committed, then);
    case Step::Refund:
        return ask(m_stubs->payments->async(), &PaymentsCalls::RefundPayment,
            refundRequest(order, progress), trace, refunded, then);
    case Step::Restock:
        return ask(m_stubs->inventory->async(), &InventoryCalls::ReceiveStock,
            restockRequest(order, progress), trace, restocked, then);
    case Step::Fetch:
        return ask(m_stubs->deliveries->async(), &DeliveriesCalls::CreateReturn,
            fetchRequest(order, progress), trace, fetched, then);
    case Step::Readdress:
        return ask(m_stubs->deliveries->async(), &DeliveriesCalls::UpdateShipment,
            readdressRequest(order, progress), trace, readdressed, then);
    case Step::Repack:
        return ask(m_stubs->deliveries->async(), &DeliveriesCalls::UpdateShipment,
            repackRequest(order, progress), trace, repacked, then);
    case Step::Trim:
        return ask(m_stubs->inventory->async(), &InventoryCalls::ReleaseReservation,
            trimRequest(order, progress), trace, trimmed, then);
    case Step::None:
        break;
    }
    assert(!"an order without a step is not driven");
}

} // namespace shopfleet::orders
