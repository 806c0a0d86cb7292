// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/connection.h"
#include "services/runtime/status.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::runtime {

/// A field that a list may be filtered and sorted by.
struct ListField {
    enum class Kind { Text, Integer, Money, Time, Bool, Enum };

    std::string_view name; ///< As callers write it.
    /// A fixed SQL expression. Of what a row has several of, a condition with the comparison's
    /// place written as `?`: it holds where it does for one of them. A field "attributes.*" is one
    /// for each name after the point, whose place is `:key`, after the other.
    std::string_view column;
    Kind kind = Kind::Text;
    /// For Enum: the descriptor; `state = SHIPPED` and `state = ORDER_STATE_SHIPPED` mean the same.
    const google::protobuf::EnumDescriptor* values = nullptr;
};

/// What one list of a service offers.
struct ListSpec {
    std::vector<ListField> fields;
    std::string_view key; ///< The unique column that breaks ties.
    std::string_view defaultOrder; ///< "placed_at desc".
    /// The condition for bare words, with the place of the value written as `:match`; empty: no
    /// search. "rowid IN (SELECT rowid FROM product_text WHERE product_text MATCH :match)"
    std::string_view search;
};

/// A list request that was found good: SQL of fixed parts, everything the caller wrote bound as a
/// value.
struct Listing {
    std::string where = "1"; ///< After WHERE.
    std::vector<Value> values;
    std::string orderBy; ///< After ORDER BY; ends with the key.
    std::string field; ///< The first field of the order, as callers write it.
    bool descending = false;
    bool simpleOrder = false; ///< One field only.
    bool filtered = false;
    std::int64_t offset = 0;
    int limit = 50;
    std::string fingerprint; ///< Of filter and order: a page token belongs to one.
    std::string match; ///< The full-text query of the bare words, safely quoted.

    /// Empty on the last page.
    std::string nextPageToken(std::size_t rows, std::int64_t total) const;
};

struct ListRequest {
    std::int64_t pageSize = 0;
    std::string_view pageToken;
    std::int64_t skip = 0;
    std::string_view filter, orderBy;
};

template <class Request>
ListRequest listRequest(const Request& request)
{
    return {request.page_size(), request.page_token(), request.skip(), request.filter(),
        request.order_by()};
}

/// INVALID_ARGUMENT names the field of the request and, in a filter, the column where the error
/// begins.
absl::StatusOr<Listing> parseListing(const ListSpec& spec, const ListRequest& request);

/// Counts what a listing matches, over `table`, up to 10,001 where a filter would make an exact
/// count slow.
absl::StatusOr<std::int64_t> countRows(
    Connection& connection, std::string_view table, const Listing& listing);

} // namespace shopfleet::runtime
