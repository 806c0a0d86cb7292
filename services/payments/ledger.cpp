// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/ledger.h"

#include <sodium.h>

namespace shopfleet::payments {
namespace {

struct Sides {
    const char* debit;
    const char* credit;
};

Sides sidesOf(Movement movement)
{
    switch (movement) {
    case Movement::Capture:
        return {"provider", "revenue"};
    case Movement::Refund:
        return {"refunds", "provider"};
    case Movement::ImportedRefund:
        return {"refunds", "customer"};
    case Movement::ImportedSale:
        break;
    }
    return {"customer", "revenue"};
}

// Each field with its length, so that no two different entries read alike.
void append(std::string& out, std::string_view field)
{
    out += std::to_string(field.size());
    out += ':';
    out += field;
}

} // namespace

std::vector<v1::LedgerEntry> entriesFor(Movement movement, const v1::Payment& payment,
    std::int64_t minor, std::string_view transactionId, const google::protobuf::Timestamp& at)
{
    if (minor == 0)
        return {};
    const Sides sides = sidesOf(movement);
    std::vector<v1::LedgerEntry> entries(2);
    for (v1::LedgerEntry& entry : entries) {
        entry.set_transaction_id(transactionId.data(), transactionId.size());
        entry.set_currency(payment.amount().currency());
        entry.set_payment_id(payment.id());
        entry.set_order_id(payment.order_id());
        *entry.mutable_at() = at;
    }
    entries[0].set_account(sides.debit);
    entries[0].set_amount_minor(minor);
    entries[1].set_account(sides.credit);
    entries[1].set_amount_minor(-minor);
    return entries;
}

std::string chainOf(std::string_view previousChain, const v1::LedgerEntry& entry)
{
    std::string sealed;
    append(sealed, previousChain);
    append(sealed, std::to_string(entry.sequence()));
    append(sealed, entry.transaction_id());
    append(sealed, entry.account());
    append(sealed, std::to_string(entry.amount_minor()));
    append(sealed, entry.currency());
    append(sealed, entry.payment_id());
    append(sealed, entry.order_id());
    append(sealed, std::to_string(entry.at().seconds()) + "." + std::to_string(entry.at().nanos()));
    std::string chain(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(chain.data()),
        reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size());
    return chain;
}

} // namespace shopfleet::payments
