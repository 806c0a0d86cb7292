// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/strings/string_view.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace shopfleet::control {

/// One line of Prometheus' text format. The views are into the text that was parsed.
struct Sample {
    absl::string_view name;
    std::vector<std::pair<absl::string_view, std::string>> labels;
    double value = 0;

    absl::string_view label(absl::string_view name) const;
};

/// Calls `take` for each sample. Comments are skipped, and so are lines that are not well-formed:
/// one bad line of a foreign program must not hide the rest. Returns how many of those there were.
int parseExposition(absl::string_view text, const std::function<void(const Sample&)>& take);

} // namespace shopfleet::control
