// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/ledgerstore.h"

#include "services/payments/ledger.h"
#include "services/runtime/clock.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"

#include <map>
#include <string>
#include <utility>

namespace shopfleet::payments::ledger {
namespace {

using runtime::ListField;
using runtime::text;

constexpr std::string_view kColumns
    = "sequence, transaction_id, account, amount_minor, currency, payment_id, order_id, at, chain";

const runtime::ListSpec& spec()
{
    static const runtime::ListSpec listSpec
        = {.fields = {{"payment_id", "payment_id"}, {"order_id", "order_id"},
               {"account", "account"}, {"at", "at", ListField::Kind::Time},
               {"sequence", "sequence", ListField::Kind::Integer}},
            .key = "sequence",
            .defaultOrder = "sequence",
            .search = {}};
    return listSpec;
}

/// Of a row's columns.
constexpr auto kRead = [](std::int64_t sequence, std::string transaction, std::string account,
                           std::int64_t minor, std::string currency, std::string payment,
                           std::string order, std::int64_t at, std::string chain) {
    v1::LedgerEntry entry;
    entry.set_sequence(sequence);
    entry.set_transaction_id(std::move(transaction));
    entry.set_account(std::move(account));
    entry.set_amount_minor(minor);
    entry.set_currency(std::move(currency));
    entry.set_payment_id(std::move(payment));
    entry.set_order_id(std::move(order));
    *entry.mutable_at() = runtime::toTimestamp(at);
    entry.set_chain(std::move(chain));
    return entry;
};

} // namespace

absl::Status append(Connection& db, std::vector<v1::LedgerEntry> entries)
{
    if (entries.empty())
        return absl::OkStatus();
    const auto last
        = db.selectOne("SELECT sequence, chain FROM ledger ORDER BY sequence DESC LIMIT 1",
            [](std::int64_t sequence, std::string chain) {
                return std::pair(sequence, std::move(chain));
            });
    if (!last.ok())
        return last.status();
    auto [sequence, chain] = last->value_or(std::pair(std::int64_t{0}, std::string()));
    for (v1::LedgerEntry& entry : entries) {
        entry.set_sequence(++sequence);
        chain = chainOf(chain, entry);
        const auto added
            = db.execute("INSERT INTO ledger (sequence, transaction_id, account, amount_minor, "
                         "currency, payment_id, "
                         "order_id, at, chain) VALUES (:1, :2, :3, :4, :5, :6, :7, :8, :9)",
                sequence, entry.transaction_id(), entry.account(), entry.amount_minor(),
                entry.currency(), entry.payment_id(), entry.order_id(), runtime::toUs(entry.at()),
                chain);
        if (!added.ok())
            return added.status();
    }
    return absl::OkStatus();
}

absl::StatusOr<v1::ListLedgerEntriesResponse> list(
    Connection& db, const v1::ListLedgerEntriesRequest& request)
{
    auto listing = runtime::parseListing(spec(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    const auto total = runtime::countRows(db, "ledger", *listing);
    if (!total.ok())
        return total.status();
    const std::size_t bound = listing->values.size();
    listing->values.emplace_back(std::int64_t{listing->limit});
    listing->values.emplace_back(listing->offset);
    auto rows = db.selectWith(
        text("SELECT ", kColumns, " FROM ledger WHERE ", listing->where, " ORDER BY ",
            listing->orderBy, " LIMIT :", bound + 1, " OFFSET :", bound + 2),
        kRead, listing->values);
    if (!rows.ok())
        return rows.status();
    v1::ListLedgerEntriesResponse response;
    response.set_total_size(*total);
    response.set_next_page_token(listing->nextPageToken(rows->size(), *total));
    for (v1::LedgerEntry& entry : *rows)
        *response.add_entries() = std::move(entry);
    return response;
}

absl::Status verify(Connection& db)
{
    constexpr int kAtOnce = 1000; // The ledger may be larger than memory.
    std::string previous;
    std::int64_t sequence = 0;
    std::map<std::pair<std::string, std::string>, std::int64_t>
        open; // Transactions not at zero yet.
    while (true) {
        const auto rows = db.select(text("SELECT ", kColumns,
                                        " FROM ledger WHERE sequence > :1 "
                                        "ORDER BY sequence LIMIT ",
                                        kAtOnce),
            kRead, sequence);
        if (!rows.ok())
            return rows.status();
        for (const v1::LedgerEntry& entry : *rows) {
            if (entry.sequence() != ++sequence || chainOf(previous, entry) != entry.chain())
                return absl::DataLossError(
                    text("ledger entry ", sequence, ": the chain is broken"));
            previous = entry.chain();
            const std::pair key(entry.transaction_id(), entry.currency());
            if ((open[key] += entry.amount_minor()) == 0)
                open.erase(key);
        }
        if (rows->size() < kAtOnce)
            break;
    }
    if (!open.empty())
        return absl::DataLossError(
            text("ledger transaction ", open.begin()->first.first, " does not add up to zero"));
    return absl::OkStatus();
}

} // namespace shopfleet::payments::ledger
