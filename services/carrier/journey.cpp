// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/carrier/journey.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace shopfleet::carrier {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr const char* kStore = "Daventry"; ///< Where the store's goods lie.
constexpr const char* kHub = "Coventry";

/// What differs from a parcel that arrives with everybody told once.
struct Script {
    std::string_view postalCode;
    v1::StationKind ends = v1::STATION_KIND_DELIVERED;
    Journey trouble = {};
};

const std::array kScripts = {Script{"SBX FAST"}, Script{"SBX BACK", v1::STATION_KIND_BROUGHT_BACK},
    Script{"SBX LOST", v1::STATION_KIND_LOST},
    Script{"SBX TWICE", v1::STATION_KIND_DELIVERED, {.reports = 3}},
    Script{"SBX REORDER", v1::STATION_KIND_DELIVERED, {.reorderedBy = 4s}},
    Script{"SBX TIMEOUT", v1::STATION_KIND_DELIVERED, {.lost = true}},
    Script{"SBX ERROR", v1::STATION_KIND_DELIVERED, {.fails = true}},
    Script{"SBX REFUSED", v1::STATION_KIND_DELIVERED, {.refused = true}}};

} // namespace

Journey journeyOf(const common::v1::Address& address, bool fetched)
{
    const auto* script = std::ranges::find(kScripts, address.postal_code(), &Script::postalCode);
    const bool isScripted = script != kScripts.end();
    Journey journey = isScripted ? script->trouble : Journey();
    const milliseconds step = isScripted ? 1s : 30s;
    auto end = isScripted ? script->ends : v1::STATION_KIND_DELIVERED;
    if (fetched && end == v1::STATION_KIND_BROUGHT_BACK)
        end = v1::STATION_KIND_DELIVERED; // It goes back to the store in any case.
    const bool endsAtStore = fetched || end == v1::STATION_KIND_BROUGHT_BACK;
    const std::string& home = address.city();
    journey.stops = {{v1::STATION_KIND_COLLECTED, step, fetched ? home : kStore},
        {v1::STATION_KIND_ON_THE_ROAD, 2 * step, kHub},
        {end, isScripted ? 3 * step : 4 * step, endsAtStore ? kStore : home}};
    if (end == v1::STATION_KIND_LOST)
        journey.stops.back().place.clear();
    return journey;
}

} // namespace shopfleet::carrier
