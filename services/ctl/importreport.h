// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/importcounts.h"
#include "services/ctl/jsontext.h"
#include "services/ctl/retailfile.h"

#include <iosfwd>

namespace shopfleet::ctl {

/// What an import ends with: every row accounted for, every penny, and what changed in the store.
/// `counts` is null when nothing was sent.
Json reportJson(const RetailFile& file, const StoreCounts* counts, double seconds);
void writeReport(
    const RetailFile& file, const StoreCounts* counts, double seconds, std::ostream& out);

} // namespace shopfleet::ctl
