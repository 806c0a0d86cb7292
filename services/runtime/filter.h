// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/listing.h"

namespace shopfleet::runtime {

/// A filter as SQL: fixed text around `:1`, `:2` …, and the values that go there.
struct Filter {
    std::string where = "1";
    std::vector<Value> values;
    std::string match; ///< Bare words as an FTS5 query; the last one matches as a prefix.
};

/// The useful part of AIP-160: comparisons, AND, OR, NOT, brackets, quoted text, bare words.
absl::StatusOr<Filter> parseFilter(const ListSpec& spec, std::string_view written);

} // namespace shopfleet::runtime
