// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/inventory/manyvalued.h"

#include "services/runtime/text.h"

namespace shopfleet::inventory {
namespace {

constexpr std::string_view kEscape = " ESCAPE '\\'";

/// Where the comparison ends that begins at `at`: " = :3", or " LIKE :3 ESCAPE '\'".
std::size_t endOfComparison(const std::string& where, std::size_t at)
{
    auto end = where.find_first_not_of("0123456789", where.find(':', at) + 1);
    if (end == std::string::npos)
        return where.size();
    if (where.compare(end, kEscape.size(), kEscape) == 0)
        end += kEscape.size();
    return end;
}

} // namespace

absl::Status resolve(const std::vector<ManyValued>& fields, runtime::Listing& listing)
{
    constexpr std::string_view kUnequal = " <> ";
    for (const auto& field : fields) {
        if (listing.orderBy.find(field.column) != std::string::npos)
            return runtime::invalidField(
                "order_by", runtime::text(field.name, " has many values and no order"));
        auto& where = listing.where;
        for (auto at = where.find(field.column); at != std::string::npos;
             at = where.find(field.column, at)) {
            const auto from = at + field.column.size();
            const auto end = endOfComparison(where, from);
            std::string comparison = where.substr(from, end - from);
            // Unequal to one of many: none of them is that one.
            const bool none = comparison.starts_with(kUnequal);
            if (none)
                comparison.replace(0, kUnequal.size(), " = ");
            const auto condition = runtime::text(none ? "NOT " : "", field.among, comparison, ")");
            where.replace(at, end - at, condition);
            at += condition.size();
        }
    }
    return absl::OkStatus();
}

} // namespace shopfleet::inventory
