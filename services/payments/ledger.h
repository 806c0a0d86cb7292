// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/payments/v1/payments.pb.h"

#include <string>
#include <string_view>
#include <vector>

/// The double-entry ledger's arithmetic: which entries a movement of money makes, and how each
/// entry seals all that came before it. Pure.
namespace shopfleet::payments {

enum class Movement {
    Capture, ///< The provider owes us what the customer paid.
    Refund, ///< We owe the provider what the customer got back.
    ImportedSale, ///< Paid elsewhere, by the customer directly.
    ImportedRefund,
};

/// Two entries that add up to zero; sequence and chain are the store's to give. None for nothing
/// moved.
std::vector<v1::LedgerEntry> entriesFor(Movement movement, const v1::Payment& payment,
    std::int64_t minor, std::string_view transactionId, const google::protobuf::Timestamp& at);

/// SHA-256 over the previous chain and every field of this entry: a changed, missing or moved entry
/// breaks every chain that follows.
std::string chainOf(std::string_view previousChain, const v1::LedgerEntry& entry);

} // namespace shopfleet::payments
