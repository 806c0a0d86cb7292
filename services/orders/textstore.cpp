// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/textstore.h"

#include <absl/strings/str_split.h>

namespace shopfleet::orders {
namespace {

/// A beginning of more words than this is left to the index: such words are names and the like,
/// each of them rare.
constexpr int kMostBeginnings = 100;

std::string quoted(const std::string& word)
{
    return "\"" + word + "\""; // Folded words hold no quotes.
}

/// For a long beginning of common words the index would gather all their orders; as alternatives
/// they are read lazily, the latest first.
absl::StatusOr<std::string> beginning(runtime::Connection& db, const std::string& word)
{
    if (word.size() <= 3 || !isPlainWord(word))
        return quoted(word) + "*";
    const auto words = db.select(
        "SELECT word FROM word WHERE word >= :1 AND word < :2 LIMIT :3",
        [](std::string one) { return one; }, word, word + "\xf4\x8f\xbf\xbf", kMostBeginnings + 1);
    if (!words.ok())
        return words.status();
    if (words->size() > kMostBeginnings)
        return quoted(word) + "*";
    std::string query;
    for (const std::string& one : *words)
        query += (query.empty() ? "(" : " OR ") + quoted(one);
    // Nothing begins like that: a query of the word itself finds nothing, too.
    return query.empty() ? quoted(word) : query + ")";
}

} // namespace

absl::Status Words::know(runtime::Connection& db, const std::string& word)
{
    if (!isPlainWord(word) || m_known.contains(word))
        return absl::OkStatus();
    const auto there = db.selectOne(
        "SELECT 1 FROM word WHERE word = :1", [](std::int64_t one) { return one; }, word);
    if (!there.ok())
        return there.status();
    // Only what was found is known: what is inserted here may yet be rolled back.
    if (!there->has_value())
        return db.execute("INSERT INTO word (word) VALUES (:1)", word).status();
    m_known.insert(word);
    return absl::OkStatus();
}

absl::Status Words::add(runtime::Connection& db, std::int64_t key, const std::string& document)
{
    const std::vector<std::string> words = absl::StrSplit(document, ' ', absl::SkipEmpty());
    for (const std::string& word : words)
        if (auto status = know(db, word); !status.ok())
            return status;
    return db.execute("INSERT INTO order_text (rowid, words) VALUES (:1, :2)", key, document)
        .status();
}

absl::Status Words::remove(runtime::Connection& db, std::int64_t key, const std::string& document)
{
    return db
        .execute("INSERT INTO order_text (order_text, rowid, words) VALUES ('delete', :1, :2)", key,
            document)
        .status();
}

absl::StatusOr<std::string> textQuery(runtime::Connection& db, const std::vector<SearchWord>& words)
{
    std::string query;
    for (const SearchWord& word : words) {
        std::string part = quoted(word.text);
        if (word.prefix) {
            auto found = beginning(db, word.text);
            if (!found.ok())
                return found.status();
            part = *std::move(found);
        }
        query += (query.empty() ? "" : " AND ") + part;
    }
    return query;
}

} // namespace shopfleet::orders
