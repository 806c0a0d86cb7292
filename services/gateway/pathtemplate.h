// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shopfleet::gateway {

/// A path of google.api.http, taken apart: `/v1/carts/{cart_id}/items/{sku}`,
/// `/v1/orders/{order.id}:cancel`,
/// `/v1/{name=shelves/*}`. `**` is not part of what we use and is refused.
struct PathTemplate {
    /// A field and the segments of the path that it takes.
    struct Variable {
        std::string field;
        std::size_t first = 0;
        std::size_t count = 0;
    };

    static absl::StatusOr<PathTemplate> parse(std::string_view text);

    std::vector<std::string> segments; ///< Literals; "*" for any one segment.
    std::vector<Variable> variables;
    std::string verb; ///< Behind the last colon; empty: none.
};

} // namespace shopfleet::gateway
