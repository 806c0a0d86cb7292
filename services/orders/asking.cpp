// SPDX-License-Identifier: GPL-3.0-or-later
// What support asks of an order that other services carry out, one thing after the other: refunds,
// returns, exchanges, reships, another address.
#include "services/orders/exchanges.h"
#include "services/orders/linechanges.h"
#include "services/orders/refunds.h"
#include "services/orders/reships.h"
#include "services/orders/rules.h"
#include "services/orders/verbs.h"
#include "services/runtime/money.h"
#include "services/runtime/text.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

using runtime::Connection;

/// Inventory has so long to say what the goods of an exchange cost.
constexpr std::chrono::milliseconds kPriceTimeout{3000};

/// What is known besides the order.
struct Around {
    const Progress* underWay = nullptr; ///< Null: nothing is.
    const inventory::v1::BatchGetVariantsResponse* prices = nullptr; ///< For an exchange.
};

/// What was put into an order, and what it comes to.
struct Asked {
    Entry entry;
    v1::OrderChange change; ///< Without the order.
};

Asked put(v1::Order& order, v1::Refund refund, const Cause& cause)
{
    refund.set_actor(cause.actor);
    *refund.mutable_at() = runtime::toTimestamp(cause.now);
    Asked asked;
    const bool returns = refund.state() == v1::REFUND_STATE_RETURN_ASKED;
    asked.entry = {returns ? "return.asked" : "refund.asked",
        factsOf({{"refund", refund.id()},
            {"amount", runtime::amountText(refund.total().minor(), refund.total().currency())},
            {"reason", refund.reason()}})};
    *asked.change.mutable_refund() = refund.total();
    for (const std::string& sku : restockedSkus(order, refund))
        asked.change.add_restocked_skus(sku);
    *order.add_refunds() = std::move(refund);
    return asked;
}

absl::StatusOr<Asked> put(
    v1::Order& order, const v1::RefundOrderRequest& request, const Around&, const Cause& cause)
{
    auto refund = makeRefund(order, request);
    if (!refund.ok())
        return refund.status();
    return put(order, *std::move(refund), cause);
}

absl::StatusOr<Asked> put(
    v1::Order& order, const v1::ReturnOrderRequest& request, const Around&, const Cause& cause)
{
    auto refund = makeReturn(order, request.lines(), "lines", request.reason());
    if (!refund.ok())
        return refund.status();
    return put(order, *std::move(refund), cause);
}

absl::StatusOr<Asked> put(v1::Order& order, const v1::ExchangeOrderRequest& request,
    const Around& around, const Cause& cause)
{
    if (auto status = exchange(order, request, *around.prices); !status.ok())
        return status;
    v1::Refund& refund = *order.mutable_refunds()->rbegin();
    v1::Reship& reship = *order.mutable_reships()->rbegin();
    for (auto* asked : {refund.mutable_at(), reship.mutable_at()})
        *asked = runtime::toTimestamp(cause.now);
    refund.set_actor(cause.actor);
    reship.set_actor(cause.actor);
    Asked asked;
    asked.entry = {"exchange.asked",
        factsOf({{"refund", refund.id()}, {"reship", reship.id()},
            {"amount", runtime::amountText(refund.total().minor(), refund.total().currency())},
            {"reason", request.reason()}})};
    *asked.change.mutable_refund() = refund.total();
    for (const std::string& sku : restockedSkus(order, refund))
        asked.change.add_restocked_skus(sku);
    return asked;
}

absl::StatusOr<Asked> put(
    v1::Order& order, const v1::ReshipOrderRequest& request, const Around&, const Cause& cause)
{
    auto reship = makeReship(order, request);
    if (!reship.ok())
        return reship.status();
    reship->set_actor(cause.actor);
    *reship->mutable_at() = runtime::toTimestamp(cause.now);
    Asked asked;
    std::int64_t units = 0;
    for (const v1::RefundLine& line : reship->lines())
        units += line.quantity();
    asked.entry = {"reship.asked",
        factsOf({{"reship", reship->id()}, {"units", std::to_string(units)},
            {"reason", reship->reason()}})};
    asked.change.mutable_refund()->set_currency(order.total().currency()); // It costs nothing.
    *order.add_reships() = *std::move(reship);
    return asked;
}

absl::StatusOr<Asked> putLines(v1::Order& order, const v1::Order& wanted, const Cause& cause)
{
    auto change = makeLinesChange(order, wanted);
    if (!change.ok())
        return change.status();
    change->set_id(runtime::text("L", cause.now));
    change->set_actor(cause.actor);
    *change->mutable_at() = runtime::toTimestamp(cause.now);
    Asked asked;
    for (const v1::LineUnits& out : change->lines())
        asked.change.add_restocked_skus(lineOf(order, out.line_id())->sku());
    *order.add_lines_changes() = *std::move(change);
    v1::Order after = order;
    takeLines(after);
    common::v1::Money& saved = *asked.change.mutable_refund();
    saved.set_currency(order.total().currency());
    saved.set_minor(order.total().minor() - after.total().minor());
    asked.change.add_warnings(
        "Deliveries is asked: if the parcel leaves before, it goes as it is.");
    asked.entry = {"order.lines_asked",
        factsOf({{"goods", textOf(order, order.lines_changes(0))},
            {"amount", runtime::amountText(after.total().minor(), after.total().currency())}})};
    return asked;
}

absl::StatusOr<Asked> put(v1::Order& order, const v1::UpdateOrderRequest& request,
    const Around& around, const Cause& cause)
{
    const Progress* underWay = around.underWay;
    if (auto status = checkUpdate(order, underWay); !status.ok())
        return status;
    const auto named = [&](const char* path) {
        return std::ranges::count(request.update_mask().paths(), path) > 0;
    };
    if (named("lines"))
        return putLines(order, request.order(), cause);
    Asked asked;
    asked.change.mutable_refund()->set_currency(order.total().currency());
    asked.entry.kind = "order.changed";
    if (named("email")) {
        order.set_email(request.order().email());
        asked.entry.facts.emplace_back("email", order.email());
    }
    if (!named("shipping_address"))
        return asked;
    const common::v1::Address& address = request.order().shipping_address();
    asked.entry.facts.emplace_back(
        "address", runtime::text(address.line1(), ", ", address.city(), ", ", address.country()));
    // Deliveries may know of the parcel already: then its word counts.
    if (!order.shipment_ids().empty() || (underWay && underWay->step == Step::Plan)) {
        v1::AddressChange& change = *order.mutable_address_change();
        change.set_id(runtime::text("A", cause.now));
        change.set_actor(cause.actor);
        *change.mutable_address() = address;
        asked.entry.kind = "order.address_asked";
        asked.change.add_warnings("Deliveries is asked: if the parcel leaves before, it goes to "
                                  "the old address.");
        return asked;
    }
    *order.mutable_shipping_address() = address;
    order.set_country(address.country());
    return asked;
}

/// The order once what was just put into it is carried out, and nothing else.
void foresee(v1::Order&, const auto&) { }

void foresee(v1::Order& order, const v1::RefundOrderRequest&)
{
    giveBack(order, *order.mutable_refunds()->rbegin());
}

void foresee(v1::Order& order, const v1::UpdateOrderRequest& request)
{
    if (request.update_mask().paths(0) == "lines")
        takeLines(order);
    else if (order.has_address_change())
        takeAddress(order);
}

const std::string& idOf(const auto& request)
{
    return request.id();
}

const std::string& idOf(const v1::UpdateOrderRequest& request)
{
    return request.order().id();
}

const std::string& etagOf(const auto& request)
{
    return request.etag();
}

const std::string& etagOf(const v1::UpdateOrderRequest& request)
{
    return request.order().etag();
}

template <class Request>
absl::StatusOr<v1::OrderChange> preview(runtime::Database& database, const Request& request,
    const inventory::v1::BatchGetVariantsResponse* prices)
{
    const auto db = database.reader();
    if (!db.ok())
        return db.status();
    auto stored = load(**db, idOf(request));
    if (!stored.ok())
        return stored.status();
    const auto progress = loadProgress(**db, idOf(request));
    if (!progress.ok())
        return progress.status();
    if (!etagOf(request).empty() && etagOf(request) != stored->order.etag())
        return runtime::staleEtag(stored->order);
    const Around around{*progress ? &**progress : nullptr, prices};
    auto asked = put(stored->order, request, around, byStaff());
    if (!asked.ok())
        return asked.status();
    foresee(stored->order, request);
    *asked->change.mutable_order() = std::move(stored->order);
    return std::move(asked->change);
}

} // namespace

template <class Request>
runtime::Unary* Handler::askFor(Context* context, const Request* request, v1::OrderChange* response)
{
    if (context->IsCancelled())
        return runtime::finish(context, absl::CancelledError("the caller is gone"));
    auto* reactor = context->DefaultReactor();
    askFor(reactor, request, response, {});
    return reactor;
}

template <class Request>
void Handler::askFor(Unary* reactor, const Request* request, v1::OrderChange* response,
    const std::shared_ptr<const Prices>& prices)
{
    if (request->validate_only()) {
        auto foreseen = preview(m_database, *request, prices.get());
        if (!foreseen.ok())
            return reactor->Finish(runtime::toWire(foreseen.status()));
        *response = *std::move(foreseen);
        return reactor->Finish(grpc::Status::OK);
    }
    change(
        reactor, request, response,
        [this, request, response, prices](Connection& db) {
            const Cause cause = byStaff();
            auto begun = m_writes.ask(
                db, idOf(*request), etagOf(*request),
                [&](v1::Order& order, const Progress* underWay) -> absl::StatusOr<Entry> {
                    auto asked = put(order, *request, Around{underWay, prices.get()}, cause);
                    if (!asked.ok())
                        return asked.status();
                    *response = std::move(asked->change);
                    return std::move(asked->entry);
                },
                cause);
            if (begun.ok())
                *response->mutable_order() = begun->order;
            return begun;
        },
        [this](Unfinished unfinished) {
            if (unfinished.progress.step != Step::None)
                m_saga.drive(std::move(unfinished));
        });
}

runtime::Unary* Handler::RefundOrder(
    Context* context, const v1::RefundOrderRequest* request, v1::OrderChange* response)
{
    return askFor(context, request, response);
}

runtime::Unary* Handler::ReturnOrder(
    Context* context, const v1::ReturnOrderRequest* request, v1::OrderChange* response)
{
    return askFor(context, request, response);
}

runtime::Unary* Handler::ExchangeOrder(
    Context* context, const v1::ExchangeOrderRequest* request, v1::OrderChange* response)
{
    if (auto status = checkExchange(*request); !status.ok())
        return runtime::finish(context, status);
    auto* reactor = context->DefaultReactor();
    std::vector<std::string> skus;
    for (const v1::ExchangeGoods& goods : request->in())
        skus.push_back(goods.sku());
    m_peers.prices(std::move(skus), kPriceTimeout, runtime::currentTrace(),
        [=, this](absl::StatusOr<Prices> prices) {
            if (!prices.ok())
                return reactor->Finish(runtime::toWire(prices.status()));
            askFor(reactor, request, response, std::make_shared<const Prices>(*std::move(prices)));
        });
    return reactor;
}

runtime::Unary* Handler::ReshipOrder(
    Context* context, const v1::ReshipOrderRequest* request, v1::OrderChange* response)
{
    return askFor(context, request, response);
}

runtime::Unary* Handler::UpdateOrder(
    Context* context, const v1::UpdateOrderRequest* request, v1::OrderChange* response)
{
    if (auto status = checkUpdate(*request); !status.ok())
        return runtime::finish(context, status);
    return askFor(context, request, response);
}

} // namespace shopfleet::orders
