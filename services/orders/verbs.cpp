// SPDX-License-Identifier: GPL-3.0-or-later
// What support does to an order. Each verb is one write; what the other services must do for it is
// the saga's.
#include "services/orders/verbs.h"

#include "services/orders/rules.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

using runtime::Connection;

/// What cancelling comes to: nothing was captured yet, so no money flows back.
v1::OrderChange cancellation(const v1::Order& order)
{
    v1::OrderChange change;
    *change.mutable_order() = order;
    change.mutable_refund()->set_currency(order.total().currency());
    if (!order.reservation_id().empty() || order.has_waiting())
        for (const v1::OrderLine& line : order.lines())
            if (line.kind() == v1::LINE_KIND_PRODUCT)
                change.add_restocked_skus(line.sku());
    if (order.waiting().attempts() > 0)
        change.add_warnings("The answer of " + order.waiting().service()
            + " is outstanding: it is heard out before anything is taken back.");
    return change;
}

absl::Status setHold(v1::Order& order, bool held)
{
    if (order.held() == held)
        return runtime::failedPrecondition(held ? "HELD" : "NOT_HELD", "order " + order.id(),
            held ? "is on hold already" : "is not on hold");
    if (held && !isCancellable(order.state()))
        return runtime::failedPrecondition(
            "WRONG_STATE", "order " + order.id(), "only orders before shipping are put on hold");
    order.set_held(held);
    return absl::OkStatus();
}

void annotate(const v1::AnnotateOrderRequest& request, v1::Order& order)
{
    const auto& paths = request.update_mask().paths();
    const auto wanted = [&](const char* path) {
        return paths.empty() || std::find(paths.begin(), paths.end(), path) != paths.end();
    };
    if (wanted("note") && (!paths.empty() || !request.note().empty()))
        order.set_note(request.note());
    if (wanted("tags") && (!paths.empty() || !request.tags().empty()))
        *order.mutable_tags() = request.tags();
}

} // namespace

runtime::Unary* Handler::CancelOrder(
    Context* context, const v1::CancelOrderRequest* request, v1::OrderChange* response)
{
    if (auto status = checkText(request->reason(), "reason", 1000); !status.ok())
        return runtime::finish(context, status);
    if (request->validate_only())
        return runtime::read(context, m_database, request, response,
            [](Connection& db, const auto& asked) -> absl::StatusOr<v1::OrderChange> {
                auto stored = load(db, asked.id());
                if (!stored.ok())
                    return stored.status();
                const auto progress = loadProgress(db, asked.id());
                if (!progress.ok())
                    return progress.status();
                if (!asked.etag().empty() && asked.etag() != stored->order.etag())
                    return runtime::staleEtag(stored->order);
                if (auto status = checkCancel(stored->order, *progress ? &**progress : nullptr);
                    !status.ok())
                    return status;
                auto change = cancellation(stored->order);
                change.mutable_order()->set_state(v1::ORDER_STATE_CANCELLED);
                change.mutable_order()->clear_waiting();
                return change;
            });
    return change(
        context, request, response,
        [this, request, response](Connection& db) {
            auto cancelled = m_writes.cancel(db, *request, byStaff());
            if (cancelled.ok())
                *response = cancellation(cancelled->order);
            return cancelled;
        },
        [this](Unfinished unfinished) {
            if (unfinished.progress.step != Step::None)
                m_saga.drive(std::move(unfinished));
        });
}

template <class Request>
runtime::Unary* Handler::setHeld(Context* context, const Request* request,
    v1::OrderChange* response, bool held, const std::string& reason)
{
    if (auto status = checkText(reason, "reason", 1000); !status.ok())
        return runtime::finish(context, status);
    if (request->validate_only())
        return runtime::read(context, m_database, request, response,
            [held](Connection& db, const auto& asked) -> absl::StatusOr<v1::OrderChange> {
                auto stored = load(db, asked.id());
                if (!stored.ok())
                    return stored.status();
                if (!asked.etag().empty() && asked.etag() != stored->order.etag())
                    return runtime::staleEtag(stored->order);
                if (auto status = setHold(stored->order, held); !status.ok())
                    return status;
                v1::OrderChange change;
                *change.mutable_order() = std::move(stored->order);
                return change;
            });
    return change(
        context, request, response,
        [=, this](Connection& db) -> absl::StatusOr<Unfinished> {
            auto order = m_writes.change(
                db, request->id(), request->etag(),
                [held](v1::Order& one) { return setHold(one, held); },
                {held ? "order.held" : "order.released", factsOf({{"reason", reason}})}, byStaff());
            if (!order.ok())
                return order.status();
            *response->mutable_order() = *order;
            return Unfinished{*std::move(order), {}};
        },
        [this](const Unfinished& unfinished) { m_saga.refresh(unfinished.order); });
}

runtime::Unary* Handler::HoldOrder(
    Context* context, const v1::HoldOrderRequest* request, v1::OrderChange* response)
{
    return setHeld(context, request, response, true, request->reason());
}

runtime::Unary* Handler::ReleaseOrder(
    Context* context, const v1::ReleaseOrderRequest* request, v1::OrderChange* response)
{
    return setHeld(context, request, response, false, "");
}

runtime::Unary* Handler::AnnotateOrder(
    Context* context, const v1::AnnotateOrderRequest* request, v1::Order* response)
{
    if (auto status = checkAnnotate(*request); !status.ok())
        return runtime::finish(context, status);
    return runtime::write(
        context, m_database, request, response, [this](Connection& db, const auto& asked) {
            return m_writes.change(
                db, asked.id(), asked.etag(),
                [&](v1::Order& order) {
                    annotate(asked, order);
                    return absl::OkStatus();
                },
                {"order.annotated", factsOf({{"note", asked.note()}})}, byStaff());
        });
}

runtime::Unary* Handler::ResumeOrder(
    Context* context, const v1::ResumeOrderRequest* request, v1::Order* response)
{
    return change(
        context, request, response,
        [this, request, response](Connection& db) {
            auto resumed = m_writes.resume(db, request->id(), byStaff());
            if (resumed.ok())
                *response = resumed->order;
            return resumed;
        },
        [this](Unfinished unfinished) { m_saga.drive(std::move(unfinished)); });
}

} // namespace shopfleet::orders
