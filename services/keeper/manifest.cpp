// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/keeper/manifest.h"

#include "services/keeper/files.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace shopfleet::keeper {
namespace {

constexpr int kFormat = 1;

std::string pathIn(const std::string& folder)
{
    return folder + "/manifest.json";
}

/// Names become paths: nothing but what a backup gives itself.
bool isName(const std::string& name)
{
    return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

} // namespace

absl::Status writeManifest(const Manifest& manifest, const std::string& folder)
{
    auto copies = nlohmann::json::array();
    for (const Copied& copy : manifest.copies)
        copies.push_back({{"service", copy.service}, {"file", copy.file}, {"bytes", copy.bytes},
            {"sha256", copy.sha256}, {"schema_version", copy.schemaVersion}});
    const nlohmann::json all = {{"format", kFormat}, {"made_at", manifest.madeAt},
        {"version", manifest.version}, {"copies", copies}};
    {
        std::ofstream out(pathIn(folder));
        out << all.dump(2) << "\n";
        if (!out.flush())
            return absl::UnavailableError(absl::StrCat(pathIn(folder), " cannot be written"));
    }
    return syncPath(pathIn(folder));
}

absl::StatusOr<Manifest> readManifest(const std::string& folder)
{
    const std::string path = pathIn(folder);
    std::ifstream in(path);
    if (!in)
        return absl::NotFoundError(absl::StrCat(path, " is not there: no backup, or half a one"));
    const auto all = nlohmann::json::parse(in, nullptr, false);
    const auto bad = [&](const char* what) {
        return absl::InvalidArgumentError(absl::StrCat(path, ": ", what));
    };
    if (all.is_discarded() || !all.is_object())
        return bad("is no JSON object");
    if (all.value("format", 0) != kFormat)
        return bad("format is not one that this program knows");
    if (!all.contains("copies") || !all["copies"].is_array() || all["copies"].empty())
        return bad("copies is missing");
    Manifest manifest;
    manifest.madeAt = all.value("made_at", "");
    manifest.version = all.value("version", "");
    for (const auto& one : all["copies"]) {
        if (!one.is_object())
            return bad("copies holds what is no object");
        Copied copy{one.value("service", ""), one.value("file", ""), one.value("bytes", 0LL),
            one.value("sha256", ""), one.value("schema_version", 0)};
        if (!isName(copy.service) || !isName(copy.file))
            return bad("copies[].service or .file is no plain name");
        manifest.copies.push_back(std::move(copy));
    }
    return manifest;
}

} // namespace shopfleet::keeper
