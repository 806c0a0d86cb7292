// SPDX-License-Identifier: GPL-3.0-or-later
// What support asks of an order that other services carry out, one thing after the other: refunds,
// returns, reships, another address.
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
    v1::Order& order, const v1::RefundOrderRequest& request, const Progress*, const Cause& cause)
{
    auto refund = makeRefund(order, request);
    if (!refund.ok())
        return refund.status();
    return put(order, *std::move(refund), cause);
}

absl::StatusOr<Asked> put(
    v1::Order& order, const v1::ReturnOrderRequest& request, const Progress*, const Cause& cause)
{
    auto refund = makeReturn(order, request);
    if (!refund.ok())
        return refund.status();
    return put(order, *std::move(refund), cause);
}

absl::StatusOr<Asked> put(
    v1::Order& order, const v1::ReshipOrderRequest& request, const Progress*, const Cause& cause)
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

absl::StatusOr<Asked> put(v1::Order& order, const v1::UpdateOrderRequest& request,
    const Progress* underWay, const Cause& cause)
{
    if (auto status = checkUpdate(order, underWay && underWay->goal == Goal::Cancel); !status.ok())
        return status;
    const auto named = [&](const char* path) {
        return std::ranges::count(request.update_mask().paths(), path) > 0;
    };
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

void foresee(v1::Order& order, const v1::UpdateOrderRequest&)
{
    if (order.has_address_change())
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

} // namespace

template <class Request>
runtime::Unary* Handler::askFor(Context* context, const Request* request, v1::OrderChange* response)
{
    if (request->validate_only())
        return runtime::read(context, m_database, request, response,
            [](Connection& db, const Request& wanted) -> absl::StatusOr<v1::OrderChange> {
                auto stored = load(db, idOf(wanted));
                if (!stored.ok())
                    return stored.status();
                const auto progress = loadProgress(db, idOf(wanted));
                if (!progress.ok())
                    return progress.status();
                if (!etagOf(wanted).empty() && etagOf(wanted) != stored->order.etag())
                    return runtime::staleEtag(stored->order);
                auto asked
                    = put(stored->order, wanted, *progress ? &**progress : nullptr, byStaff());
                if (!asked.ok())
                    return asked.status();
                foresee(stored->order, wanted);
                *asked->change.mutable_order() = std::move(stored->order);
                return std::move(asked->change);
            });
    return change(
        context, request, response,
        [this, request, response](Connection& db) {
            const Cause cause = byStaff();
            auto begun = m_writes.ask(
                db, idOf(*request), etagOf(*request),
                [&](v1::Order& order, const Progress* underWay) -> absl::StatusOr<Entry> {
                    auto asked = put(order, *request, underWay, cause);
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
