// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/releases.h"

#include "services/control/moment.h"
#include "services/runtime/status.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <filesystem>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace shopfleet::control {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestVersion = 64;
constexpr std::size_t kLongestNotes = 2'000;
constexpr std::uintmax_t kMostBytes = std::uintmax_t(4) << 30U;

bool isVersion(const std::string& version)
{
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || c == '.' || c == '_' || c == '-';
    };
    return !version.empty() && version.size() <= kLongestVersion && version.front() != '.'
        && std::ranges::all_of(version, plain);
}

bool canRun(const std::string& file)
{
    std::error_code ignored;
    return fs::is_regular_file(file, ignored) && access(file.c_str(), X_OK) == 0;
}

} // namespace

Releases::Releases(
    std::string folder, const v1::Release& builtIn, std::vector<std::string> programs)
    : m_folder(std::move(folder))
    , m_programs(std::move(programs))
    , m_journal(m_folder + "/releases.jsonl")
{
    std::error_code ignored; // A folder that cannot be made shows when a release is added.
    fs::create_directories(m_folder, ignored);
    for (const auto& line : m_journal.read()) {
        v1::Release release;
        if (!google::protobuf::util::JsonStringToMessage(line, &release).ok())
            continue;
        if (!fs::is_directory(release.directory(), ignored)) {
            spdlog::error("the release {} is gone from {}", release.version(), release.directory());
            continue;
        }
        m_releases.insert(m_releases.begin(), std::move(release));
    }
    auto& own = m_releases.emplace_back(builtIn);
    own.set_built_in(true);
    for (const auto& program : m_programs) {
        if (canRun(absl::StrCat(builtIn.directory(), "/", program)))
            own.add_programs(program);
    }
}

absl::StatusOr<v1::Release> Releases::look(const v1::Release& asked) const
{
    if (!isVersion(asked.version()))
        return runtime::invalidField("release.version",
            absl::StrCat("must be letters, digits, \".\", \"_\" and \"-\", at most ",
                kLongestVersion, " of them"));
    if (asked.notes().size() > kLongestNotes)
        return runtime::invalidField(
            "release.notes", absl::StrCat("is longer than ", kLongestNotes, " bytes"));
    if (asked.directory().empty() || asked.directory().front() != '/')
        return runtime::invalidField(
            "release.directory", "must be a whole path on the control plane's machine");
    std::error_code ignored;
    if (!fs::is_directory(asked.directory(), ignored))
        return runtime::invalidField(
            "release.directory", absl::StrCat("\"", asked.directory(), "\" is no directory"));
    v1::Release release;
    release.set_version(asked.version());
    release.set_directory(asked.directory());
    release.set_notes(asked.notes());
    for (const auto& program : m_programs) {
        if (canRun(absl::StrCat(asked.directory(), "/", program)))
            release.add_programs(program);
    }
    if (release.programs().empty())
        return runtime::invalidField("release.directory",
            absl::StrCat("\"", asked.directory(),
                "\" holds none of the fleet's programs: ", absl::StrJoin(m_programs, ", ")));
    return release;
}

Releases::Copy::~Copy()
{
    std::error_code ignored;
    if (!m_folder.empty())
        fs::remove_all(m_folder, ignored);
}

absl::StatusOr<Releases::Copy> Releases::copy(const v1::Release& release) const
{
    std::error_code error;
    std::uintmax_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(release.directory(), error))
        bytes += entry.is_regular_file(error) ? entry.file_size(error) : 0;
    if (bytes > kMostBytes)
        return runtime::invalidField("release.directory",
            absl::StrCat("\"", release.directory(), "\" holds ", bytes >> 20U, " MiB, at most ",
                kMostBytes >> 20U, " are taken"));
    auto folder = absl::StrCat(m_folder, "/.", release.version(), ".XXXXXX");
    if (mkdtemp(folder.data()) == nullptr)
        return runtime::unavailable(absl::StrCat("cannot write ", m_folder));
    Copy copy(folder);
    fs::copy(release.directory(), folder,
        fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
    if (error)
        return runtime::unavailable(absl::StrCat(
            "cannot copy ", release.directory(), " to ", m_folder, ": ", error.message()));
    return copy;
}

absl::StatusOr<v1::Release> Releases::add(v1::Release release, Copy& copy)
{
    if (find(release.version()) != nullptr)
        return runtime::alreadyExists("release", release.version(), "release.version");
    std::error_code error;
    const auto directory = absl::StrCat(m_folder, "/", release.version());
    fs::remove_all(directory, error); // Of one that was copied, but never noted.
    fs::rename(copy.m_folder, directory, error);
    if (error)
        return runtime::unavailable(
            absl::StrCat("cannot write ", directory, ": ", error.message()));
    copy.m_folder.clear();
    release.set_directory(directory);
    *release.mutable_added_at() = momentNow();
    std::string line;
    if (!google::protobuf::util::MessageToJsonString(release, &line).ok())
        return runtime::invalidField("release", "is not UTF-8");
    if (auto status = m_journal.append(line, true); !status.ok())
        return status;
    m_releases.insert(m_releases.begin(), release);
    return release;
}

const v1::Release* Releases::find(const std::string& version) const
{
    const auto found = std::ranges::find(m_releases, version, &v1::Release::version);
    return found == m_releases.end() ? nullptr : &*found;
}

std::string Releases::directoryOf(const std::string& version) const
{
    const auto* release = find(version);
    return release == nullptr || release->built_in() ? std::string() : release->directory();
}

} // namespace shopfleet::control
