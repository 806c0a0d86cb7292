// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/listing.h"

#include "services/runtime/filter.h"
#include "services/runtime/text.h"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <functional>

namespace shopfleet::runtime {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1'000;
constexpr std::int64_t kCountUpTo = 10'001;

absl::Status readOrder(const ListSpec& spec, std::string_view order, Listing* listing)
{
    std::vector<std::string> terms;
    for (const std::string& part :
        std::vector<std::string>(absl::StrSplit(std::string(order), ','))) {
        const std::vector<std::string> words = absl::StrSplit(part, ' ', absl::SkipEmpty());
        const auto known = [&](std::string_view name) {
            return std::find_if(
                spec.fields.begin(), spec.fields.end(), [&](const ListField& field) {
                    return field.name == name && field.column.find('?') == std::string_view::npos;
                });
        };
        if (words.empty() || words.size() > 2 || known(words[0]) == spec.fields.end())
            return invalidField("order_by",
                text("\"", part, "\" is not a field of this list, with or without \" desc\""));
        const bool descending = words.size() == 2 && words[1] == "desc";
        if (words.size() == 2 && !descending && words[1] != "asc")
            return invalidField("order_by", text("\"", words[1], "\" is neither asc nor desc"));
        if (terms.empty()) {
            listing->field = std::string(words[0]);
            listing->descending = descending;
        }
        terms.push_back(text(known(words[0])->column, descending ? " DESC" : ""));
    }
    listing->simpleOrder = terms.size() == 1;
    terms.push_back(text(spec.key, listing->descending ? " DESC" : ""));
    for (std::size_t i = 0; i < terms.size(); ++i)
        listing->orderBy += text(i == 0 ? "" : ", ", terms[i]);
    return absl::OkStatus();
}

} // namespace

std::string Listing::nextPageToken(std::size_t rows, std::int64_t total) const
{
    const std::int64_t next = offset + static_cast<std::int64_t>(rows);
    if (static_cast<int>(rows) < limit || next >= std::max<std::int64_t>(total, 0))
        if (static_cast<int>(rows) < limit || total < kCountUpTo)
            return {};
    return absl::WebSafeBase64Escape(text(fingerprint, ":", next));
}

absl::StatusOr<Listing> parseListing(const ListSpec& spec, const ListRequest& request)
{
    if (request.pageSize < 0 || request.pageSize > kMaxPage)
        return invalidField("page_size", text("must be 0 to ", kMaxPage));
    if (request.skip < 0)
        return invalidField("skip", "must not be negative");
    Listing listing;
    listing.limit = request.pageSize == 0 ? kDefaultPage : static_cast<int>(request.pageSize);
    auto filter = parseFilter(spec, request.filter);
    if (!filter.ok())
        return filter.status();
    listing.where = std::move(filter->where);
    listing.values = std::move(filter->values);
    listing.match = std::move(filter->match);
    listing.filtered = listing.where != "1";
    const auto order = request.orderBy.empty() ? spec.defaultOrder : request.orderBy;
    if (auto status = readOrder(spec, order, &listing); !status.ok())
        return status;
    listing.fingerprint
        = fmt::format("{:016x}", std::hash<std::string>()(text(request.filter, "\n", order)));
    if (!request.pageToken.empty()) {
        std::string token;
        std::vector<std::string> parts;
        if (absl::WebSafeBase64Unescape(std::string(request.pageToken), &token))
            parts = absl::StrSplit(token, ':');
        if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &listing.offset) || listing.offset < 0)
            return invalidField("page_token", "is not one that this list gave");
        if (parts[0] != listing.fingerprint)
            return invalidField(
                "page_token", "belongs to another filter or order; begin again without one");
    }
    listing.offset += request.skip;
    return listing;
}

absl::StatusOr<std::int64_t> countRows(
    Connection& connection, std::string_view table, const Listing& listing)
{
    const std::string sql = listing.filtered ? text("SELECT count(*) FROM (SELECT 1 FROM ", table,
                                " WHERE ", listing.where, " LIMIT ", kCountUpTo, ")")
                                             : text("SELECT count(*) FROM ", table);
    const auto rows = connection.selectWith(
        sql, [](std::int64_t count) { return count; }, listing.values);
    if (!rows.ok())
        return rows.status();
    return rows->front();
}

} // namespace shopfleet::runtime
