// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/reconcilestore.h"

#include "shopfleet/payments/v1/payments.pb.h"

#include <string_view>
#include <utility>

namespace shopfleet::payments::reconcile {
namespace {

constexpr int kPage = 1'000;
/// Keys of authorisations sort before those of operations ("op:").
constexpr std::string_view kAuthorisation = "auth:";

int outcomeOf(v1::PaymentState state)
{
    switch (state) {
    case v1::PAYMENT_STATE_CREATED:
    case v1::PAYMENT_STATE_UNKNOWN:
        return 0;
    case v1::PAYMENT_STATE_DECLINED:
        return 2;
    default:
        return 1;
    }
}

OurLine readAuthorisation(std::string id, std::string reference, std::string currency,
    std::int64_t minor, v1::PaymentState state)
{
    return {std::string(kAuthorisation) + id, std::move(id), std::move(reference),
        std::move(currency), minor, outcomeOf(state)};
}

OurLine readOperation(std::string key, std::string paymentId, std::string reference,
    std::string currency, std::int64_t minor, int outcome)
{
    return {std::move(key), std::move(paymentId), std::move(reference), std::move(currency), minor,
        outcome == 3 ? 0 : outcome};
}

} // namespace

absl::StatusOr<std::vector<OurLine>> linesAfter(Connection& db, const std::string& key)
{
    if (key.empty() || key.starts_with(kAuthorisation)) {
        auto lines
            = db.select("SELECT id, provider_reference, currency, amount, state FROM payment "
                        "WHERE id > :1 AND provider = 'sandbox' ORDER BY id LIMIT :2",
                &readAuthorisation, key.empty() ? key : key.substr(kAuthorisation.size()), kPage);
        if (!lines.ok() || !lines->empty())
            return lines;
    }
    return db.select("SELECT o.key, o.payment_id, p.provider_reference, p.currency, o.minor, "
                     "o.outcome FROM operation o JOIN payment p ON p.id = o.payment_id "
                     "WHERE o.key > :1 ORDER BY o.key LIMIT :2",
        &readOperation, key, kPage);
}

absl::StatusOr<std::optional<OurLine>> lineOf(Connection& db, const std::string& key)
{
    if (key.starts_with(kAuthorisation))
        return db.selectOne("SELECT id, provider_reference, currency, amount, state FROM payment "
                            "WHERE id = :1 AND provider = 'sandbox'",
            &readAuthorisation, key.substr(kAuthorisation.size()));
    return db.selectOne("SELECT o.key, o.payment_id, p.provider_reference, p.currency, o.minor, "
                        "o.outcome FROM operation o JOIN payment p ON p.id = o.payment_id "
                        "WHERE o.key = :1",
        &readOperation, key);
}

} // namespace shopfleet::payments::reconcile
