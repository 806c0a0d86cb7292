// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auditor/chain.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <sodium.h>

namespace shopfleet::auditor {
namespace {

/// Each field with its length, so that no two different entries read alike.
void append(std::string& out, std::string_view field)
{
    out += std::to_string(field.size());
    out += ':';
    out += field;
}

std::string sha256(const std::string& text)
{
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return hash;
}

} // namespace

absl::StatusOr<std::vector<Violation>> brokenChain(const Books& books, const std::string& check)
{
    std::vector<Violation> found;
    std::string previous;
    std::int64_t expected = 1;
    auto status = books.select(R"sql(
        SELECT sequence, transaction_id, account, amount_minor, currency, payment_id, order_id,
            at / 1000000, at % 1000000 * 1000, chain
        FROM payments.ledger ORDER BY sequence)sql",
        [&](const std::vector<std::string>& row) {
            std::string sealed;
            append(sealed, previous);
            for (std::size_t i = 0; i < 7; ++i)
                append(sealed, row[i]);
            append(sealed, absl::StrCat(row[7], ".", row[8]));
            std::int64_t sequence = 0;
            const bool inOrder = absl::SimpleAtoi(row[0], &sequence) && sequence == expected;
            if (found.empty() && (!inOrder || sha256(sealed) != row[9]))
                found.push_back({check, "entry " + row[0],
                    inOrder ? "does not seal what is before it" : "follows a gap"});
            previous = row[9];
            expected = sequence + 1;
        });
    if (!status.ok())
        return status;
    return found;
}

} // namespace shopfleet::auditor
