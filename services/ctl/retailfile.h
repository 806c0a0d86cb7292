// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ctl/retail.h"

#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <vector>

namespace shopfleet::ctl {

/// A whole file, read and sorted out: rowsRead = rowsTaken + setAside.
struct RetailFile {
    RetailBook book;
    int64_t rowsRead = 0;
    int64_t rowsTaken = 0;
    int64_t rowsSetAside = 0;
    int64_t setAsideMicros = 0; ///< The money on lines set aside, as far as it could be read.
    std::vector<SetAside> setAside; ///< The first kMostShown of them.
    std::map<std::string, int64_t> reasons; ///< "Quantity is zero": how many rows.

    static constexpr size_t kMostShown = 100'000;
};

/// An error is the file's as a whole: missing, empty, damaged, or with another header. Nothing else
/// stops the reading.
absl::StatusOr<RetailFile> readRetailFile(const std::string& path);

} // namespace shopfleet::ctl
