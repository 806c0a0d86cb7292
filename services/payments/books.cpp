// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/books.h"

#include "services/payments/ledger.h"
#include "services/payments/ledgerstore.h"
#include "services/payments/rules.h"
#include "services/payments/store.h"
#include "services/runtime/clock.h"
#include "services/runtime/telemetry.h"
#include "services/runtime/text.h"

#include <algorithm>
#include <utility>

namespace shopfleet::payments::books {
namespace {

using runtime::text;
using runtime::toTimestamp;
using runtime::toUs;
using Kind = ProviderRequest::Kind;
using Outcome = ProviderAnswer::Outcome;

constexpr const char* kNeverReceived = "never_received";
constexpr std::string_view kAuthorisation = "auth:";

// A change is always later than the one before: the etag is its time.
void touch(v1::Payment& payment, std::int64_t nowUs)
{
    const std::int64_t at = std::max(nowUs, toUs(payment.updated_at()) + 1);
    *payment.mutable_updated_at() = toTimestamp(at);
    payment.set_etag(std::to_string(at));
}

void setCurrency(v1::Payment& payment)
{
    for (auto* money :
        {payment.mutable_authorised(), payment.mutable_captured(), payment.mutable_refunded()})
        money->set_currency(payment.amount().currency());
}

common::v1::TimelineEvent& note(v1::Payment& payment, const std::string& kind,
    common::v1::Severity severity, const std::string& actor = {})
{
    common::v1::TimelineEvent& event = *payment.add_timeline();
    event.set_id(text(payment.id(), ".", payment.timeline_size()));
    *event.mutable_at() = payment.updated_at();
    event.set_kind(kind);
    event.set_severity(severity);
    event.set_trace_id(runtime::currentTrace().traceId);
    event.mutable_actor()->set_id(actor.empty() ? "service:payments" : actor);
    event.mutable_actor()->set_service("payments");
    event.mutable_actor()->set_version(SHOPFLEET_VERSION);
    return event;
}

void noteAmount(common::v1::TimelineEvent& event, const v1::Payment& payment, std::int64_t minor)
{
    (*event.mutable_facts())["minor"] = std::to_string(minor);
    (*event.mutable_facts())["currency"] = payment.amount().currency();
}

void noteReason(common::v1::TimelineEvent& event, const std::string& reason)
{
    if (!reason.empty())
        (*event.mutable_facts())["reason"] = reason;
}

const char* eventOf(Kind kind)
{
    switch (kind) {
    case Kind::Capture:
        return "payment.captured";
    case Kind::Void:
        return "payment.voided";
    case Kind::Refund:
        return "payment.refunded";
    case Kind::Authorise:
        break;
    }
    return "payment.authorised";
}

absl::StatusOr<std::int64_t> amountOf(
    const Wish& wish, const v1::Payment& payment, const Pending& pending)
{
    switch (wish.kind) {
    case Kind::Capture:
        return captureAmount(payment, wish.amount ? &*wish.amount : nullptr, pending);
    case Kind::Refund:
        return refundAmount(payment, wish.amount ? &*wish.amount : nullptr, pending);
    default:
        return voidAmount(payment, pending);
    }
}

v1::Payment moved(const v1::Payment& payment, const operations::Operation& operation,
    const ProviderAnswer& answer, std::int64_t nowUs)
{
    v1::Payment after = afterOperation(payment, operation.kind, operation.minor, answer);
    touch(after, nowUs);
    const std::string kind = eventOf(operation.kind);
    if (answer.outcome == Outcome::Done) {
        auto& event = note(after, kind, common::v1::SEVERITY_SUCCESS, operation.actor);
        noteAmount(event, after, operation.minor);
        noteReason(event, operation.reason);
    } else if (answer.outcome == Outcome::Declined) {
        noteReason(note(after, kind + ".declined", common::v1::SEVERITY_FAILURE), answer.reason);
    } else {
        note(after, kind + ".unknown", common::v1::SEVERITY_WARNING);
    }
    return after;
}

/// Sets the amount aside again, unless another request has used it since.
absl::StatusOr<Begun> beginAnew(
    Connection& db, const v1::Payment& payment, operations::Operation operation, std::int64_t nowUs)
{
    const auto pending = operations::pendingOf(db, payment.id());
    if (!pending.ok())
        return pending.status();
    Wish same{operation.kind, payment.id(), operation.requestId};
    same.amount.emplace();
    same.amount->set_currency(payment.amount().currency());
    same.amount->set_minor(operation.minor);
    if (const auto minor = amountOf(same, payment, *pending); !minor.ok())
        return minor.status();
    if (auto status = operations::renew(db, operation, nowUs); !status.ok())
        return status;
    return Begun{payment, operation};
}

bool sameImport(const v1::Payment& known, const v1::Payment& imported)
{
    return known.order_id() == imported.order_id() && known.attempt() == imported.attempt()
        && known.amount().minor() == imported.amount().minor()
        && known.amount().currency() == imported.amount().currency();
}

} // namespace

absl::StatusOr<v1::Payment> beginAuthorise(
    Connection& db, const v1::AuthorisePaymentRequest& request, std::int64_t nowUs)
{
    const auto known = store::findByOrder(db, request.order_id(), request.attempt());
    if (!known.ok())
        return known.status();
    if (known->has_value()) {
        const v1::Payment& same = **known;
        if (same.amount().minor() != request.amount().minor()
            || same.amount().currency() != request.amount().currency()
            || same.customer_id() != request.customer_id())
            return runtime::alreadyExists("payment", same.id(), "attempt");
        return same;
    }
    v1::Payment payment;
    payment.set_id(request.attempt() == 1
            ? text("P-", request.order_id())
            : text("P-", request.order_id(), "-a", request.attempt()));
    payment.set_order_id(request.order_id());
    payment.set_customer_id(request.customer_id());
    payment.set_attempt(request.attempt());
    payment.set_state(v1::PAYMENT_STATE_CREATED);
    payment.set_provider("sandbox");
    *payment.mutable_amount() = request.amount();
    setCurrency(payment);
    touch(payment, nowUs);
    *payment.mutable_created_at() = payment.updated_at();
    noteAmount(note(payment, "payment.created", common::v1::SEVERITY_PROGRESS), payment,
        request.amount().minor());
    if (auto status = store::insert(db, payment); !status.ok())
        return status;
    return payment;
}

absl::StatusOr<v1::Payment> endAuthorise(
    Connection& db, const std::string& paymentId, const ProviderAnswer& answer, std::int64_t nowUs)
{
    auto payment = store::get(db, paymentId);
    if (!payment.ok())
        return payment;
    const bool stillUnknown
        = answer.outcome == Outcome::Unknown && payment->state() == v1::PAYMENT_STATE_UNKNOWN;
    if (!isOpen(*payment) || stillUnknown)
        return payment;
    v1::Payment after = afterAuthorise(*payment, answer);
    touch(after, nowUs);
    if (answer.outcome == Outcome::Done)
        noteAmount(note(after, "payment.authorised", common::v1::SEVERITY_SUCCESS), after,
            after.authorised().minor());
    else if (answer.outcome == Outcome::Declined)
        noteReason(note(after, "payment.declined", common::v1::SEVERITY_FAILURE), answer.reason);
    else
        note(after, "payment.unknown", common::v1::SEVERITY_WARNING);
    if (auto status = store::replace(db, after); !status.ok())
        return status;
    return after;
}

absl::StatusOr<Begun> begin(Connection& db, const Wish& wish, std::int64_t nowUs)
{
    const auto payment = store::get(db, wish.paymentId);
    if (!payment.ok())
        return payment.status();
    // The request is the operation: its repeat goes on where the first one stopped.
    const auto known = operations::findByRequest(db, payment->id(), wish.requestId);
    if (!known.ok())
        return known.status();
    if (known->has_value()) {
        const bool sameAmount = !wish.amount || wish.amount->minor() == (*known)->minor;
        if ((*known)->kind != wish.kind || !sameAmount)
            return runtime::aborted("REQUEST_ID_REUSED",
                "request_id: it was used for another request; a new request needs a new id");
        if ((*known)->declineReason == kNeverReceived)
            return beginAnew(db, *payment, **known, nowUs);
        return Begun{*payment, **known};
    }
    if (wish.kind == Kind::Void && payment->state() == v1::PAYMENT_STATE_VOIDED)
        return Begun{*payment, {}};

    const auto pending = operations::pendingOf(db, payment->id());
    if (!pending.ok())
        return pending.status();
    const auto minor = amountOf(wish, *payment, *pending);
    if (!minor.ok())
        return minor.status();
    operations::Operation operation;
    operation.requestId = wish.requestId;
    operation.paymentId = payment->id();
    operation.kind = wish.kind;
    operation.minor = *minor;
    operation.reason = wish.reason;
    operation.actor = wish.actor;
    if (auto status = operations::add(db, operation, nowUs); !status.ok())
        return status;
    return Begun{*payment, operation};
}

absl::StatusOr<v1::Payment> end(
    Connection& db, const std::string& key, const ProviderAnswer& answer, std::int64_t nowUs)
{
    const auto operation = operations::find(db, key);
    if (!operation.ok())
        return operation.status();
    if (!operation->has_value())
        return runtime::notFound("operation", key);
    auto payment = store::get(db, (*operation)->paymentId);
    if (!payment.ok() || !(*operation)->isOpen())
        return payment; // A late answer: the first one counts, and the provider gives the same for
                        // ever.
    if (auto status = operations::answer(db, key, answer); !status.ok())
        return status;
    v1::Payment after = moved(*payment, **operation, answer, nowUs);
    if (answer.outcome == Outcome::Done && (*operation)->kind != Kind::Void) {
        const Movement movement
            = (*operation)->kind == Kind::Capture ? Movement::Capture : Movement::Refund;
        auto entries = entriesFor(movement, after, (*operation)->minor, key, after.updated_at());
        if (auto status = ledger::append(db, std::move(entries)); !status.ok())
            return status;
    }
    if (auto status = store::replace(db, after); !status.ok())
        return status;
    return after;
}

absl::StatusOr<bool> isOut(Connection& db, const std::string& key)
{
    if (key.starts_with(kAuthorisation)) {
        const auto payment = store::find(db, key.substr(kAuthorisation.size()));
        if (payment.ok() && payment->has_value())
            return isOpen(**payment);
        return payment.ok() ? runtime::notFound("request", key) : payment.status();
    }
    const auto operation = operations::find(db, key);
    if (operation.ok() && operation->has_value())
        return (*operation)->isOpen();
    return operation.ok() ? runtime::notFound("request", key) : operation.status();
}

absl::StatusOr<v1::Payment> learn(
    Connection& db, const std::string& key, const ProviderAnswer& answer, std::int64_t nowUs)
{
    if (key.starts_with(kAuthorisation))
        return endAuthorise(db, key.substr(kAuthorisation.size()), answer, nowUs);
    return end(db, key, answer, nowUs);
}

absl::StatusOr<v1::ImportPaymentsResponse> import(
    Connection& db, const v1::ImportPaymentsRequest& request)
{
    v1::ImportPaymentsResponse response;
    for (v1::Payment payment : request.payments()) {
        if (payment.attempt() == 0)
            payment.set_attempt(1);
        const auto known = store::find(db, payment.id());
        if (!known.ok())
            return known.status();
        if (known->has_value()) {
            // What has happened since (a refund by the staff) stays; other money under this name is
            // refused.
            if (!sameImport(**known, payment))
                return runtime::alreadyExists("payment", payment.id(), "payments.id");
            response.set_unchanged(response.unchanged() + 1);
            continue;
        }
        setCurrency(payment);
        payment.clear_timeline();
        payment.clear_updated_at();
        touch(payment, runtime::nowUs());
        if (!payment.has_created_at())
            *payment.mutable_created_at() = payment.updated_at();
        note(payment, "payment.imported", common::v1::SEVERITY_SUCCESS);
        auto entries = entriesFor(Movement::ImportedSale, payment, payment.captured().minor(),
            text(payment.id(), ":imported"), payment.created_at());
        for (auto& entry : entriesFor(Movement::ImportedRefund, payment, payment.refunded().minor(),
                 text(payment.id(), ":imported-refund"), payment.created_at()))
            entries.push_back(std::move(entry));
        for (const auto& status :
            {store::insert(db, payment), ledger::append(db, std::move(entries))}) {
            if (!status.ok())
                return status;
        }
        response.set_created(response.created() + 1);
    }
    return response;
}

std::string authorisationKey(const v1::Payment& payment)
{
    return text(kAuthorisation, payment.id());
}

ProviderRequest providerRequest(const v1::Payment& payment, const operations::Operation& operation)
{
    ProviderRequest request;
    request.key = operation.key;
    request.kind = operation.kind;
    request.reference = payment.provider_reference();
    request.currency = payment.amount().currency();
    request.minor = operation.minor;
    return request;
}

} // namespace shopfleet::payments::books
