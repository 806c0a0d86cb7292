// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/keeper/backup.h"

#include "services/keeper/files.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sys/stat.h>

namespace shopfleet::keeper {
namespace {

namespace fs = std::filesystem;

/// Who asks before who is asked; others follow by name.
constexpr std::array kOrder = {"orders", "payments", "inventory", "deliveries", "cart"};

std::string databaseOf(const std::string& data, const std::string& service)
{
    return absl::StrCat(data, "/", service, "/", service, ".db");
}

std::vector<std::string> allIn(const std::string& data)
{
    std::vector<std::string> services;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(data, error)) {
        const auto name = entry.path().filename().string();
        if (fs::exists(databaseOf(data, name), error))
            services.push_back(name);
    }
    return services;
}

void sortForTaking(std::vector<std::string>& services)
{
    const auto rank = [](const std::string& service) {
        return std::ranges::find(kOrder, service) - kOrder.begin();
    };
    std::ranges::sort(services, [&](const std::string& a, const std::string& b) {
        return std::pair(rank(a), a) < std::pair(rank(b), b);
    });
    services.erase(std::unique(services.begin(), services.end()), services.end());
}

/// Gone with all that is in it, unless it was finished.
struct Unfinished {
    std::string folder;
    bool finished = false;
    ~Unfinished()
    {
        std::error_code error;
        if (!finished)
            fs::remove_all(folder, error);
    }
};

} // namespace

absl::StatusOr<Backup> backUp(const std::string& data, std::vector<std::string> services,
    const std::string& to, const Report& report)
{
    if (services.empty())
        services = allIn(data);
    if (services.empty())
        return absl::NotFoundError(absl::StrCat(data, " holds no service's database"));
    sortForTaking(services);
    std::vector<Snapshot> snapshots;
    for (const std::string& service : services) {
        std::error_code error;
        if (!fs::exists(databaseOf(data, service), error))
            return absl::NotFoundError(
                absl::StrCat(databaseOf(data, service), " is not there: no such service"));
        auto snapshot = Snapshot::take(databaseOf(data, service));
        if (!snapshot.ok())
            return snapshot.status();
        snapshots.push_back(*std::move(snapshot));
    }
    const absl::Time moment = absl::Now();
    Backup backup;
    backup.folder = absl::StrCat(
        to, "/shopfleet-", absl::FormatTime("%Y%m%dT%H%M%E3SZ", moment, absl::UTCTimeZone()));
    backup.manifest.madeAt = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", moment, absl::UTCTimeZone());
    backup.manifest.version = SHOPFLEET_VERSION;
    Unfinished partial{backup.folder + ".partial"};
    std::error_code error;
    fs::create_directories(to, error);
    if (error || ::mkdir(partial.folder.c_str(), 0700) != 0)
        return absl::UnavailableError(absl::StrCat(partial.folder, " cannot be made"));
    for (std::size_t i = 0; i < services.size(); ++i) {
        const std::string file = services[i] + ".db";
        const std::string path = absl::StrCat(partial.folder, "/", file);
        const auto progress = [&](std::int64_t done, std::int64_t total) {
            return !report || report(services[i], done, total);
        };
        if (auto status = snapshots[i].copyTo(path, progress); !status.ok())
            return status;
        const auto hash = sha256Of(path);
        if (!hash.ok())
            return hash.status();
        for (const auto& status : {checkCopy(path), syncPath(path)}) {
            if (!status.ok())
                return status;
        }
        backup.manifest.copies.push_back(
            {services[i], file, static_cast<std::int64_t>(fs::file_size(path, error)), *hash,
                snapshots[i].schemaVersion()});
    }
    if (auto status = writeManifest(backup.manifest, partial.folder); !status.ok())
        return status;
    fs::rename(partial.folder, backup.folder, error);
    if (error)
        return absl::UnavailableError(absl::StrCat(backup.folder, ": ", error.message()));
    partial.finished = true;
    if (auto status = syncPath(to); !status.ok())
        return status;
    return backup;
}

} // namespace shopfleet::keeper
