// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/control/tally.h"

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace shopfleet::control {

struct Gauges {
    float cpuShare = 0;
    float residentBytes = 0;
    float inFlight = 0;
    float queueDepth = 0;
    float replicas = 0;
    float healthyReplicas = 0;
};

/// One second's figures for each of an hour's seconds. What was never set is a gap. Seconds without
/// requests cost next to nothing.
class Track {
public:
    static constexpr std::int64_t kSeconds = 3'600;

    void set(std::int64_t second, const Tally& tally, const std::optional<Gauges>& gauges);
    bool emptyBefore(std::int64_t second) const; // Nothing newer than this.

    struct Sum {
        Tally tally;
        Gauges gauges; // Means.
        int seconds = 0; // How many of them are known.
        bool hasGauges = false;
    };
    Sum sum(std::int64_t from, std::int64_t to) const; // [from, to)

private:
    static constexpr std::int64_t kChunk = 60;
    struct Chunk {
        std::int64_t minute = -1;
        std::bitset<kChunk> known;
        std::unique_ptr<std::array<Tally, kChunk>> tallies;
        std::unique_ptr<std::array<Gauges, kChunk>> gauges;
    };
    std::array<Chunk, kSeconds / kChunk + 1> m_chunks;
    std::int64_t m_newest = -1;
};

/// An hour of everything, by service, replica and method.
class History {
public:
    struct Key {
        std::string service;
        std::string replica; // Empty: all of the service.
        std::string method; // Empty: all of them.
        // NOLINTNEXTLINE(modernize-use-nullptr): there is none.
        auto operator<=>(const Key&) const = default;
    };

    void set(const Key& key, std::int64_t second, const Tally& tally,
        const std::optional<Gauges>& gauges = {});
    Track::Sum sum(const Key& key, std::int64_t from, std::int64_t to) const;
    /// "*" as replica or method: each of them. An empty service: each.
    std::vector<Key> match(const Key& pattern) const;
    std::vector<Key> keys() const;
    void forget(std::int64_t before);

private:
    std::map<Key, Track> m_tracks;
};

/// The names of the metrics, and one metric's value of a sum; NaN where it is not known.
const std::vector<std::string>& metricNames();
double valueOf(const std::string& metric, const Track::Sum& sum);

} // namespace shopfleet::control
