// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/orders/liststore.h"

#include "services/orders/rowstore.h"
#include "services/orders/tallystore.h"
#include "services/orders/textstore.h"
#include "services/runtime/listing.h"
#include "services/runtime/text.h"

#include <algorithm>

namespace shopfleet::orders {
namespace {

using runtime::Connection;
using runtime::ListField;
using runtime::Listing;
using runtime::text;
using runtime::Value;
using Kind = ListField::Kind;
using Keys = std::vector<std::int64_t>;

constexpr std::int64_t kMostFinds = 10'001; ///< One more than is listed: "more".
constexpr std::int64_t kFewCandidates = 2'000;
/// Always true: it keeps the words' place among the values, and the search is done here.
constexpr const char* kNoCondition = "(:match IS NOT NULL)";

const runtime::ListSpec& spec()
{
    static const runtime::ListSpec spec{
        {
            {"id", "o.id", Kind::Text},
            {"state", "o.state", Kind::Enum, v1::OrderState_descriptor()},
            {"kind", "o.kind", Kind::Enum, v1::OrderKind_descriptor()},
            {"customer_id", "o.customer_id", Kind::Text},
            {"customer_name", "o.customer_name", Kind::Text},
            {"email", "o.email", Kind::Text},
            {"country", "o.country", Kind::Text},
            {"total", "o.total", Kind::Money},
            {"units", "o.units", Kind::Integer},
            {"placed_at", "o.placed_at", Kind::Time},
            {"updated_at", "o.updated_at", Kind::Time},
            {"origin", "o.origin", Kind::Text},
            {"channel", "o.channel", Kind::Text},
            {"stuck", "o.stuck", Kind::Bool},
            {"held", "o.held", Kind::Bool},
            {"needs_person", "o.needs_person", Kind::Bool},
            {"waiting_service", "o.waiting_service", Kind::Text},
            {"waiting_method", "o.waiting_method", Kind::Text},
            {"waiting_since", "o.waiting_since", Kind::Time},
            {"payment_id", "o.payment_id", Kind::Text},
            {"shipment_id", "o.shipment_id", Kind::Text},
            {"tag", "o.tags", Kind::Text},
            {"trace_id", "o.trace_id", Kind::Text},
        },
        "o.key", "placed_at desc", kNoCondition};
    return spec;
}

/// The words of a listing's match: `"red" "bag"*`, each between quotes, a star where it may go on.
std::vector<SearchWord> wordsOfMatch(const std::string& match)
{
    std::vector<SearchWord> words;
    for (std::size_t at = match.find('"'); at != std::string::npos; at = match.find('"', at)) {
        std::string typed;
        for (++at; at < match.size(); ++at) {
            if (match[at] == '"' && (at + 1 >= match.size() || match[at + 1] != '"'))
                break;
            if (match[at] == '"')
                ++at;
            typed.push_back(match[at]);
        }
        ++at;
        const bool goesOn = at < match.size() && match[at] == '*';
        for (SearchWord& word : searchWords(typed, !goesOn))
            words.push_back(std::move(word));
    }
    return words;
}

/// The state that is all that a listing asks for; 0 for all orders, nothing for another listing.
std::optional<int> soleState(const Listing& listing)
{
    if (!listing.filtered)
        return 0;
    if (listing.where == "o.state = :1")
        if (const auto* state = std::get_if<std::int64_t>(&listing.values.front()))
            return static_cast<int>(*state);
    return std::nullopt;
}

/// Puts `with` in the place of `term`, which ends with a parameter's number.
void replaceTerm(std::string& where, const std::string& term, const std::string& with)
{
    const auto at = where.find(term);
    const auto end = at + term.size();
    if (at != std::string::npos && (end == where.size() || !std::isdigit(where[end])))
        where.replace(at, term.size(), with);
}

/// Says what the parameters hide from the planner, so that the partial indexes serve, and sorts the
/// same state or customer by time, as the indexes do. Changes no meaning.
void sharpen(Listing& listing)
{
    for (std::size_t i = 1; i <= listing.values.size(); ++i) {
        const Value& value = listing.values[i - 1];
        if (const auto* flag = std::get_if<std::int64_t>(&value); flag && *flag == 1) {
            for (const char* column : {"o.stuck", "o.needs_person", "o.held"}) {
                const std::string term = text(column, " = :", i);
                replaceTerm(listing.where, term, text("(", column, " = 1 AND ", term, ")"));
            }
        }
        const auto* word = std::get_if<std::string>(&value);
        if (!word || word->empty())
            continue;
        for (const char* column :
            {"o.email", "o.trace_id", "o.waiting_service", "o.payment_id", "o.shipment_id"}) {
            const std::string term = text(column, " = :", i);
            replaceTerm(listing.where, term, text("(", term, " AND ", column, " <> '')"));
        }
        // An order has several tags.
        replaceTerm(listing.where, text("o.tags = :", i),
            text("(o.tags <> '' AND instr(o.tags, char(10) || :", i, " || char(10)) > 0)"));
    }
    if (listing.field == "state" || listing.field == "customer_id" || listing.field == "country") {
        const std::string direction = listing.descending ? " DESC" : "";
        listing.orderBy.insert(listing.orderBy.rfind("o.key"), "o.placed_at" + direction + ", ");
    }
}

bool isSortable(const std::string& field)
{
    static const std::string known[]
        = {"placed_at", "id", "total", "units", "state", "customer_id", "updated_at"};
    return std::find(std::begin(known), std::end(known), field) != std::end(known);
}

struct Page {
    Keys keys;
    std::int64_t total = 0;
};

absl::StatusOr<Keys> selectKeys(
    Connection& db, const std::string& sql, const std::vector<Value>& values)
{
    return db.selectWith(
        sql, [](std::int64_t key) { return key; }, values);
}

/// By placed_at, of one state or all: goes to the position by the tally, so none is skipped one by
/// one but the last minute's.
absl::StatusOr<Page> pageByTime(Connection& db, const Listing& listing, int state)
{
    const auto total = countOrders(db, state);
    if (!total.ok())
        return total.status();
    const auto position = findPosition(db, state, listing.offset, listing.descending);
    if (!position.ok())
        return position.status();
    const auto keys = selectKeys(db,
        text("SELECT o.key FROM orders o WHERE ", state ? "o.state = :1" : ":1 = 0",
            " AND o.placed_at ", listing.descending ? "<" : ">=", " :2 ORDER BY ", listing.orderBy,
            " LIMIT :3 OFFSET :4"),
        {std::int64_t{state}, position->edge, std::int64_t{listing.limit}, position->beyond});
    if (!keys.ok())
        return keys.status();
    return Page{*keys, *total};
}

absl::StatusOr<Page> pageByFilter(Connection& db, const Listing& listing)
{
    const auto total = runtime::countRows(db, "orders o", listing);
    if (!total.ok())
        return total.status();
    const auto keys = selectKeys(db,
        text("SELECT o.key FROM orders o WHERE ", listing.where, " ORDER BY ", listing.orderBy,
            " LIMIT ", listing.limit, " OFFSET ", listing.offset),
        listing.values);
    if (!keys.ok())
        return keys.status();
    return Page{*keys, *total};
}

Page cut(Keys keys, const Listing& listing)
{
    const auto total = static_cast<std::int64_t>(keys.size());
    const auto from = std::min(listing.offset, std::min(total, kMostFinds - 1));
    const auto to = std::min(from + listing.limit, std::min(total, kMostFinds - 1));
    return {Keys(keys.begin() + from, keys.begin() + to), total};
}

absl::StatusOr<Page> pageByWords(Connection& db, const Listing& listing, const std::string& query)
{
    const bool byTime = listing.field == "placed_at" && listing.simpleOrder;
    const bool alone = listing.where == text("(:", listing.values.size(), " IS NOT NULL)");
    // SQLite numbers named parameters as they appear in the text: the query's before or after the
    // filter's.
    std::vector<Value> after = listing.values;
    after.emplace_back(query);
    std::vector<Value> before = listing.values;
    before.emplace(before.begin(), query);
    if (!alone) {
        const auto few = selectKeys(db,
            text("SELECT o.key FROM orders o WHERE ", listing.where, " LIMIT ", kFewCandidates + 1),
            listing.values);
        if (!few.ok())
            return few.status();
        if (static_cast<std::int64_t>(few->size()) <= kFewCandidates) {
            auto keys = selectKeys(db,
                text("SELECT o.key FROM orders o WHERE ", listing.where,
                    " AND EXISTS (SELECT 1 FROM order_text WHERE order_text MATCH :words"
                    " AND rowid = o.key) ORDER BY ",
                    listing.orderBy),
                after);
            if (!keys.ok())
                return keys.status();
            return cut(*std::move(keys), listing);
        }
    }
    const std::string finds = text("SELECT rowid AS found FROM order_text WHERE order_text "
                                   "MATCH :words ORDER BY rowid ",
        byTime && !listing.descending ? "ASC" : "DESC", " LIMIT ", kMostFinds);
    auto keys = selectKeys(db,
        alone && byTime
            ? text("SELECT found FROM (", finds, ") WHERE ", listing.where)
            : text("SELECT o.key FROM (", finds, ") JOIN orders o ON o.key = found WHERE ",
                listing.where, " ORDER BY ", listing.orderBy),
        before);
    if (!keys.ok())
        return keys.status();
    return cut(*std::move(keys), listing);
}

absl::StatusOr<Page> findPage(Connection& db, const Listing& listing)
{
    if (!listing.match.empty()) {
        const auto words = wordsOfMatch(listing.match);
        const auto query = textQuery(db, words);
        if (!query.ok())
            return query.status();
        if (!query->empty())
            return pageByWords(db, listing, *query);
    }
    const auto state = soleState(listing);
    if (state && listing.field == "placed_at" && listing.simpleOrder)
        return pageByTime(db, listing, *state);
    return pageByFilter(db, listing);
}

absl::Status readOrders(
    Connection& db, const Keys& keys, bool full, v1::ListOrdersResponse& response)
{
    static const std::string basic
        = text("SELECT ", kRowColumns, " FROM orders o WHERE o.key = :1");
    static const std::string whole
        = text("SELECT ", kRowColumnsWithLines, " FROM orders o WHERE o.key = :1");
    for (const std::int64_t key : keys) {
        auto stored = full ? db.selectOne(whole, &readRowWithLines, key)
                           : db.selectOne(basic, &readRow, key);
        if (!stored.ok())
            return stored.status();
        if (stored->has_value())
            *response.add_orders() = std::move((*stored)->order);
    }
    return absl::OkStatus();
}

} // namespace

absl::StatusOr<v1::ListOrdersResponse> listOrders(
    Connection& db, const v1::ListOrdersRequest& request)
{
    auto listing = runtime::parseListing(spec(), runtime::listRequest(request));
    if (!listing.ok())
        return listing.status();
    if (!isSortable(listing->field))
        return runtime::invalidField("order_by",
            "begins with one of placed_at, id, total, units, state, customer_id, updated_at");
    sharpen(*listing);
    const auto page = findPage(db, *listing);
    if (!page.ok())
        return page.status();
    v1::ListOrdersResponse response;
    if (auto status = readOrders(db, page->keys, request.view() == v1::ORDER_VIEW_FULL, response);
        !status.ok())
        return status;
    response.set_total_size(page->total);
    response.set_next_page_token(listing->nextPageToken(page->keys.size(), page->total));
    return response;
}

absl::StatusOr<v1::ListOrdersResponse> listMyOrders(
    Connection& db, const v1::ListMyOrdersRequest& request)
{
    v1::ListOrdersRequest all;
    all.set_page_size(request.page_size());
    all.set_page_token(request.page_token());
    all.set_view(v1::ORDER_VIEW_FULL);
    std::string quoted;
    for (const char c : request.customer_id()) {
        if (c == '"' || c == '\\')
            quoted.push_back('\\');
        quoted.push_back(c);
    }
    all.set_filter(text("customer_id = \"", quoted, "\""));
    return listOrders(db, all);
}

} // namespace shopfleet::orders
