// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shopfleet/carrier/v1/carrier.pb.h"

#include <chrono>
#include <string>
#include <vector>

/// The sandbox's script: the way that a parcel goes by its postal code, and what goes wrong. Pure.
namespace shopfleet::carrier {

struct Stop {
    v1::StationKind kind;
    std::chrono::milliseconds after; ///< Since the parcel was handed over.
    std::string place;
};

struct Journey {
    std::vector<Stop> stops = {};
    std::chrono::milliseconds reorderedBy{0}; ///< All reports but the last come so much later.
    int reports = 1; ///< How often each station is reported.
    bool refused = false; ///< The carrier does not go there.
    bool lost = false; ///< The answer never comes.
    bool fails = false; ///< The answer is INTERNAL, though the parcel was taken over.
};

Journey journeyOf(const common::v1::Address& address, bool fetched);

} // namespace shopfleet::carrier
