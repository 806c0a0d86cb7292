// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/sandboxprovider.h"

#include "services/payments/sandboxstore.h"
#include "services/runtime/clock.h"

#include <array>
#include <memory>
#include <sodium.h>
#include <string_view>
#include <utility>

namespace shopfleet::payments {
namespace {

using runtime::Connection;
using Kind = ProviderRequest::Kind;
using Outcome = ProviderAnswer::Outcome;

constexpr std::string_view kLostToken = "tok_timeout";

struct Card {
    std::string_view token;
    const char* method;
    const char* declines; ///< Null: it pays.
};
constexpr std::array kCards = {Card{"tok_visa", "Visa •••• 4242", nullptr},
    Card{"tok_mastercard", "Mastercard •••• 4444", nullptr},
    Card{kLostToken, "Visa •••• 3220", nullptr},
    Card{"tok_declined", "Visa •••• 0002", "card_declined"},
    Card{"tok_insufficient_funds", "Visa •••• 9995", "insufficient_funds"}};

// The same for the same key, on any run.
std::string referenceFor(const std::string& key)
{
    std::array<unsigned char, 8> hash;
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(key.data()),
        key.size(), nullptr, 0);
    std::array<char, 2 * hash.size() + 1> hex;
    sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
    return std::string("sbx_") + hex.data();
}

ProviderAnswer authorise(const ProviderRequest& request)
{
    for (const Card& card : kCards) {
        if (card.token != request.token)
            continue;
        if (card.declines)
            return {Outcome::Declined, referenceFor(request.key), card.declines, card.method};
        return {Outcome::Done, referenceFor(request.key), {}, card.method};
    }
    return {Outcome::Declined, {}, "unknown_token", {}};
}

absl::StatusOr<ProviderAnswer> decide(Connection& db, const ProviderRequest& request)
{
    if (request.kind == Kind::Authorise)
        return authorise(request);
    const auto done = sandbox::doneAbout(db, request.reference);
    if (!done.ok())
        return done.status();
    const std::int64_t left = request.kind == Kind::Refund
        ? done->captured - done->refunded
        : done->authorised - done->captured - done->voided;
    if (request.minor > left)
        return ProviderAnswer{Outcome::Declined, {}, "amount_too_large", {}};
    return ProviderAnswer{Outcome::Done, referenceFor(request.key), {}, {}};
}

} // namespace

void SandboxProvider::act(const ProviderRequest& request, Answered answered)
{
    auto answer = std::make_shared<ProviderAnswer>();
    m_database.write(
        [request, answer](Connection& db) {
            auto known = sandbox::answerTo(db, request.key);
            if (!known.ok())
                return known.status();
            if (known->has_value()) {
                *answer = **std::move(known);
                return absl::OkStatus();
            }
            auto decided = decide(db, request);
            if (!decided.ok())
                return decided.status();
            *answer = *std::move(decided);
            return sandbox::record(db, request, *answer, runtime::nowUs());
        },
        [request, answer, answered = std::move(answered)](const absl::Status& status) {
            if (request.token != kLostToken)
                answered(status.ok() ? *answer : ProviderAnswer());
        });
}

void SandboxProvider::settle(const std::string& key, Answered answered)
{
    auto answer = std::make_shared<ProviderAnswer>();
    m_database.write(
        [key, answer](Connection& db) {
            auto known = sandbox::answerTo(db, key);
            if (!known.ok())
                return known.status();
            if (known->has_value()) {
                *answer = **std::move(known);
                return absl::OkStatus();
            }
            *answer = {Outcome::Declined, {}, "never_received", {}};
            ProviderRequest closed;
            closed.key = key;
            return sandbox::record(db, closed, *answer, runtime::nowUs());
        },
        [answer, answered = std::move(answered)](
            const absl::Status& status) { answered(status.ok() ? *answer : ProviderAnswer()); });
}

} // namespace shopfleet::payments
