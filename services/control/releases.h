// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/journal.h"
#include "shopfleet/control/v1/control.pb.h"

#include <absl/status/statusor.h>

#include <string>
#include <utility>
#include <vector>

namespace shopfleet::control {

/// The releases that can be rolled out: copies of directories of programs, each under a version,
/// and the one that the control plane came with. A copy is never changed, so that going back always
/// works.
class Releases {
public:
    /// `programs` are those of the fleet.
    Releases(std::string folder, const v1::Release& builtIn, std::vector<std::string> programs);

    /// A directory that goes again unless add() takes it.
    class Copy {
    public:
        explicit Copy(std::string folder)
            : m_folder(std::move(folder))
        {
        }
        Copy(Copy&& other) noexcept
            : m_folder(std::exchange(other.m_folder, {}))
        {
        }
        ~Copy();
        Copy& operator=(Copy&&) = delete;

    private:
        friend class Releases;
        std::string m_folder;
    };

    /// A release as it would be added: with the programs that its directory holds, or a refusal
    /// that names the field. Any thread.
    absl::StatusOr<v1::Release> look(const v1::Release& asked) const;
    /// Copies a release's directory, for add(). Slow; any thread.
    absl::StatusOr<Copy> copy(const v1::Release& release) const;
    /// On the loop's thread. ALREADY_EXISTS where the version is taken.
    absl::StatusOr<v1::Release> add(v1::Release release, Copy& copy);

    const std::vector<v1::Release>& all() const { return m_releases; } // Newest first.
    const v1::Release* find(const std::string& version) const;
    const v1::Release& builtIn() const { return m_releases.back(); }
    /// Where the programs of a version are; empty for the built-in one.
    std::string directoryOf(const std::string& version) const;

private:
    const std::string m_folder;
    const std::vector<std::string> m_programs;
    Journal m_journal;
    std::vector<v1::Release> m_releases; // The last one is built in.
};

} // namespace shopfleet::control
