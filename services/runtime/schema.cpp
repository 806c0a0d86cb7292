// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/schema.h"

#include "services/runtime/requests.h"
#include "services/runtime/text.h"

#include <absl/strings/numbers.h>

namespace shopfleet::runtime {
namespace {

struct Section {
    std::int64_t number = 0;
    std::string_view sql;
};

absl::StatusOr<std::vector<Section>> sections(std::string_view schema)
{
    constexpr std::string_view kMark = "-- @";
    std::vector<Section> result;
    for (auto at = schema.find(kMark); at != std::string_view::npos;) {
        const auto end = schema.find(kMark, at + kMark.size());
        Section section{0, schema.substr(at, end - at)};
        at = end;
        const auto digits = section.sql.substr(
            kMark.size(), section.sql.find_first_not_of("0123456789", kMark.size()) - kMark.size());
        if (!absl::SimpleAtoi(std::string(digits), &section.number)
            || section.number <= (result.empty() ? 0 : result.back().number))
            return absl::InvalidArgumentError(text("the schema's sections do not count upwards at ",
                section.sql.substr(0, section.sql.find('\n'))));
        result.push_back(section);
    }
    return result;
}

absl::StatusOr<std::int64_t> versionOf(Connection& connection)
{
    const auto version
        = connection.selectOne("PRAGMA user_version", [](std::int64_t number) { return number; });
    if (!version.ok())
        return version.status();
    return version->value_or(0);
}

absl::Status tooNew(const std::string& path, std::int64_t seen, std::int64_t newest)
{
    return absl::FailedPreconditionError(text(path, " has schema ", seen,
        ", which is newer than this program's ", newest, "; use the newer program"));
}

} // namespace

absl::StatusOr<std::int64_t> newestSection(std::string_view schema)
{
    const auto all = sections(schema);
    if (!all.ok())
        return all.status();
    return all->empty() ? 0 : all->back().number;
}

absl::Status migrate(Connection& connection, const std::string& path, std::string_view schema)
{
    const auto all = sections(schema);
    if (!all.ok())
        return all.status();
    const auto seen = versionOf(connection);
    if (!seen.ok())
        return seen.status();
    const std::int64_t newest = all->empty() ? 0 : all->back().number;
    if (*seen > newest)
        return tooNew(path, *seen, newest);
    // First: whoever sees a section's version finds these tables too.
    if (auto status = connection.script(text("BEGIN IMMEDIATE;", kRuntimeSchema, "COMMIT;"));
        !status.ok())
        return absl::InternalError(text(path, ": ", status.message()));
    for (const Section& section : *all) {
        if (section.number <= *seen)
            continue;
        const auto status = connection.script(text("BEGIN IMMEDIATE;\n", section.sql,
            "\n;PRAGMA user_version=", section.number, ";\nCOMMIT;"));
        if (!status.ok())
            return absl::InternalError(
                text(path, ", schema section ", section.number, ": ", status.message()));
    }
    return absl::OkStatus();
}

absl::Status checkSchema(Connection& connection, const std::string& path, std::string_view schema)
{
    const auto newest = newestSection(schema);
    if (!newest.ok())
        return newest.status();
    const auto seen = versionOf(connection);
    if (!seen.ok())
        return seen.status();
    if (*seen > *newest)
        return tooNew(path, *seen, *newest);
    const auto tables
        = connection.selectOne("SELECT count(*) FROM sqlite_master WHERE name = 'position_block'",
            [](std::int64_t count) { return count; });
    if (!tables.ok())
        return tables.status();
    if (*seen < *newest || tables->value_or(0) == 0)
        return unavailable("the database is being prepared");
    return absl::OkStatus();
}

absl::Status quickCheck(Connection& connection, const std::string& path)
{
    const auto rows
        = connection.select("PRAGMA quick_check(3)", [](std::string line) { return line; });
    if (absl::IsCancelled(rows.status()))
        return rows.status();
    if (!rows.ok())
        return absl::DataLossError(text(path, " is damaged or is no database"));
    if (rows->size() == 1 && rows->front() == "ok")
        return absl::OkStatus();
    return absl::DataLossError(
        text(path, " is damaged: ", rows->empty() ? "no answer" : rows->front()));
}

} // namespace shopfleet::runtime
