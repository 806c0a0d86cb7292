// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/listing.h"

#include <string_view>
#include <vector>

namespace shopfleet::inventory {

/// A field of which a row has many values: a product's categories, a reservation's SKUs.
struct ManyValued {
    std::string_view name; ///< As callers write it.
    std::string_view column; ///< Stands for it in the list's spec: "@category".
    std::string_view among; ///< What the comparison is put into: "seq IN (SELECT … WHERE path".
};

/// Puts each comparison with such a field into its subquery, and refuses to sort by one.
absl::Status resolve(const std::vector<ManyValued>& fields, runtime::Listing& listing);

} // namespace shopfleet::inventory
