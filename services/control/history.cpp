// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shopfleet::control {

void Track::set(std::int64_t second, const Tally& tally, const std::optional<Gauges>& gauges)
{
    const auto minute = second / kChunk;
    auto& chunk = m_chunks[static_cast<std::size_t>(minute) % m_chunks.size()];
    if (chunk.minute != minute) {
        chunk.minute = minute;
        chunk.known.reset();
        chunk.tallies.reset();
        chunk.gauges.reset();
    }
    const auto index = static_cast<std::size_t>(second % kChunk);
    chunk.known.set(index);
    m_newest = std::max(m_newest, second);
    if (tally.requests > 0 || tally.errors > 0) {
        if (!chunk.tallies)
            chunk.tallies = std::make_unique<std::array<Tally, kChunk>>();
        (*chunk.tallies)[index] = tally;
    }
    if (gauges) {
        if (!chunk.gauges)
            chunk.gauges = std::make_unique<std::array<Gauges, kChunk>>();
        (*chunk.gauges)[index] = *gauges;
    }
}

bool Track::emptyBefore(std::int64_t second) const
{
    return m_newest < second;
}

Track::Sum Track::sum(std::int64_t from, std::int64_t to) const
{
    Sum result;
    // What is older than the hour has been overwritten; do not even look.
    for (auto second = std::max(from, m_newest - kSeconds); second < std::min(to, m_newest + 1);
         ++second) {
        const auto& chunk = m_chunks[static_cast<std::size_t>(second / kChunk) % m_chunks.size()];
        const auto index = static_cast<std::size_t>(second % kChunk);
        if (chunk.minute != second / kChunk || !chunk.known.test(index))
            continue;
        ++result.seconds;
        if (chunk.tallies)
            result.tally.add((*chunk.tallies)[index]);
        if (chunk.gauges) {
            const auto& gauges = (*chunk.gauges)[index];
            result.hasGauges = true;
            result.gauges.cpuShare += gauges.cpuShare;
            result.gauges.residentBytes += gauges.residentBytes;
            result.gauges.inFlight += gauges.inFlight;
            result.gauges.queueDepth += gauges.queueDepth;
            result.gauges.replicas += gauges.replicas;
            result.gauges.healthyReplicas += gauges.healthyReplicas;
        }
    }
    if (result.seconds > 1) {
        const auto count = static_cast<float>(result.seconds);
        for (auto* gauge :
            {&result.gauges.cpuShare, &result.gauges.residentBytes, &result.gauges.inFlight,
                &result.gauges.queueDepth, &result.gauges.replicas, &result.gauges.healthyReplicas})
            *gauge /= count;
    }
    return result;
}

void History::set(
    const Key& key, std::int64_t second, const Tally& tally, const std::optional<Gauges>& gauges)
{
    m_tracks[key].set(second, tally, gauges);
}

Track::Sum History::sum(const Key& key, std::int64_t from, std::int64_t to) const
{
    const auto found = m_tracks.find(key);
    return found == m_tracks.end() ? Track::Sum() : found->second.sum(from, to);
}

std::vector<History::Key> History::match(const Key& pattern) const
{
    const auto fits = [](const std::string& wanted, const std::string& value) {
        return wanted == "*" ? !value.empty() : wanted == value;
    };
    std::vector<Key> keys;
    for (const auto& [key, track] : m_tracks) {
        if ((pattern.service.empty() || pattern.service == key.service)
            && fits(pattern.replica, key.replica) && fits(pattern.method, key.method))
            keys.push_back(key);
    }
    return keys;
}

std::vector<History::Key> History::keys() const
{
    std::vector<Key> keys;
    for (const auto& [key, track] : m_tracks)
        keys.push_back(key);
    return keys;
}

void History::forget(std::int64_t before)
{
    std::erase_if(m_tracks, [&](const auto& entry) { return entry.second.emptyBefore(before); });
}

const std::vector<std::string>& metricNames()
{
    static const std::vector<std::string> kNames{"requests_per_second", "error_ratio", "p50_ms",
        "p95_ms", "p99_ms", "cpu_share", "resident_bytes", "in_flight", "queue_depth", "replicas",
        "healthy_replicas"};
    return kNames;
}

double valueOf(const std::string& metric, const Track::Sum& sum)
{
    constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
    if (sum.seconds == 0)
        return kGap;
    if (metric == "requests_per_second")
        return static_cast<double>(sum.tally.requests) / sum.seconds;
    if (metric == "error_ratio")
        return sum.tally.errorRatio();
    if (metric == "p50_ms")
        return sum.tally.quantileMs(0.5);
    if (metric == "p95_ms")
        return sum.tally.quantileMs(0.95);
    if (metric == "p99_ms")
        return sum.tally.quantileMs(0.99);
    if (!sum.hasGauges)
        return kGap;
    const auto& gauges = sum.gauges;
    const auto value = metric == "cpu_share" ? gauges.cpuShare
        : metric == "resident_bytes"         ? gauges.residentBytes
        : metric == "in_flight"              ? gauges.inFlight
        : metric == "queue_depth"            ? gauges.queueDepth
        : metric == "replicas"               ? gauges.replicas
                                             : gauges.healthyReplicas;
    return static_cast<double>(value);
}

} // namespace shopfleet::control
