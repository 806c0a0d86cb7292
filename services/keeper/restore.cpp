// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/keeper/restore.h"

#include "services/keeper/files.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace shopfleet::keeper {
namespace {

namespace fs = std::filesystem;

absl::Status check(const Copied& copy, const std::string& path)
{
    const auto hash = sha256Of(path);
    if (!hash.ok())
        return hash.status();
    if (*hash != copy.sha256)
        return absl::DataLossError(
            absl::StrCat(path, " is not what the backup's manifest says: it was changed since"));
    return checkCopy(path);
}

/// Keeps the old file (and its log) under another name, then lets the new one take its place.
absl::Status swap(const std::string& fresh, const std::string& file, const std::string& before)
{
    std::error_code error;
    if (fs::exists(file, error)) {
        fs::create_hard_link(file, before, error);
        if (error)
            return absl::UnavailableError(absl::StrCat(before, ": ", error.message()));
        if (fs::exists(file + "-wal", error))
            fs::rename(file + "-wal", before + "-wal", error);
        if (error)
            return absl::UnavailableError(absl::StrCat(before, "-wal: ", error.message()));
    }
    // A log of the old file must never be read into the new one.
    fs::remove(file + "-wal", error);
    fs::remove(file + "-shm", error);
    fs::rename(fresh, file, error);
    if (error)
        return absl::UnavailableError(absl::StrCat(file, ": ", error.message()));
    return syncPath(fs::path(file).parent_path().string());
}

} // namespace

absl::StatusOr<Restored> restore(const std::string& folder, std::vector<std::string> services,
    const std::string& data, const Report& report)
{
    const auto manifest = readManifest(folder);
    if (!manifest.ok())
        return manifest.status();
    if (services.empty())
        for (const Copied& copy : manifest->copies)
            services.push_back(copy.service);
    std::vector<Claim> claims;
    std::vector<const Copied*> copies;
    for (const std::string& service : services) {
        const auto copy = std::ranges::find(manifest->copies, service, &Copied::service);
        if (copy == manifest->copies.end())
            return absl::NotFoundError(absl::StrCat("the backup holds no ", service));
        std::error_code error;
        fs::create_directories(absl::StrCat(data, "/", service), error);
        auto claim = Claim::of(absl::StrCat(data, "/", service, "/", service, ".db"));
        if (!claim.ok())
            return claim.status();
        claims.push_back(*std::move(claim));
        copies.push_back(&*copy);
    }
    for (const Copied* copy : copies) {
        const std::string from = absl::StrCat(folder, "/", copy->file);
        const std::string fresh
            = absl::StrCat(data, "/", copy->service, "/", copy->service, ".db.restoring");
        if (report && !report(copy->service, 0, copy->bytes))
            return absl::CancelledError("cancelled; nothing was changed");
        for (const auto& status : {check(*copy, from), copyFile(from, fresh)}) {
            if (!status.ok())
                return status;
        }
        if (report)
            report(copy->service, copy->bytes, copy->bytes);
    }
    Restored restored{manifest->madeAt, services, {}};
    const std::string time = absl::FormatTime("%Y%m%dT%H%M%E3SZ", absl::Now(), absl::UTCTimeZone());
    for (const Copied* copy : copies) {
        const std::string file = absl::StrCat(data, "/", copy->service, "/", copy->service, ".db");
        const std::string before = absl::StrCat(file, ".before-", time);
        if (auto status = swap(file + ".restoring", file, before); !status.ok())
            return status;
        std::error_code error;
        if (fs::exists(before, error))
            restored.kept.push_back(before);
    }
    return restored;
}

} // namespace shopfleet::keeper
