// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/revision.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <cstdint>

namespace shopfleet::control {

std::string Revision::label() const
{
    if (arguments.empty())
        return version;
    std::uint32_t hash = 2'166'136'261; // FNV-1a: it has to be the same after a restart.
    for (const auto& [name, value] : arguments) {
        for (const char c : absl::StrCat(name, "=", value, "\n"))
            hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
    }
    return absl::StrFormat("%s+%08x", version, hash);
}

} // namespace shopfleet::control
