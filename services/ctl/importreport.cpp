// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/importreport.h"

#include "services/ctl/decimal.h"
#include "services/ctl/table.h"

#include <fmt/format.h>
#include <ostream>

namespace shopfleet::ctl {
namespace {

struct Part {
    const char* name;
    const ImportCounts StoreCounts::*counts;
};

constexpr Part kParts[]
    = {{"customers", &StoreCounts::customers}, {"products", &StoreCounts::products},
        {"stock", &StoreCounts::stock}, {"orders", &StoreCounts::orders},
        {"shipments", &StoreCounts::shipments}, {"payments", &StoreCounts::payments}};

} // namespace

Json reportJson(const RetailFile& file, const StoreCounts* counts, double seconds)
{
    Json json = {{"rows_read", file.rowsRead}, {"rows_taken", file.rowsTaken},
        {"rows_set_aside", file.rowsSetAside}, {"currency", "GBP"},
        {"sum", formatMicros(file.book.sumMicros)},
        {"sum_set_aside", formatMicros(file.setAsideMicros)}, {"sum_minor", file.book.sumMinor},
        {"reasons", Json::object()}, {"set_aside", Json::array()}};
    for (const auto& [reason, rows] : file.reasons)
        json["reasons"][reason] = rows;
    for (const SetAside& row : file.setAside)
        json["set_aside"].push_back({{"line", row.line}, {"field", row.field},
            {"reason", row.reason}, {"value", row.value}});
    if (counts != nullptr) {
        for (const Part& part : kParts) {
            const ImportCounts& of = counts->*part.counts;
            json[part.name] = {{"created", of.created.load()}, {"updated", of.updated.load()},
                {"unchanged", of.unchanged.load()}};
        }
        json["retries"] = counts->retries.load();
    }
    json["seconds"] = seconds;
    return json;
}

void writeReport(
    const RetailFile& file, const StoreCounts* counts, double seconds, std::ostream& out)
{
    constexpr size_t kShownRows = 20;
    out << fmt::format("Rows read       {:>14}\n", file.rowsRead)
        << fmt::format("Rows taken      {:>14}\n", file.rowsTaken)
        << fmt::format("Rows set aside  {:>14}\n", file.rowsSetAside)
        << fmt::format("Sum taken       {:>14} GBP in the file's decimals\n",
               formatMicros(file.book.sumMicros))
        << fmt::format("Sum set aside   {:>14} GBP\n", formatMicros(file.setAsideMicros))
        << fmt::format("Sum in store    {:>14} with each line rounded half away from zero\n",
               moneyText("GBP", file.book.sumMinor));
    for (const auto& [reason, rows] : file.reasons)
        out << fmt::format("Set aside: {} rows: {}\n", rows, reason);
    for (size_t i = 0; i < file.setAside.size() && i < kShownRows; ++i) {
        const SetAside& row = file.setAside[i];
        out << fmt::format("  line {}: {}{}{}: \"{}\"\n", row.line, row.field,
            row.field.empty() ? "" : " ", row.reason, row.value);
    }
    if (file.rowsSetAside > static_cast<int64_t>(kShownRows))
        out << fmt::format("  and {} more; --json lists them\n",
            file.rowsSetAside - static_cast<int64_t>(kShownRows));
    if (counts == nullptr)
        return;
    Table table({"", ">CREATED", ">UPDATED", ">UNCHANGED"});
    for (const Part& part : kParts) {
        const ImportCounts& of = counts->*part.counts;
        table.add({part.name, std::to_string(of.created.load()), std::to_string(of.updated.load()),
            std::to_string(of.unchanged.load())});
    }
    out << '\n';
    table.write(out);
    out << fmt::format("\n{:.1f} s, {} retries\n", seconds, counts->retries.load());
}

} // namespace shopfleet::ctl
