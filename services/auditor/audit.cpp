// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auditor/audit.h"

#include "auditor_schema.h"
#include "services/auditor/chain.h"

#include <algorithm>
#include <map>
#include <thread>

namespace shopfleet::auditor {
namespace {

constexpr const char* kChain = "M1C";

/// "-- @M1 words" and the query that follows, up to the next one.
std::vector<Check> parse(std::string_view text)
{
    constexpr std::string_view kMark = "-- @";
    std::vector<Check> all = {{kChain, "each entry of the ledger seals all before it", ""}};
    for (std::size_t at = text.find(kMark); at != text.npos;) {
        const auto next = text.find(kMark, at + kMark.size());
        const auto block
            = text.substr(at + kMark.size(), next == text.npos ? next : next - at - kMark.size());
        const auto line = block.find('\n');
        const auto head = block.substr(0, line);
        const auto blank = head.find(' ');
        all.push_back({std::string(head.substr(0, blank)), std::string(head.substr(blank + 1)),
            std::string(block.substr(line))});
        at = next;
    }
    return all;
}

absl::StatusOr<std::vector<Violation>> run(const Books& books, const Check& check)
{
    if (check.sql.empty())
        return brokenChain(books, check.id);
    std::vector<Violation> found;
    const auto status = books.select(check.sql, [&](const std::vector<std::string>& columns) {
        found.push_back({check.id, columns[0], columns[1]});
    });
    if (!status.ok())
        return absl::Status(status.code(), check.id + ": " + std::string(status.message()));
    return found;
}

/// Of the same check and subject, whatever the figures are by now.
bool isAmong(const Violation& one, const std::vector<Violation>& all)
{
    return std::ranges::any_of(all, [&](const Violation& other) {
        return other.check == one.check && other.subject == one.subject;
    });
}

} // namespace

const std::vector<Check>& checks()
{
    static const std::vector<Check> all = parse(kSchema);
    return all;
}

absl::StatusOr<Report> audit(const Books& books, int rounds, std::chrono::milliseconds pause)
{
    Report report;
    for (const auto& [table, count] : std::initializer_list<std::pair<const char*, std::int64_t*>>{
             {"orders.orders", &report.orders}, {"payments.payment", &report.payments},
             {"deliveries.shipment", &report.shipments},
             {"inventory.reservation", &report.reservations}}) {
        const auto rows = books.count(table);
        if (!rows.ok())
            return rows.status();
        *count = *rows;
    }
    std::map<std::string, std::vector<Violation>> suspects;
    for (const Check& check : checks()) {
        auto found = run(books, check);
        if (!found.ok())
            return found.status();
        if (!found->empty())
            suspects[check.id] = *std::move(found);
    }
    for (int round = 0; round < rounds && !suspects.empty(); ++round) {
        std::this_thread::sleep_for(pause);
        for (const Check& check : checks()) {
            const auto suspected = suspects.find(check.id);
            if (suspected == suspects.end())
                continue;
            auto again = run(books, check);
            if (!again.ok())
                return again.status();
            std::erase_if(
                *again, [&](const Violation& one) { return !isAmong(one, suspected->second); });
            if (again->empty())
                suspects.erase(suspected);
            else
                suspected->second = *std::move(again);
        }
    }
    for (const auto& [check, found] : suspects)
        report.violations.insert(report.violations.end(), found.begin(), found.end());
    return report;
}

} // namespace shopfleet::auditor
