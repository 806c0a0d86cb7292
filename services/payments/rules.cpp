// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/rules.h"

#include "services/runtime/cardnumber.h"
#include "services/runtime/fields.h"
#include "services/runtime/money.h"
#include "services/runtime/status.h"

#include <set>
#include <string>

namespace shopfleet::payments {
namespace {

using Kind = ProviderRequest::Kind;
using Outcome = ProviderAnswer::Outcome;
using runtime::checkText;
using runtime::invalidField;
using runtime::Text;

constexpr std::size_t kMaxId = 64;
constexpr std::size_t kMaxPaymentId = 80; // Its order's and a little more.
constexpr std::size_t kMaxReason = 1000;
constexpr int kMaxImport = 1000;

absl::Status refused(const v1::Payment& payment, const std::string& what)
{
    return runtime::failedPrecondition("PAYMENT_STATE", "payment " + payment.id(),
        "is " + v1::PaymentState_Name(payment.state()) + ": " + what);
}

absl::StatusOr<std::int64_t> within(const v1::Payment& payment, const common::v1::Money* wanted,
    std::int64_t available, const std::string& verb)
{
    if (!wanted) {
        if (available <= 0)
            return refused(payment, "nothing is left to " + verb);
        return available;
    }
    if (auto status = runtime::checkAmount(
            "amount", wanted->currency(), wanted->minor(), runtime::Amount::Positive);
        !status.ok())
        return status;
    if (wanted->currency() != payment.amount().currency())
        return invalidField(
            "amount.currency", "must be the payment's, " + payment.amount().currency());
    if (wanted->minor() > available)
        return refused(payment,
            "at most " + std::to_string(std::max<std::int64_t>(available, 0))
                + " minor units are left to " + verb);
    return wanted->minor();
}

absl::Status checkPayment(const std::string& field, const v1::Payment& payment)
{
    if (auto status = checkText(field + ".id", payment.id(), kMaxPaymentId, Text::Required);
        !status.ok())
        return status;
    if (auto status = checkText(field + ".order_id", payment.order_id(), kMaxId, Text::Required);
        !status.ok())
        return status;
    if (auto status = checkText(field + ".customer_id", payment.customer_id(), kMaxId);
        !status.ok())
        return status;
    if (auto status = checkText(field + ".provider", payment.provider(), kMaxId, Text::Required);
        !status.ok())
        return status;
    if (auto status
        = checkText(field + ".provider_reference", payment.provider_reference(), kMaxId);
        !status.ok())
        return status;
    if (auto status = runtime::checkAmount(field + ".amount", payment.amount().currency(),
            payment.amount().minor(), runtime::Amount::NotNegative);
        !status.ok())
        return status;
    for (const auto& [name, money] : {std::pair(".authorised", &payment.authorised()),
             std::pair(".captured", &payment.captured()),
             std::pair(".refunded", &payment.refunded())}) {
        if (money->minor() < 0 || money->minor() > payment.amount().minor())
            return invalidField(field + name, "must be 0 to the amount");
        if (money->minor() > 0 && money->currency() != payment.amount().currency())
            return invalidField(field + name, "must be in the amount's currency");
    }
    if (auto status = runtime::checkTime(field + ".created_at", payment.created_at()); !status.ok())
        return status;
    if (payment.captured().minor() > payment.authorised().minor())
        return invalidField(field + ".captured", "must be at most what was authorised");
    // A refund of a sale that this store never saw has nothing captured; any other gives back what
    // was.
    const bool standsAlone = payment.state() == v1::PAYMENT_STATE_REFUNDED
        && payment.authorised().minor() == 0 && payment.captured().minor() == 0;
    if (!standsAlone && payment.refunded().minor() > payment.captured().minor())
        return invalidField(field + ".refunded", "must be at most what was captured");
    switch (payment.state()) {
    case v1::PAYMENT_STATE_CAPTURED:
    case v1::PAYMENT_STATE_PARTIALLY_REFUNDED:
    case v1::PAYMENT_STATE_REFUNDED:
        if (!standsAlone && payment.amount().minor() > 0 && stateOf(payment) != payment.state())
            return invalidField(field + ".state", "does not fit the amounts");
        return absl::OkStatus();
    case v1::PAYMENT_STATE_VOIDED:
    case v1::PAYMENT_STATE_DECLINED:
        if (payment.captured().minor() != 0)
            return invalidField(field + ".captured", "must be 0 in this state");
        return absl::OkStatus();
    default:
        return invalidField(field + ".state",
            "must be a final one: CAPTURED, PARTIALLY_REFUNDED, REFUNDED, VOIDED or DECLINED");
    }
}

} // namespace

absl::Status checkAuthorise(const v1::AuthorisePaymentRequest& request)
{
    if (auto status = checkText("order_id", request.order_id(), kMaxId, Text::Required);
        !status.ok())
        return status;
    if (auto status = checkText("customer_id", request.customer_id(), kMaxId); !status.ok())
        return status;
    if (runtime::holdsCardNumber(request.payment_token()))
        return invalidField("payment_token", "must be the provider's token, never a card's number");
    if (auto status = checkText("payment_token", request.payment_token(), kMaxId, Text::Required);
        !status.ok())
        return status;
    if (request.attempt() < 1 || request.attempt() > 1000)
        return invalidField("attempt", "must be 1 to 1000");
    return runtime::checkAmount(
        "amount", request.amount().currency(), request.amount().minor(), runtime::Amount::Positive);
}

absl::Status checkId(std::string_view field, std::string_view id)
{
    if (id.empty())
        return invalidField(field, "is missing");
    return absl::OkStatus();
}

absl::Status checkReason(std::string_view reason, std::string_view field)
{
    return reason.size() > kMaxReason
        ? invalidField(field, "must be at most " + std::to_string(kMaxReason) + " bytes")
        : absl::OkStatus();
}

absl::Status checkImport(const v1::ImportPaymentsRequest& request)
{
    if (request.payments().empty() || request.payments_size() > kMaxImport)
        return invalidField("payments", "must be 1 to 1,000");
    std::set<std::string_view> ids;
    for (int i = 0; i < request.payments_size(); ++i) {
        const std::string field = "payments[" + std::to_string(i) + "]";
        if (auto status = checkPayment(field, request.payments(i)); !status.ok())
            return status;
        if (!ids.insert(request.payments(i).id()).second)
            return invalidField(field + ".id", "is there twice");
    }
    return absl::OkStatus();
}

v1::PaymentState stateOf(const v1::Payment& payment)
{
    const std::int64_t authorised = payment.authorised().minor();
    const std::int64_t captured = payment.captured().minor();
    const std::int64_t refunded = payment.refunded().minor();
    if (refunded > 0)
        return refunded >= captured ? v1::PAYMENT_STATE_REFUNDED
                                    : v1::PAYMENT_STATE_PARTIALLY_REFUNDED;
    if (captured > 0)
        return captured >= authorised ? v1::PAYMENT_STATE_CAPTURED
                                      : v1::PAYMENT_STATE_PARTIALLY_CAPTURED;
    return authorised > 0 ? v1::PAYMENT_STATE_AUTHORISED : v1::PAYMENT_STATE_VOIDED;
}

bool isOpen(const v1::Payment& payment)
{
    return payment.state() == v1::PAYMENT_STATE_CREATED
        || payment.state() == v1::PAYMENT_STATE_UNKNOWN;
}

absl::StatusOr<std::int64_t> captureAmount(
    const v1::Payment& payment, const common::v1::Money* wanted, const Pending& pending)
{
    switch (payment.state()) {
    case v1::PAYMENT_STATE_AUTHORISED:
    case v1::PAYMENT_STATE_PARTIALLY_CAPTURED:
    case v1::PAYMENT_STATE_PARTIALLY_REFUNDED:
    case v1::PAYMENT_STATE_CAPTURED:
        return within(payment, wanted,
            payment.authorised().minor() - payment.captured().minor() - pending.captures,
            "capture");
    case v1::PAYMENT_STATE_CREATED:
    case v1::PAYMENT_STATE_UNKNOWN:
        return refused(payment, "settle it before capturing");
    default:
        return refused(payment, "nothing is left to capture");
    }
}

absl::StatusOr<std::int64_t> refundAmount(
    const v1::Payment& payment, const common::v1::Money* wanted, const Pending& pending)
{
    switch (payment.state()) {
    case v1::PAYMENT_STATE_PARTIALLY_CAPTURED:
    case v1::PAYMENT_STATE_CAPTURED:
    case v1::PAYMENT_STATE_PARTIALLY_REFUNDED:
    case v1::PAYMENT_STATE_REFUNDED:
        return within(payment, wanted,
            payment.captured().minor() - payment.refunded().minor() - pending.refunds, "refund");
    default:
        return refused(payment, "nothing was captured that could be refunded");
    }
}

absl::StatusOr<std::int64_t> voidAmount(const v1::Payment& payment, const Pending& pending)
{
    if (isOpen(payment))
        return refused(payment, "settle it before voiding");
    const std::int64_t left
        = payment.authorised().minor() - payment.captured().minor() - pending.captures;
    if (left <= 0)
        return refused(payment, "nothing is left to void");
    return left;
}

v1::Payment afterAuthorise(v1::Payment payment, const ProviderAnswer& answer)
{
    switch (answer.outcome) {
    case Outcome::Done:
        *payment.mutable_authorised() = payment.amount();
        payment.set_state(v1::PAYMENT_STATE_AUTHORISED);
        break;
    case Outcome::Declined:
        payment.set_decline_reason(answer.reason);
        payment.set_state(v1::PAYMENT_STATE_DECLINED);
        break;
    case Outcome::Unknown:
    case Outcome::Missing:
        payment.set_state(v1::PAYMENT_STATE_UNKNOWN);
        return payment;
    }
    payment.set_provider_reference(answer.reference);
    payment.set_method(answer.method);
    return payment;
}

v1::Payment afterOperation(
    v1::Payment payment, Kind kind, std::int64_t minor, const ProviderAnswer& answer)
{
    if (answer.outcome != Outcome::Done)
        return payment;
    // The sums were checked against the authorised amount before the provider was asked: none
    // overflows.
    switch (kind) {
    case Kind::Authorise:
        return payment;
    case Kind::Capture:
        payment.mutable_captured()->set_minor(payment.captured().minor() + minor);
        break;
    case Kind::Void:
        payment.mutable_authorised()->set_minor(payment.authorised().minor() - minor);
        break;
    case Kind::Refund:
        payment.mutable_refunded()->set_minor(payment.refunded().minor() + minor);
        break;
    }
    for (auto* money :
        {payment.mutable_authorised(), payment.mutable_captured(), payment.mutable_refunded()})
        money->set_currency(payment.amount().currency());
    payment.set_state(stateOf(payment));
    return payment;
}

} // namespace shopfleet::payments
