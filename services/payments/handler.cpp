// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/handler.h"

#include "services/payments/books.h"
#include "services/payments/ledgerstore.h"
#include "services/payments/rules.h"
#include "services/payments/store.h"

namespace shopfleet::payments {
namespace {

using runtime::Changed;
using runtime::Connection;
using runtime::Context;
using runtime::finish;
using runtime::Unary;
using Kind = ProviderRequest::Kind;

Cashier::Done replyWith(Unary* reactor, v1::Payment* response)
{
    return [reactor, response](Cashier::Outcome payment) {
        const absl::Status status = payment.status();
        if (status.ok())
            *response = *std::move(payment);
        reactor->Finish(runtime::toWire(status));
    };
}

} // namespace

Unary* Handler::GetPayment(
    Context* context, const v1::GetPaymentRequest* request, v1::Payment* response)
{
    return runtime::read(context, m_database, request, response,
        [](Connection& db, const v1::GetPaymentRequest& asked) {
            return store::get(db, asked.id());
        });
}

Unary* Handler::ListPayments(
    Context* context, const v1::ListPaymentsRequest* request, v1::ListPaymentsResponse* response)
{
    return runtime::browse(context, m_database, request, response, &store::list);
}

grpc::ServerWriteReactor<v1::WatchPaymentsResponse>* Handler::WatchPayments(
    Context*, const v1::WatchPaymentsRequest* request)
{
    return runtime::watch<v1::WatchPaymentsResponse>(m_database, m_feed, request->resume_token(),
        [](Connection& db, const Changed& change, v1::WatchPaymentsResponse& message) {
            auto payment = store::get(db, change.id);
            absl::Status status = payment.status();
            if (status.ok())
                *message.add_payments() = *std::move(payment);
            return status;
        });
}

Unary* Handler::AuthorisePayment(
    Context* context, const v1::AuthorisePaymentRequest* request, v1::Payment* response)
{
    for (const auto& status : {runtime::checkRequestId(*request), checkAuthorise(*request)}) {
        if (!status.ok())
            return finish(context, status);
    }
    auto* reactor = context->DefaultReactor();
    m_cashier.authorise(*request, replyWith(reactor, response));
    return reactor;
}

Unary* Handler::CapturePayment(
    Context* context, const v1::CapturePaymentRequest* request, v1::Payment* response)
{
    for (const auto& status : {runtime::checkRequestId(*request), checkId("id", request->id())}) {
        if (!status.ok())
            return finish(context, status);
    }
    auto* reactor = context->DefaultReactor();
    books::Wish wish{Kind::Capture, request->id(), request->request_id()};
    if (request->has_amount())
        wish.amount = request->amount();
    m_cashier.operate(*request, std::move(wish), replyWith(reactor, response));
    return reactor;
}

Unary* Handler::VoidPayment(
    Context* context, const v1::VoidPaymentRequest* request, v1::Payment* response)
{
    for (const auto& status : {runtime::checkRequestId(*request), checkId("id", request->id()),
             checkReason(request->reason())}) {
        if (!status.ok())
            return finish(context, status);
    }
    auto* reactor = context->DefaultReactor();
    books::Wish wish{Kind::Void, request->id(), request->request_id()};
    wish.reason = request->reason();
    m_cashier.operate(*request, std::move(wish), replyWith(reactor, response));
    return reactor;
}

Unary* Handler::RefundPayment(
    Context* context, const v1::RefundPaymentRequest* request, v1::Payment* response)
{
    for (const auto& status : {runtime::checkRequestId(*request), checkId("id", request->id()),
             checkReason(request->reason()), checkReason(request->actor().id(), "actor.id")}) {
        if (!status.ok())
            return finish(context, status);
    }
    auto* reactor = context->DefaultReactor();
    books::Wish wish{Kind::Refund, request->id(), request->request_id()};
    if (request->has_amount())
        wish.amount = request->amount();
    wish.reason = request->reason();
    wish.actor = request->actor().id();
    m_cashier.operate(*request, std::move(wish), replyWith(reactor, response));
    return reactor;
}

Unary* Handler::SettlePayment(
    Context* context, const v1::SettlePaymentRequest* request, v1::Payment* response)
{
    for (const auto& status : {runtime::checkRequestId(*request), checkId("id", request->id())}) {
        if (!status.ok())
            return finish(context, status);
    }
    auto* reactor = context->DefaultReactor();
    m_cashier.settle(*request, replyWith(reactor, response));
    return reactor;
}

Unary* Handler::NotifyPayment(
    Context* context, const v1::NotifyPaymentRequest* request, v1::NotifyPaymentResponse*)
{
    if (auto status = checkId("key", request->key()); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    m_cashier.look(request->key(),
        [reactor](const absl::Status& status) { reactor->Finish(runtime::toWire(status)); });
    return reactor;
}

Unary* Handler::ImportPayments(Context* context, const v1::ImportPaymentsRequest* request,
    v1::ImportPaymentsResponse* response)
{
    if (auto status = checkImport(*request); !status.ok())
        return finish(context, status);
    return runtime::write(context, m_database, request, response, &books::import);
}

Unary* Handler::ListLedgerEntries(Context* context, const v1::ListLedgerEntriesRequest* request,
    v1::ListLedgerEntriesResponse* response)
{
    return runtime::browse(context, m_database, request, response, &ledger::list);
}

Unary* Handler::Reconcile(
    Context* context, const v1::ReconcileRequest* request, v1::ReconcileResponse* response)
{
    if (auto status = runtime::checkRequestId(*request); !status.ok())
        return finish(context, status);
    auto* reactor = context->DefaultReactor();
    const auto status = m_backoffice.reconcile({[context] { return !context->IsCancelled(); },
        [reactor, response](absl::StatusOr<v1::ReconcileResponse> found) {
            const absl::Status outcome = found.status();
            if (outcome.ok())
                *response = *std::move(found);
            reactor->Finish(runtime::toWire(outcome));
        }});
    if (!status.ok())
        reactor->Finish(runtime::toWire(status));
    return reactor;
}

} // namespace shopfleet::payments
